package main

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"scheduled-messages/infra/internal/command"
	"scheduled-messages/infra/sandbox/process"
	"scheduled-messages/infra/sandbox/state"
)

// downLimit is how long a sandbox has for ending by itself.
const downLimit = 30 * time.Second

// downCommand ends a sandbox, and removes what is left of one that was killed.
func downCommand() *command.Command {
	var folder string
	return &command.Command{
		Name: "down", Summary: "Ends a sandbox that is up, and removes what a killed one left",
		Flags: func(f *command.Flags) { folderFlag(f, &folder) },
		Run: func(ctx context.Context, out command.Streams, _ []string) (err error) {
			if folder, err = absolute(folder); err != nil {
				return err
			}
			s, err := state.Read(folder)
			if err != nil {
				return err
			}
			if s == nil {
				fmt.Fprintln(out.Out, "no sandbox is there")
				return process.KillOwned(process.SandboxVariable, folder)
			}
			if err := end(ctx, s); err != nil {
				return err
			}
			unlock, err := state.Lock(folder)
			if err != nil {
				return err
			}
			defer unlock()
			if err := state.Remove(folder, s); err != nil {
				return err
			}
			_, err = fmt.Fprintln(out.Out, "the sandbox is gone")
			return err
		},
	}
}

// end has the process that a sandbox lives in end, and kills it if it does not.
func end(ctx context.Context, s *state.State) error {
	if !s.Alive() {
		return nil
	}
	if err := syscall.Kill(s.PID, syscall.SIGTERM); err != nil {
		return err
	}
	for limit := time.Now().Add(downLimit); s.Alive() && time.Now().Before(limit); {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	if s.Alive() {
		return syscall.Kill(s.PID, syscall.SIGKILL)
	}
	return nil
}
