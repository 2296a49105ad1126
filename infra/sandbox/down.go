package main

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"scheduled-messages/infra/sandbox/process"
	"scheduled-messages/infra/sandbox/state"
)

// downLimit is how long a sandbox has for ending by itself.
const downLimit = 30 * time.Second

// runDown ends a sandbox, and clears away what is left of one that was killed.
func runDown(ctx context.Context, args []string) error {
	folder, err := parse("down", args, nil)
	if err != nil {
		return err
	}
	s, err := state.Read(folder)
	if err != nil {
		return err
	}
	if s == nil {
		fmt.Println("no sandbox is there")
		return process.KillOwned(process.SandboxVariable, folder)
	}
	if s.Alive() {
		if err := syscall.Kill(s.PID, syscall.SIGTERM); err != nil {
			return err
		}
		for end := time.Now().Add(downLimit); s.Alive() && time.Now().Before(end); {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(50 * time.Millisecond):
			}
		}
		if s.Alive() {
			if err := syscall.Kill(s.PID, syscall.SIGKILL); err != nil {
				return err
			}
		}
	}
	if err := state.Remove(folder, s); err != nil {
		return err
	}
	fmt.Println("the sandbox is gone")
	return nil
}
