package tools

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"scheduled-messages/infra/sandbox/environment"
	"scheduled-messages/infra/sandbox/process"
)

// run runs a command, whose children end with it. Its error is the command's last words.
func run(ctx context.Context, folder string, variables []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = folder, append(environment.Building(os.Environ()), variables...)
	cmd.SysProcAttr, cmd.WaitDelay = process.OwnGroup(), stopLimit
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		if cmd.Process != nil {
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // who goes on after an interrupt
		}
		return context.Cause(ctx)
	}
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		return fmt.Errorf("%s: %w: %s", filepath.Base(name), err, strings.Join(lines[max(0, len(lines)-20):], "\n"))
	}
	return err
}
