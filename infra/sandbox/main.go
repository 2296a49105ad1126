// Command sandbox is the whole stack on this machine, without an AWS account.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// commands are the subcommands, by name. Each gets the arguments behind its name.
func commands() map[string]func(ctx context.Context, args []string) error {
	return map[string]func(context.Context, []string) error{
		"tools":    runTools,
		"endpoint": runEndpoint,
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sandbox:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 {
		if command := commands()[args[0]]; command != nil {
			return command(ctx, args[1:])
		}
	}
	return fmt.Errorf("%q is not one of: tools, endpoint", strings.Join(args, " "))
}
