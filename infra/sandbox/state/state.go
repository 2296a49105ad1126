// Package state is what the sandbox's commands know of a sandbox that is up: the file sandbox.json in its folder, and what
// they read through it.
package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/infra/sandbox/environment"
	"scheduled-messages/infra/sandbox/mysqlserver"
	"scheduled-messages/infra/sandbox/process"
	"scheduled-messages/infra/sandbox/project"
	"scheduled-messages/infra/sandbox/sigv4"
	"scheduled-messages/infra/sandbox/tools"
)

// State is the content of sandbox.json.
type State struct {
	PID      int    // of the process that the sandbox lives in
	Began    string // when that one started, because numbers are used again
	PlanePID int    // of the data plane
	Scratch  string // the folder of sockets, temporary files and databases, whose path is short
	Endpoint string // its URL
	Keys     sigv4.Keys
	Receiver string // the local webhook receiver's host:port
	Ready    bool   // the stack was brought up
	Trace    string // the data plane's file of what happens
	Tools    tools.Tools
	// Databases are the logins of users who may do everything, by the clusters' hosts.
	Databases map[string]mysqlserver.Login

	// Outputs are those of a stack at the time when the state was read: they are in no file, because who has the environment
	// may destroy the stack and bring it up again.
	Outputs map[string]string `json:"-"`
}

func path(folder string) string { return filepath.Join(folder, "sandbox.json") }

// Save replaces the entire file, because it is read while the sandbox runs.
func (s State) Save(folder string) error {
	text, err := json.MarshalIndent(s, "", "\t")
	if err != nil {
		return err
	}
	file := path(folder)
	if err := os.WriteFile(file+".new", text, 0o600); err != nil { // it holds a password
		return err
	}
	return os.Rename(file+".new", file)
}

// Read reads the state of the sandbox in a folder. It is nil where there is none.
func Read(folder string) (*State, error) {
	text, err := os.ReadFile(path(folder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	s := new(State)
	return s, json.Unmarshal(text, s)
}

// Running is Read, with the outputs of a stack, for the commands that need one that is up. The stack "" is the sandbox's own.
func Running(ctx context.Context, folder, stack string) (*State, error) {
	s, err := Read(folder)
	if err != nil {
		return nil, err
	}
	if s == nil || !s.Alive() {
		return nil, fmt.Errorf("no sandbox is up: start one with `%s`", Command(folder, "up"))
	}
	if !s.Ready {
		return nil, fmt.Errorf("the sandbox (process %d) is still being set up", s.PID)
	}
	p := project.Project{Folder: folder, Tools: s.Tools, URL: s.Endpoint, Keys: s.Keys, Stack: stack, Out: os.Stdout, Err: os.Stderr}
	if p.Checkout, err = tools.Checkout(); err != nil {
		return nil, err
	}
	if s.Outputs, err = p.Outputs(ctx); err != nil {
		return nil, err
	}
	if len(s.Outputs) == 0 {
		return nil, fmt.Errorf("the stack %s is not up: read %s in a shell, and bring it up with `pulumi up`",
			p.Name(), environment.Quote(filepath.Join(folder, project.ExportsFile)))
	}
	return s, nil
}

// Command is a command line that runs a subcommand on the sandbox in a folder, from this process's own folder.
func Command(folder, words string) string {
	here, err := os.Getwd()
	if err != nil {
		here = "."
	}
	return CommandIn(here, folder, words)
}

// CommandIn is Command for a shell in another folder of the checkout.
func CommandIn(here, folder, words string) string {
	source := "./infra/sandbox"
	checkout, err := tools.Checkout()
	if err == nil {
		if below, err := filepath.Rel(here, filepath.Join(checkout, source)); err == nil {
			source = strings.TrimSuffix("./"+filepath.ToSlash(below), "/.")
		}
	}
	line := strings.TrimSpace("go run " + source + " " + words)
	if folder != project.DefaultFolder(checkout) {
		line += " -folder " + environment.Quote(folder)
	}
	return line
}

// Alive reports whether the process that the sandbox lives in is there.
func (s *State) Alive() bool {
	began, err := process.StartedAt(s.PID)
	return err == nil && began == s.Began
}

// Lock keeps other processes from making or removing a sandbox in a folder. The kernel drops it with the process.
func Lock(folder string) (unlock func(), err error) {
	above := filepath.Dir(folder)
	if err := os.MkdirAll(above, 0o755); err != nil {
		return nil, err
	}
	file, err := os.Open(above)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() { _ = file.Close() }, nil
}

// Remove ends what processes a sandbox has left, and removes its folders. The state may be nil.
func Remove(folder string, s *State) error {
	err := process.KillOwned(process.SandboxVariable, folder)
	if s != nil {
		err = errors.Join(err, os.RemoveAll(s.Scratch))
	}
	return errors.Join(err, os.RemoveAll(folder))
}

// Cloud is a client of the sandbox's AWS.
func (s *State) Cloud() *cloud.Client { return cloud.New(s.Endpoint, environment.Region, s.Keys) }
