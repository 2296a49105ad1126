// Command deadletters shows the messages in a stack's two dead-letter queues and, once their cause is fixed, resends
// them: each once, whatever happens to the command on its way.
//
//	go run ./infra/deadletters list        what is there, and why; with -body, the messages themselves
//	go run ./infra/deadletters resend      resends what can be; with -failed, also messages whose row is FAILED
//	go run ./infra/deadletters drop ID...  deletes the dead-letter messages with these ids of SQS's
//
// Its exit status is 0 if all went well and nothing stays that was to be resent, and 1 otherwise. It takes the stack's outputs from `pulumi stack output --json`, or from the file that -outputs names, and AWS
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

	"scheduled-messages/infra/internal/terminal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second interrupt does not wait for what is in flight to be released
	os.Exit(exitStatus(run(ctx, os.Args[1:], os.Stdout), os.Stderr))
}

// exitStatus prints an error, in which there may be words from outside.
func exitStatus(err error, out io.Writer) int {
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	fmt.Fprintln(out, "deadletters:", terminal.Printable(err.Error()))
	return 1
}

const usage = "usage: deadletters [-stack NAME | -outputs FILE] list [-body] | resend [-failed] | drop ID..."

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("deadletters", flag.ContinueOnError)
	stack := flags.String("stack", "", "the Pulumi stack; none: the one that is selected")
	file := flags.String("outputs", "", "a file with what `pulumi stack output --json` says; - is the standard input")
	if err := flags.Parse(args); err != nil {
		return err
	}
	sub := flag.NewFlagSet("deadletters "+flags.Arg(0), flag.ContinueOnError)
	var act func(*client) error
	switch flags.Arg(0) {
	case "list":
		body := sub.Bool("body", false, "print the messages themselves, with recipients and texts")
		act = func(c *client) error { return c.list(ctx, *body) }
	case "resend":
		failed := sub.Bool("failed", false, "also send messages whose row is FAILED")
		act = func(c *client) error { return c.resend(ctx, *failed) }
	case "drop":
		act = func(c *client) error { return c.drop(ctx, sub.Args()) }
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
	c, err := newClient(ctx, outputs, out)
	if err != nil {
		return err
	}
	return act(c)
}
