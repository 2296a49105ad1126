// Command diagram draws the architecture into docs/architecture.svg. Boxes are placed by hand; which of them are there the
// program says, and a test compares them and their arrows with its components, security groups and policies.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"scheduled-messages/infra/internal/command"
	"scheduled-messages/infra/internal/stackconfig"
)

const picture = "docs/architecture.svg"

//go:generate go -C ../.. run ./infra/diagram

func main() { command.Main(diagram()) }

// diagram is the command.
func diagram() *command.Command {
	var source stackconfig.Source
	return &command.Command{
		Name:    "diagram",
		Summary: "Draws the architecture into " + picture,
		Text: `Run it in the root of the checkout. Boxes are placed by hand in infra/diagram/boxes.go; which of them are there the
program says, and a test compares them and their arrows with its components, security groups and policies.`,
		Run: func(_ context.Context, s command.Streams, _ []string) error {
			g, err := read(".")
			if err != nil {
				return err
			}
			if err := os.WriteFile(picture, []byte(draw(g.there())), 0o644); err != nil {
				return err
			}
			_, err = fmt.Fprintln(s.Out, "drawn: "+picture)
			return err
		},
		Subcommands: []*command.Command{{
			Name: "stack", Summary: "Prints the picture of a stack: the selected one, or another",
			Text:  `It has what the stack makes. What is there before, such as an existing VPC, is dashed. AWS is asked for nothing.`,
			Flags: source.Flags,
			Check: func([]string) []error { return source.Check() },
			Run: func(ctx context.Context, s command.Streams, _ []string) error {
				settings, err := source.Read(ctx, ".")
				if err != nil {
					return err
				}
				g, err := ofStack(".", settings)
				if err != nil {
					return fmt.Errorf("%s: %w", source.Title(), err)
				}
				_, err = io.WriteString(s.Out, draw(g.there()))
				return err
			},
		}},
	}
}
