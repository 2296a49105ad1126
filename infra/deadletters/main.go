// Command deadletters shows the letters in a stack's two dead-letter queues and, once their cause is mended, sends
// them again: each message once, whatever happens to the command on its way.
//
//	go run ./infra/deadletters list           what is there, and why; with -body, the letters themselves
//	go run ./infra/deadletters resend         sends again what can be; with -failed, also messages whose row is FAILED
//	go run ./infra/deadletters drop LETTER... deletes the letters with these ids
//
// It takes the stack's outputs from `pulumi stack output --json`, or from the file that -outputs names, and AWS
// credentials as the AWS command line does.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "deadletters:", err)
		os.Exit(1)
	}
}

const usage = "usage: deadletters [-stack NAME | -outputs FILE] list [-body] | resend [-failed] | drop LETTER..."

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("deadletters", flag.ContinueOnError)
	stack := flags.String("stack", "", "the Pulumi stack; none: the one that is selected")
	file := flags.String("outputs", "", "a file with what `pulumi stack output --json` says; - is the standard input")
	if err := flags.Parse(args); err != nil {
		return err
	}
	sub := flag.NewFlagSet("deadletters "+flags.Arg(0), flag.ContinueOnError)
	var act func(*office) error
	switch flags.Arg(0) {
	case "list":
		body := sub.Bool("body", false, "print the letters themselves, with recipients and texts")
		act = func(o *office) error { return o.list(ctx, *body) }
	case "resend":
		failed := sub.Bool("failed", false, "also send messages whose row is FAILED")
		act = func(o *office) error { return o.resend(ctx, *failed) }
	case "drop":
		act = func(o *office) error { return o.drop(ctx, sub.Args()) }
	default:
		return errors.New(usage)
	}
	if err := sub.Parse(flags.Args()[1:]); err != nil {
		return err
	}
	if drops := flags.Arg(0) == "drop"; drops != (sub.NArg() > 0) {
		return errors.New(usage)
	}
	outputs, err := readOutputs(ctx, *stack, *file)
	if err != nil {
		return err
	}
	office, err := newOffice(ctx, outputs, out)
	if err != nil {
		return err
	}
	return act(office)
}
