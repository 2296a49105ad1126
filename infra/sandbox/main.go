// Command sandbox is the whole stack on this machine, without an AWS account: it deploys the program at a local AWS
// endpoint, and runs what was deployed.
//
//	go run ./infra/sandbox         deploys, sends three messages, shows their way, destroys
//	go run ./infra/sandbox up      deploys and stays until Ctrl-C or down; -keep stays after the three messages
//	go run ./infra/sandbox send    sends a message through a sandbox that is up, and shows its way
//	go run ./infra/sandbox status  tells what is up, and what became of messages
//	go run ./infra/sandbox down    ends a sandbox that is up, and clears away what a killed one left
//	go run ./infra/sandbox tools   makes the tools ready, and prints the folders to put on PATH
//	go run ./infra/sandbox endpoint  serves the local AWS endpoint alone
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"scheduled-messages/infra/internal/terminal"
)

// command is a subcommand. It gets the arguments behind its name.
type command func(ctx context.Context, args []string) error

// dataPlane is the subcommand that the data plane's process is started by. It is not for users.
const dataPlane = "data-plane"

func commands() map[string]command {
	return map[string]command{
		"":         runDemonstration,
		"up":       runUp,
		"send":     runSend,
		"status":   runStatus,
		"down":     runDown,
		"tools":    runTools,
		"endpoint": runEndpoint,
		dataPlane:  runDataPlane,
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sandbox:", terminal.Lines(err.Error()))
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	name := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	if command := commands()[name]; command != nil {
		return command(ctx, args)
	}
	var names []string
	for name := range commands() {
		if name != "" && name != dataPlane {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return fmt.Errorf("%q is not one of: %s", name, strings.Join(names, ", "))
}
