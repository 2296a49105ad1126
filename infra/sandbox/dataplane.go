package main

import (
	"context"
	"encoding/json"
	"os"

	"scheduled-messages/infra/internal/command"
	"scheduled-messages/infra/sandbox/dataplane"
)

// dataPlane is the subcommand that the data plane's process is started by.
const dataPlane = "data-plane"

// dataPlaneCommand runs the data plane with the options in a file. It is not for users.
func dataPlaneCommand() *command.Command {
	return &command.Command{
		Name: dataPlane, Summary: "Runs the data plane with the options in a file", Operands: "FILE", Hidden: true,
		Run: func(ctx context.Context, _ command.Streams, operands []string) error {
			text, err := os.ReadFile(operands[0])
			if err != nil {
				return err
			}
			var o dataplane.Options
			if err := json.Unmarshal(text, &o); err != nil {
				return err
			}
			return dataplane.Run(ctx, o)
		},
	}
}
