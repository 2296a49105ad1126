// Command diagram draws the architecture into docs/architecture.svg. Boxes are placed by hand; which of them are
// there the program tells, and a test compares them and their arrows with its components, security groups and policies.
//
//	go run ./infra/diagram
package main

import (
	"fmt"
	"os"
)

const picture = "docs/architecture.svg"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "diagram:", err)
		os.Exit(1)
	}
}

func run() error {
	g, err := read(".")
	if err != nil {
		return err
	}
	return os.WriteFile(picture, []byte(draw(g.there())), 0o644)
}
