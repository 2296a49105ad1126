package session

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"

	"scheduled-messages/infra/sandbox/environment"
	"scheduled-messages/infra/sandbox/process"
	"scheduled-messages/infra/sandbox/state"
)

// endLimit is how long a process may take to end after it has closed its files.
const endLimit = 10 * time.Second

// startCleaner has a subcommand of this program remove the sandbox when this process is killed. It waits at the end of a pipe
// that this process alone keeps open.
func (s *Session) startCleaner() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	defer read.Close()
	command := exec.Command(self, s.options.Cleaner, s.options.Folder, strconv.Itoa(os.Getpid()))
	command.Stdin, command.Env = read, environment.Local(os.Environ())
	command.SysProcAttr = process.Detached()
	if err := command.Start(); err != nil {
		return errors.Join(err, write.Close())
	}
	s.closers = append(s.closers, func() error {
		err := write.Close()
		_ = command.Process.Kill() // it has nothing to do
		_ = command.Wait()
		return err
	})
	return nil
}

// CleanUp waits until in ends, and removes the sandbox in a folder if it is that of a process, and this one was killed.
func CleanUp(ctx context.Context, folder string, pid int, in io.Reader) error {
	if _, err := io.Copy(io.Discard, in); err != nil {
		return err
	}
	unlock, err := state.Lock(folder)
	if err != nil {
		return err
	}
	defer unlock()
	for end := time.Now().Add(endLimit); time.Now().Before(end); {
		s, err := state.Read(folder)
		if err != nil || s == nil || s.PID != pid {
			return err
		}
		if !s.Alive() {
			return state.Remove(folder, s)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}
