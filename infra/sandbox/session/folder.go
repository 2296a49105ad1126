package session

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"scheduled-messages/infra/sandbox/environment"
	"scheduled-messages/infra/sandbox/process"
	"scheduled-messages/infra/sandbox/state"
)

// lockFolder makes the folder this sandbox's, once nothing of an older sandbox is left in it.
func (s *Session) lockFolder() error {
	folder := s.options.Folder
	unlock, err := state.Lock(folder)
	if err != nil {
		return err
	}
	defer unlock()
	old, err := state.Read(folder)
	if err == nil && old != nil && old.Alive() {
		err = fmt.Errorf("one is up already (process %d): use it with `%s`, or end it with `%s`",
			old.PID, state.Command(folder, "send"), state.Command(folder, "down"))
	}
	if err != nil {
		return err
	}
	// What is in it is removed, now and in the end: never files of somebody else.
	if there, err := os.ReadDir(folder); err == nil && len(there) > 0 && old == nil {
		return fmt.Errorf("%s holds what is no sandbox's: -folder must be a folder that is empty or not there", folder)
	}
	if err := state.Remove(folder, old); err != nil {
		return err
	}
	if s.state.Scratch, err = os.MkdirTemp("", "sandbox-"); err != nil {
		return err
	}
	s.closers = append(s.closers, func() error { return state.Remove(folder, &s.state) })
	temporary := filepath.Join(s.state.Scratch, "tmp")
	for _, path := range []string{folder, temporary} {
		if err := os.MkdirAll(path, 0o700); err != nil {
			return err
		}
	}
	if err := os.Chmod(s.state.Scratch, 0o755); err != nil { // the database may run as another user
		return err
	}
	began, err := process.StartedAt(os.Getpid())
	if err != nil {
		return err
	}
	// For all that is started from here on.
	if err := errors.Join(os.Setenv(process.SandboxVariable, folder), os.Setenv("TMPDIR", temporary)); err != nil {
		return err
	}
	if err := s.updateState(func(t *state.State) { t.PID, t.Began = os.Getpid(), began }); err != nil {
		return err
	}
	return s.startCleaner()
}

// clearEnvironment takes what would lead a program to AWS out of this process's environment, and so out of that of all that
// it starts from here on. The tools' builds and downloads needed it as it was.
func (s *Session) clearEnvironment() error {
	s.environ = os.Environ()
	os.Clearenv()
	for _, variable := range environment.Local(s.environ) {
		name, value, _ := strings.Cut(variable, "=")
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return nil
}
