package main

import (
	"context"
	"errors"
	"os"
	"strconv"

	"scheduled-messages/infra/internal/command"
	"scheduled-messages/infra/sandbox/session"
)

// cleaner is the subcommand of the process that removes what a killed sandbox leaves.
const cleaner = "clean-up"

// cleanUpCommand waits for the end of its input. It is not for users.
func cleanUpCommand() *command.Command {
	return &command.Command{
		Name: cleaner, Summary: "Removes the sandbox in a folder when its process ends", Operands: "FOLDER PROCESS", Hidden: true,
		Run: func(_ context.Context, _ command.Streams, operands []string) error {
			if len(operands) != 2 {
				return errors.New("it takes a folder and a process's number")
			}
			pid, err := strconv.Atoi(operands[1])
			if err != nil {
				return err
			}
			// What ends the sandbox may reach this process, too, and must not end it.
			return session.CleanUp(context.Background(), operands[0], pid, os.Stdin)
		},
	}
}
