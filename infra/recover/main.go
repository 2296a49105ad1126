// Command recover repairs a stack whose `pulumi up` was killed, not interrupted: what AWS was making at that moment is in
// no state, and most of it has a name that the next `up` would find taken. Recover looks for it and puts it into the
// state.
//
//	pulumi cancel --yes            # takes the dead run's lock off
//	go run ./infra/recover         # NAME=ID ... gives an id by hand, NAME= says that there is nothing
//	pulumi refresh && pulumi up
//
// If every command says "failed to load checkpoint: EOF", the kill hit a file backend in mid-write: recover repairs that first.
//
// It needs the Pulumi CLI with the stack selected and, for things without a name of their own, the AWS CLI. -h prints how to
// use it.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"

	"scheduled-messages/infra/internal/adopt"
	"scheduled-messages/infra/internal/command"
)

func main() { command.Main(recovery()) }

// recovery is the command.
func recovery() *command.Command {
	return &command.Command{
		Name:     "recover",
		Operands: "[NAME=ID ...]",
		Summary:  "Repairs a stack whose pulumi up was killed, not interrupted",
		Text: `What AWS was making at that moment is in no state, and most of it has a name that the next up would find taken. Recover
looks for it and puts it into the state of the selected stack. NAME=ID gives an id by hand, NAME= says that there is nothing.

  pulumi cancel --yes            # takes the dead run's lock off
  go run ./infra/recover
  pulumi refresh && pulumi up`,
		Check: func(operands []string) (problems []error) {
			_, problems = byHand(operands)
			return problems
		},
		Run: func(ctx context.Context, s command.Streams, operands []string) error {
			return run(ctx, operands, s.Out)
		},
	}
}

// byHand reads NAME=ID operands.
func byHand(operands []string) (given map[string]string, problems []error) {
	given = map[string]string{}
	for _, operand := range operands {
		name, id, ok := strings.Cut(operand, "=")
		if !ok || name == "" {
			const must = "NAME=ID, with the name of a resource that was being made"
			problems = append(problems, command.Invalid("an argument", operand, must))
		}
		given[name] = id
	}
	return given, problems
}

// run repairs the selected stack. The state is written only when every pending creation has an answer.
func run(ctx context.Context, operands []string, out io.Writer) error {
	given, problems := byHand(operands)
	if len(problems) > 0 {
		return errors.Join(problems...)
	}
	exported, err := output(ctx, nil, "pulumi", "stack", "export")
	if err != nil && strings.Contains(err.Error(), unreadable) {
		return repairBackend(ctx, out)
	}
	if err != nil {
		return err
	}
	region := sync.OnceValues(func() (string, error) { return configuredRegion(ctx) })
	ask := func(words []string) ([]string, error) {
		region, err := region()
		if err != nil {
			return nil, err
		}
		words = append(words, "--output", "text", "--region", region)
		if endpoint := os.Getenv("AWS_ENDPOINT_URL"); endpoint != "" {
			words = append(words, "--endpoint-url", endpoint) // of which older CLIs know nothing
		}
		answer, err := output(ctx, nil, "aws", words...)
		return strings.Fields(string(answer)), err
	}
	state, found, err := adopt.Pending(exported, given, ask)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		fmt.Fprintln(out, "Nothing was being made: `pulumi up` goes on where it ended.")
		return nil
	}
	for _, f := range found {
		switch {
		case f.ID != "":
			fmt.Fprintf(out, "%s: %s\n", f.Name, f.ID)
		case f.Again != "":
			fmt.Fprintf(out, "%s: cannot be found again, `pulumi up` makes another one: %s\n", f.Name, f.Again)
		default:
			fmt.Fprintf(out, "%s: not there, `pulumi up` makes it\n", f.Name)
		}
	}
	if _, err := output(ctx, state, "pulumi", "stack", "import"); err != nil {
		return err
	}
	fmt.Fprintln(out, "Now `pulumi refresh`, which drops what is not there, and `pulumi up`.")
	return nil
}

// configuredRegion is the one that the provider takes: aws:region, AWS_REGION or AWS_DEFAULT_REGION.
func configuredRegion(ctx context.Context) (string, error) {
	region, err := output(ctx, nil, "pulumi", "config", "get", "aws:region")
	if err == nil {
		return strings.TrimSpace(string(region)), nil
	}
	if !strings.Contains(err.Error(), "not found") {
		return "", err
	}
	for _, variable := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		if region := os.Getenv(variable); region != "" {
			return region, nil
		}
	}
	return "", errors.New("no region: set AWS_REGION, or aws:region in the stack's configuration")
}

// output runs a command and gives what it printed; its error holds what the command printed.
func output(ctx context.Context, stdin []byte, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	if stdin != nil {
		cmd.Stdin = bytes.NewReader(stdin)
	}
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil, fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, bytes.TrimSpace(exit.Stderr))
	}
	if errors.Is(err, exec.ErrNotFound) {
		return nil, fmt.Errorf("%w: this command needs it there", err)
	}
	return out, err
}
