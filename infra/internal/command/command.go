// Package command is what this module's commands have in common: subcommands and flags, one form of -h, which goes to the
// standard output and exits 0, and one message for all that is wrong with a call.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"scheduled-messages/infra/internal/terminal"
)

// Command is a command or one of its subcommands.
type Command struct {
	Name    string // as it is called: sandbox, or sandbox send
	Summary string // one line, without a period
	Text    string // what -h prints between the usage and the flags; may be empty
	// Operands are the arguments that follow the flags, such as "HOST" or "[NAME=ID ...]". Without, there may be none.
	Operands string
	// Flags declares the command's flags. A subcommand has those of its parent's Shared, too.
	Flags, Shared func(*Flags)
	// Check reports what is wrong with operands and flags together, next to what their types refuse; may be nil.
	Check func(operands []string) []error
	// Run does the command's work. Without it, a subcommand has to be named.
	Run         func(ctx context.Context, s Streams, operands []string) error
	Subcommands []*Command
	Hidden      bool // a subcommand that is not for users
	// Finishes has an interruption end the command's context alone: further ones wait for what it clears away. Without it, the
	// second one ends the process at once.
	Finishes bool
	// Quotes has an error of Run's printed on one line, because it quotes what others wrote.
	Quotes bool
}

// Streams are a command's input and outputs.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Main runs the command with the process's arguments and streams until it ends or is interrupted, and exits with 1 after an
// error.
func Main(c *Command) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	if !c.Finishes {
		context.AfterFunc(ctx, stop)
	}
	err := c.Execute(ctx, os.Args[1:], Streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, Failure(c, err))
		os.Exit(1)
	}
}

// Failure is the text of a command's error, without characters that a terminal obeys.
func Failure(c *Command, err error) string {
	text := terminal.Lines(err.Error())
	if _, ours := errors.AsType[*invalid](err); c.Quotes && !ours {
		text = terminal.Printable(err.Error())
	}
	return c.Name + ": " + text
}

// invalid is what is wrong with a call.
type invalid struct {
	problems []error
	hint     string
}

func (e *invalid) Error() string {
	if len(e.problems) == 1 {
		return fmt.Sprintf("%v (%s)", e.problems[0], e.hint)
	}
	return fmt.Sprintf("%d invalid arguments (%s):\n%v", len(e.problems), e.hint, errors.Join(e.problems...))
}

// Execute parses the arguments and runs the command, or the subcommand that they name.
func (c *Command) Execute(ctx context.Context, args []string, s Streams) error {
	chosen, f := c, newFlags()
	c.declare(f, nil)
	for operands, help := f.parse(args); ; operands, help = f.parse(args) {
		sub := chosen.find(operands)
		switch {
		case help || len(operands) > 0 && operands[0] == "help" && sub == nil && chosen.Operands == "":
			_, err := io.WriteString(s.Out, chosen.help(c, f))
			return err
		case sub == nil:
			return chosen.run(ctx, s, c, f, operands)
		}
		// The subcommand's flags begin anew, but for the values of those that it shares.
		next := newFlags()
		next.problems = f.problems
		sub.declare(next, chosen)
		next.take(f)
		chosen, f, args = sub, next, operands[1:]
	}
}

func (c *Command) run(ctx context.Context, s Streams, root *Command, f *Flags, operands []string) error {
	problems := f.problems
	switch {
	case c.Run == nil && len(operands) > 0:
		problems = append(problems, Invalid("the subcommand", operands[0], "one of "+strings.Join(c.names(), ", ")))
	case c.Run == nil:
		problems = append(problems, fmt.Errorf("a subcommand is missing: one of %s", strings.Join(c.names(), ", ")))
	case len(operands) > 0 && c.Operands == "" && len(c.Subcommands) > 0:
		problems = append(problems, Invalid("the subcommand", operands[0], "one of "+strings.Join(c.names(), ", ")))
	case len(operands) > 0 && c.Operands == "":
		problems = append(problems, fmt.Errorf("%q is no flag, and there are no other arguments", operands[0]))
	case c.Check != nil:
		problems = append(problems, c.Check(operands)...)
	}
	if len(problems) == 0 {
		return c.Run(ctx, s, operands)
	}
	hint := "-h lists what there is"
	if c != root {
		hint = c.Name + " " + hint
	}
	return &invalid{problems, hint}
}

func (c *Command) declare(f *Flags, parent *Command) {
	f.alone = c.Operands == "" && len(c.Subcommands) == 0
	if parent != nil && parent.Shared != nil {
		parent.Shared(f)
	}
	if c.Shared != nil {
		c.Shared(f)
	}
	if c.Flags != nil {
		c.Flags(f)
	}
}

func (c *Command) find(operands []string) *Command {
	if len(operands) == 0 {
		return nil
	}
	for _, sub := range c.Subcommands {
		if sub.Name == operands[0] {
			return sub
		}
	}
	return nil
}

func (c *Command) names() (names []string) {
	for _, sub := range c.Subcommands {
		if !sub.Hidden {
			names = append(names, sub.Name)
		}
	}
	return names
}
