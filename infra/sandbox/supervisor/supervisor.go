// Package supervisor keeps the data plane's process running.
package supervisor

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
	"scheduled-messages/infra/sandbox/process"
	"scheduled-messages/infra/sandbox/socket"
)

// Supervisor is the data plane's process, which is started again whenever it dies.
type Supervisor struct {
	command string // the subcommand that runs the data plane
	file    string // of its options
	socket  string
	log     *os.File
	say     io.Writer
	started func(pid int) error

	cancel context.CancelFunc
	ended  chan struct{}
}

// Start has the subcommand of this program run the data plane. It returns once the data plane answers.
func Start(
	ctx context.Context, command string, o dataplane.Options, say io.Writer, started func(pid int) error,
) (*Supervisor, error) {
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return nil, err
	}
	text, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	p := &Supervisor{
		command: command,
		file:    filepath.Join(o.Folder, "options.json"),
		socket:  o.Socket,
		say:     say,
		started: started,
		ended:   make(chan struct{}),
	}
	if err := os.WriteFile(p.file, text, 0o600); err != nil { // it holds a password
		return nil, err
	}
	if p.log, err = os.OpenFile(filepath.Join(o.Folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return nil, err
	}
	running, cancel := context.WithCancel(ctx)
	p.cancel = cancel
	go p.keepRunning(running)
	client := &http.Client{Transport: socket.Transport(p.socket)}
	for range 600 {
		if response, err := client.Get("http://plane/"); err == nil {
			return p, response.Body.Close()
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), p.Stop())
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil, errors.Join(fmt.Errorf("it does not answer:\n%s", Tail(p.log.Name())), p.Stop())
}

// keepRunning has the data plane run until ctx ends.
func (p *Supervisor) keepRunning(ctx context.Context) {
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

func (p *Supervisor) once(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	command := exec.CommandContext(ctx, self, p.command, p.file)
	command.Stdout, command.Stderr = p.log, p.log
	command.SysProcAttr = process.OwnGroup()
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = 5 * time.Second
	if err := command.Start(); err != nil {
		return err
	}
	return errors.Join(p.started(command.Process.Pid), command.Wait())
}

// Stop ends the data plane and its functions.
func (p *Supervisor) Stop() error {
	p.cancel()
	<-p.ended
	return p.log.Close()
}

// Tail is the end of a log, which goes with the sandbox.
func Tail(path string) []byte {
	const most = 2000
	text, err := os.ReadFile(path)
	if err != nil {
		return []byte(err.Error())
	}
	return text[max(0, len(text)-most):]
}
