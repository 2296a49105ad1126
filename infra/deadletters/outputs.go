package main

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

	"scheduled-messages/lambda/contract"
)

// outputs are those of the stack's outputs that say where its dead-letter messages are and where they go.
type outputs struct {
	UndeliveredQueueURL string
	UndeliveredQueueARN string
	UnwrittenQueueURL   string
	ScheduleGroupName   string
	SchedulerRoleARN    string
	SenderARN           string
	UpdaterName         string
	StatusName          string
	ScheduleKeyARN      string // empty: of a stack that an older program made
}

// field is where an output is kept.
type field struct {
	name  string
	value *string
}

// fields are all of them, in the order of an error about missing ones.
func (o *outputs) fields() []field {
	return []field{
		{contract.OutputUndeliveredQueueURL, &o.UndeliveredQueueURL},
		{contract.OutputUndeliveredQueueARN, &o.UndeliveredQueueARN},
		{contract.OutputUnwrittenQueueURL, &o.UnwrittenQueueURL},
		{contract.OutputScheduleGroupName, &o.ScheduleGroupName},
		{contract.OutputSchedulerRoleARN, &o.SchedulerRoleARN},
		{contract.OutputSenderARN, &o.SenderARN},
		{contract.OutputUpdaterName, &o.UpdaterName},
		{contract.OutputStatusName, &o.StatusName},
	}
}

// readOutputs asks Pulumi for a stack's outputs, or reads them from a file.
func readOutputs(ctx context.Context, stack, file string) (*outputs, error) {
	text, err := outputsText(ctx, stack, file)
	if err != nil {
		return nil, err
	}
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("the stack's outputs: %w", err)
	}
	var o outputs
	var missing []string
	for _, field := range o.fields() {
		if *field.value, _ = all[field.name].(string); *field.value == "" {
			missing = append(missing, field.name)
		}
	}
	o.ScheduleKeyARN, _ = all[contract.OutputScheduleKeyARN].(string)
	if missing != nil {
		return nil, fmt.Errorf("the stack's outputs lack %s", strings.Join(missing, ", "))
	}
	return &o, nil
}

func outputsText(ctx context.Context, stack, file string) ([]byte, error) {
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
		said := bytes.ReplaceAll(bytes.TrimSpace(exit.Stderr), []byte("\n"), []byte("; "))
		return nil, fmt.Errorf("pulumi %s: %w: %s", strings.Join(args, " "), err, said)
	}
	return text, err
}

// region is where the stack is, whatever region the caller's own configuration names.
func (o *outputs) region() string {
	if parts := strings.Split(o.UndeliveredQueueARN, ":"); len(parts) == 6 { // arn:aws:sqs:region:account:name
		return parts[3]
	}
	return ""
}
