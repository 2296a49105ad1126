// Command overdue shows the messages that have no status long after their time, with what EventBridge Scheduler knows of each,
// and schedules them again on request. It changes nothing by itself. -h lists its subcommands and flags.
package main

import (
	"context"
	"errors"

	"scheduled-messages/infra/internal/command"
)

func main() { command.Main(overdue()) }

// overdue is the command.
func overdue() *command.Command {
	var stack, file string
	var all bool
	with := func(act func(ctx context.Context, c *client, ids []string) error) func(context.Context, command.Streams, []string) error {
		return func(ctx context.Context, s command.Streams, ids []string) error {
			c, err := newClient(ctx, stack, file, s.Out)
			if err != nil {
				return err
			}
			return act(ctx, c, ids)
		}
	}
	return &command.Command{
		Name: "overdue", Quotes: true,
		Summary: "Shows the messages that have no status long after their time, and schedules them again",
		Text: `The stack's outputs come from Pulumi, credentials as the AWS command line takes them. docs/outbox.md says what to look at before
a message is scheduled again: it may have been sent, with its status lost.`,
		Shared: func(f *command.Flags) {
			f.String(&stack, "stack", "", "the `name` of the Pulumi stack (default: the one that is selected)")
			f.String(&file, "outputs", "", "a `file` with what `pulumi stack output --json` prints; - is the standard input")
		},
		Subcommands: []*command.Command{
			{
				Name: "list", Summary: "Lists the 100 oldest, and what Scheduler knows of each; changes nothing",
				Run: with(func(ctx context.Context, c *client, _ []string) error { return c.list(ctx) }),
			},
			{
				Name: "rearm", Summary: "Schedules messages again, a minute from now", Operands: "[ID ...]",
				Flags: func(f *command.Flags) { f.Bool(&all, "all", "all that list shows") },
				Check: func(ids []string) []error {
					if all == (len(ids) > 0) {
						return []error{errors.New("either IDs or -all: list prints the IDs")}
					}
					return nil
				},
				Run: with(func(ctx context.Context, c *client, ids []string) error { return c.rearm(ctx, ids) }),
			},
		},
	}
}
