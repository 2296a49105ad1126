// Command cost prints what stacks cost on AWS, from what the program registers and a dated price list: the examples of the
// documentation, or the configuration of a stack. -h lists its flags.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"scheduled-messages/infra/internal/command"
	"scheduled-messages/infra/internal/module"
	"scheduled-messages/infra/internal/stackconfig"
)

//go:generate go run . -w

func main() { command.Main(cost()) }

// cost is the command.
func cost() *command.Command {
	var write bool
	var source stackconfig.Source
	var size databaseSize
	return &command.Command{
		Name:    "cost",
		Summary: "Prints what stacks cost a month on AWS, with prices, sources and assumptions",
		Text: `Without a command it prices the example stacks of the documentation. Prices are list prices of us-east-1, in
infra/cost/prices.json; what a message takes is in infra/cost/usage.json: put your own figures in.`,
		Flags: func(f *command.Flags) {
			f.Bool(&write, "w", "write the tables into docs/cost.md and the README instead of printing them")
		},
		Run: func(_ context.Context, s command.Streams, _ []string) error { return examplesOf(s.Out, write) },
		Subcommands: []*command.Command{{
			Name: "stack", Summary: "Prices the configuration of a stack: the selected one, or another",
			Text: `Of a stack in an existing VPC or on an existing database it prices what the stack makes, and asks AWS for nothing.`,
			Flags: func(f *command.Flags) {
				source.Flags(f)
				size.flags(f)
			},
			Check: func([]string) []error { return append(source.Check(), size.check()...) },
			Run: func(ctx context.Context, s command.Streams, _ []string) error {
				return configured(ctx, s.Out, &source, size)
			},
		}},
	}
}

// examplesOf prints the tables of the examples, or writes them into the documentation, between the lines that say where they
// belong.
func examplesOf(out io.Writer, write bool) error {
	root, err := module.Find()
	if err != nil {
		return err
	}
	texts, err := documents(root)
	if err != nil {
		return err
	}
	if !write {
		_, err := io.WriteString(out, texts["docs/cost.md"])
		return err
	}
	for name, text := range texts {
		path := filepath.Join(root, name)
		old, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		made, err := between(string(old), text)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := os.WriteFile(path, []byte(made), 0o644); err != nil {
			return err
		}
		fmt.Fprintln(out, "written: "+name)
	}
	return nil
}

// documents are the tables by the file that they belong into.
func documents(root string) (map[string]string, error) {
	prices, usage, err := load()
	if err != nil {
		return nil, err
	}
	all, err := bills(root, usage)
	if err != nil {
		return nil, err
	}
	tables, err := page(prices, usage, all)
	if err != nil {
		return nil, err
	}
	return map[string]string{"docs/cost.md": tables, "README.md": summary(prices, all)}, nil
}

// The lines between which the tables stand.
const (
	begin = "<!-- cost: made by go generate ./... -->\n"
	end   = "<!-- cost: end -->\n"
)

// between puts the tables in their place in a text.
func between(text, tables string) (string, error) {
	before, rest, found := strings.Cut(text, begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return "", fmt.Errorf("lacks %q and %q", strings.TrimSpace(begin), strings.TrimSpace(end))
	}
	return before + begin + "\n" + tables + "\n" + end + after, nil
}
