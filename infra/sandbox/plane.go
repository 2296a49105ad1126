package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"scheduled-messages/infra/sandbox/dataplane"
	"scheduled-messages/infra/sandbox/socket"
)

// dataPlane is the subcommand that the data plane's process is started by. It is not for users.
const dataPlane = "data-plane"

// runDataPlane runs the data plane with the options in a file.
func runDataPlane(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return errors.New("the data plane takes one file")
	}
	text, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	var o dataplane.Options
	if err := json.Unmarshal(text, &o); err != nil {
		return err
	}
	return dataplane.Run(ctx, o)
}

// plane is the data plane's process, which is started again whenever it dies.
type plane struct {
	file    string // of its options
	socket  string
	log     *os.File
	say     io.Writer
	started func(pid int) error

	cancel context.CancelFunc
	ended  chan struct{}
}

// startPlane returns once the data plane answers.
func startPlane(ctx context.Context, o dataplane.Options, say io.Writer, started func(pid int) error) (*plane, error) {
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return nil, err
	}
	text, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	p := &plane{file: filepath.Join(o.Folder, "options.json"), socket: o.Socket, say: say, started: started, ended: make(chan struct{})}
	if err := os.WriteFile(p.file, text, 0o600); err != nil { // it holds a password
		return nil, err
	}
	if p.log, err = os.OpenFile(filepath.Join(o.Folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return nil, err
	}
	running, cancel := context.WithCancel(ctx)
	p.cancel = cancel
	go p.hold(running)
	client := &http.Client{Transport: socket.Transport(p.socket)}
	for range 600 {
		if response, err := client.Get("http://plane/"); err == nil {
			return p, response.Body.Close()
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), p.stop())
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil, errors.Join(fmt.Errorf("it does not answer:\n%s", tail(p.log.Name())), p.stop())
}

// hold has the data plane run until ctx ends.
func (p *plane) hold(ctx context.Context) {
	defer close(p.ended)
	for ctx.Err() == nil {
		err := p.once(ctx)
		if ctx.Err() != nil {
			return
		}
		fmt.Fprintf(p.say, "the data plane ended (%v) and is started again\n", err)
		time.Sleep(100 * time.Millisecond)
	}
}

func (p *plane) once(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	command := exec.CommandContext(ctx, self, dataPlane, p.file)
	command.Stdout, command.Stderr = p.log, p.log
	command.SysProcAttr = ownGroup()
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = 5 * time.Second
	if err := command.Start(); err != nil {
		return err
	}
	return errors.Join(p.started(command.Process.Pid), command.Wait())
}

func (p *plane) stop() error {
	p.cancel()
	<-p.ended
	return p.log.Close()
}

// tail is the end of a log, which goes with the sandbox.
func tail(path string) []byte {
	const most = 2000
	text, err := os.ReadFile(path)
	if err != nil {
		return []byte(err.Error())
	}
	return text[max(0, len(text)-most):]
}
