// Command sandbox is the entire stack on this machine, without an AWS account: it deploys the program at a local AWS endpoint,
// and runs what was deployed. -h lists its subcommands and flags; docs/sandbox.md describes it.
package main

import "scheduled-messages/infra/internal/command"

func main() { command.Main(sandbox()) }

// sandbox is the command. Without a subcommand it is the demonstration.
func sandbox() *command.Command {
	root := demonstrationCommand()
	root.Name, root.Finishes = "sandbox", true
	root.Summary = "The entire stack on this machine, without an AWS account"
	root.Text = `Without a command it deploys the program at a local AWS, sends three messages, schedules, moves and cancels
messages by SQL, shows their way, and destroys all of it.`
	root.Subcommands = []*command.Command{
		upCommand(), sendCommand(), statusCommand(), downCommand(), toolsCommand(), endpointCommand(),
		dataPlaneCommand(), cleanUpCommand(),
	}
	return root
}
