// Package state is what the sandbox's commands know of a sandbox that is up: the file sandbox.json in its folder, and what
// they read through it.
package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/infra/sandbox/mysqlserver"
	"scheduled-messages/infra/sandbox/process"
	"scheduled-messages/infra/sandbox/sigv4"
)

// Region is where the stack is, as far as the local endpoint is anywhere.
const Region = "us-east-1"

// State is the content of sandbox.json.
type State struct {
	PID      int    // of the process that the sandbox lives in
	Began    string // when that one started, because numbers are used again
	PlanePID int    // of the data plane
	Scratch  string // the folder of sockets, temporary files and databases, whose path is short
	Endpoint string // its URL
	Keys     sigv4.Keys
	Receiver string // the local webhook receiver's host:port
	Ready    bool   // the stack is up, and Outputs are its outputs
	Outputs  map[string]string
	Database mysqlserver.Login // of a user who may do everything
	Trace    string            // the data plane's file of what happens
}

func path(folder string) string { return filepath.Join(folder, "sandbox.json") }

// Save replaces the file as a whole, because it is read while the sandbox runs.
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

// Running is Read for the commands that need a sandbox whose stack is up.
func Running(folder string) (*State, error) {
	s, err := Read(folder)
	if err == nil && (s == nil || !s.Alive()) {
		err = errors.New("no sandbox is up: start one with `go run ./infra/sandbox up`")
	} else if err == nil && !s.Ready {
		err = fmt.Errorf("the sandbox (process %d) is still being set up", s.PID)
	}
	return s, err
}

// Alive reports whether the process that the sandbox lives in is there.
func (s *State) Alive() bool {
	began, err := process.StartedAt(s.PID)
	return err == nil && began == s.Began
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
func (s *State) Cloud() *cloud.Client { return cloud.New(s.Endpoint, Region, s.Keys) }
