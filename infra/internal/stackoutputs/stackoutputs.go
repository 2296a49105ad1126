// Package stackoutputs reads a stack's outputs for the commands that work on a deployed stack.
package stackoutputs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// Read asks Pulumi for a stack's outputs, the selected stack's if the name is empty, or reads what it printed from a file; - is
// the standard input. What is no text is left out.
func Read(ctx context.Context, stack, file string) (map[string]string, error) {
	text, err := read(ctx, stack, file)
	if err != nil {
		return nil, err
	}
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("the stack's outputs: %w", err)
	}
	texts := map[string]string{}
	for name, value := range all {
		if text, is := value.(string); is {
			texts[name] = text
		}
	}
	return texts, nil
}

func read(ctx context.Context, stack, file string) ([]byte, error) {
	switch file {
	case "-":
		return io.ReadAll(os.Stdin)
	case "":
	default:
		return os.ReadFile(file)
	}
	args := []string{"stack", "output", "--json"}
	if stack != "" {
		args = append(args, "--stack", stack)
	}
	text, err := exec.CommandContext(ctx, "pulumi", args...).Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		answer := bytes.ReplaceAll(bytes.TrimSpace(exit.Stderr), []byte("\n"), []byte("; "))
		return text, fmt.Errorf("pulumi %s: %w: %s", strings.Join(args, " "), err, answer)
	}
	if errors.Is(err, exec.ErrNotFound) {
		return nil, fmt.Errorf("%w: put the Pulumi CLI there, or give a file with -outputs", err)
	}
	return text, err
}

// Field is where a command keeps an output that it needs.
type Field struct {
	Name  string
	Value *string
}

// Fill sets the fields. Its error names all outputs that the stack lacks, in the fields' order.
func Fill(outputs map[string]string, fields []Field) error {
	var missing []string
	for _, field := range fields {
		if *field.Value = outputs[field.Name]; *field.Value == "" {
			missing = append(missing, field.Name)
		}
	}
	if missing != nil {
		return fmt.Errorf("the stack's outputs lack %s", strings.Join(missing, ", "))
	}
	return nil
}

// Region is where a stack is, by the ARN of one of its resources, whatever region the caller's own configuration names.
func Region(arn string) string {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 { // arn:aws:sqs:region:account:name
		return parts[3]
	}
	return ""
}
