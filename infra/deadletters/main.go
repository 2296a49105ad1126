// Command deadletters shows the messages in a stack's two dead-letter queues and, once their cause is fixed, resends
// them: each once, whatever happens to the command on its way. -h lists its subcommands and flags.
//
// Its exit status is 0 if all went well and nothing stays that was to be resent, and 1 otherwise. It takes the stack's outputs
// from `pulumi stack output --json`, or from the file that -outputs names, and AWS credentials as the AWS command line does.
package main

import (
	"context"

	"scheduled-messages/infra/internal/command"
)

func main() { command.Main(deadletters()) }

// deadletters is the command.
func deadletters() *command.Command {
	var stack, file string
	var body, failed bool
	// with has a subcommand work on the stack's queues.
	type run = func(context.Context, command.Streams, []string) error
	with := func(act func(ctx context.Context, c *client, ids []string) error) run {
		return func(ctx context.Context, s command.Streams, ids []string) error {
			outputs, err := readOutputs(ctx, stack, file)
			if err != nil {
				return err
			}
			c, err := newClient(ctx, outputs, s.Out)
			if err != nil {
				return err
			}
			return act(ctx, c, ids)
		}
	}
	return &command.Command{
		Name: "deadletters", Quotes: true,
		Summary: "Shows a stack's dead-letter messages, and resends them once their cause is fixed",
		Text: `The stack's outputs come from Pulumi, credentials as the AWS command line takes them. docs/dead-letters.md has the steps,
and the policy that the command needs. It exits with 1 if something stays that was to be resent.`,
		Shared: func(f *command.Flags) {
			f.String(&stack, "stack", "", "the `name` of the Pulumi stack (default: the one that is selected)")
			f.String(&file, "outputs", "", "a `file` with what `pulumi stack output --json` prints; - is the standard input")
		},
		Subcommands: []*command.Command{
			{
				Name: "list", Summary: "Lists what is in both queues, and why",
				Flags: func(f *command.Flags) {
					f.Bool(&body, "body", "print the messages themselves, with recipients and texts")
				},
				Run: with(func(ctx context.Context, c *client, _ []string) error { return c.list(ctx, body) }),
			},
			{
				Name: "resend", Summary: "Sends messages again and writes statuses, each once",
				Flags: func(f *command.Flags) { f.Bool(&failed, "failed", "also send messages whose row is FAILED") },
				Run:   with(func(ctx context.Context, c *client, _ []string) error { return c.resend(ctx, failed) }),
			},
			{
				Name: "drop", Summary: "Deletes dead-letter messages by the ids that list prints", Operands: "ID...", Check: needsIDs,
				Run: with(func(ctx context.Context, c *client, ids []string) error { return c.drop(ctx, ids) }),
			},
		},
	}
}
