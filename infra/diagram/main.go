// Command diagram draws the architecture into docs/architecture.svg. Boxes are placed by hand; which of them are there the
// program says, and a test compares them and their arrows with its components, security groups and policies.
package main

import (
	"context"
	"fmt"
	"os"

	"scheduled-messages/infra/internal/command"
)

const picture = "docs/architecture.svg"

//go:generate go -C ../.. run ./infra/diagram

func main() { command.Main(diagram()) }

// diagram is the command.
func diagram() *command.Command {
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
	}
}
