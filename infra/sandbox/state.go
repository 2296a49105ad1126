package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/infra/sandbox/mysqlserver"
	"scheduled-messages/infra/sandbox/sigv4"
)

// region is where the stack is, as far as the local endpoint is anywhere.
const region = "us-east-1"

// state is what the sandbox's other commands know it by: the file sandbox.json in its folder.
type state struct {
	PID      int    // of the process that holds it up
	Began    string // when that one began, because numbers are used again
	PlanePID int    // of the data plane
	Scratch  string
	Endpoint string
	Keys     sigv4.Keys // of the endpoint
	Receiver string     // the local webhook receiver's host:port
	Ready    bool       // the stack is up, and Outputs are its outputs
	Outputs  map[string]string
	Database mysqlserver.Login // of a user who may do everything
	Trace    string            // the data plane's file of what happens
}

func statePath(folder string) string { return filepath.Join(folder, "sandbox.json") }

// save replaces the file as a whole, because it is read while the sandbox runs.
func (s state) save(folder string) error {
	text, err := json.MarshalIndent(s, "", "\t")
	if err != nil {
		return err
	}
	path := statePath(folder)
	if err := os.WriteFile(path+".new", text, 0o600); err != nil { // it holds a password
		return err
	}
	return os.Rename(path+".new", path)
}

// readState reads the state of the sandbox in a folder, and nil where there is none.
func readState(folder string) (*state, error) {
	text, err := os.ReadFile(statePath(folder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	s := new(state)
	return s, json.Unmarshal(text, s)
}

// running is readState for the commands that need a sandbox whose stack is up.
func running(folder string) (*state, error) {
	s, err := readState(folder)
	if err == nil && (s == nil || !s.alive()) {
		err = errors.New("no sandbox is up: start one with `go run ./infra/sandbox up`")
	} else if err == nil && !s.Ready {
		err = fmt.Errorf("the sandbox (process %d) is still being set up", s.PID)
	}
	return s, err
}

// alive tells whether the process that holds the sandbox up is there.
func (s *state) alive() bool {
	began, err := beginning(s.PID)
	return err == nil && began == s.Began
}

func (s *state) cloud() *cloud.Client { return cloud.New(s.Endpoint, region, s.Keys) }

// defaultFolder is the sandbox's folder in the checkout that the command is run in.
func defaultFolder() (string, error) {
	module, err := moduleFolder()
	return filepath.Join(module, ".state", "sandbox"), err
}

// moduleFolder is the root of the checkout: the nearest folder with a Pulumi.yaml.
func moduleFolder() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "Pulumi.yaml")); err == nil {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			return "", errors.New("run it in the checkout: there is no Pulumi.yaml here or above")
		}
		folder = filepath.Dir(folder)
	}
}
