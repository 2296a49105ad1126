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

const (
	maxDeaths  = 10              // one after the other, each within shortLife
	shortLife  = 2 * time.Second // of a data plane that cannot run
	startLimit = 30 * time.Second
)

// Options say what runs the data plane, and who hears of it.
type Options struct {
	Command []string            // the program and its arguments; the path of a file with dataplane.Options follows
	Out     io.Writer           // gets a line for each restart
	Started func(pid int) error // is called with each process's number
	Failed  func(error)         // is called when the data plane is not started again, because it dies each time
}

// Supervisor is the data plane's process, which is started again whenever it dies.
type Supervisor struct {
	options Options
	file    string // of the data plane's options
	log     *os.File

	cancel context.CancelFunc
	ended  chan struct{}
}

// Start starts the data plane, and returns once it answers.
func Start(ctx context.Context, how Options, o dataplane.Options) (*Supervisor, error) {
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return nil, err
	}
	text, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	p := &Supervisor{options: how, file: filepath.Join(o.Folder, "options.json"), ended: make(chan struct{})}
	if err := os.WriteFile(p.file, text, 0o600); err != nil { // it holds a password
		return nil, err
	}
	if p.log, err = os.OpenFile(filepath.Join(o.Folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		return nil, err
	}
	running, cancel := context.WithCancel(ctx)
	p.cancel = cancel
	go p.keepRunning(running)
	client := &http.Client{Transport: socket.Transport(o.Socket)}
	for limit := time.After(startLimit); ; {
		if response, err := client.Get("http://plane/"); err == nil {
			return p, response.Body.Close()
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), p.Stop())
		case <-p.ended:
			return nil, errors.Join(fmt.Errorf("it ends each time:\n%s", Tail(p.log.Name())), p.Stop())
		case <-limit:
			return nil, errors.Join(fmt.Errorf("it does not answer:\n%s", Tail(p.log.Name())), p.Stop())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// keepRunning has the data plane run until ctx ends, or until it has died too often.
func (p *Supervisor) keepRunning(ctx context.Context) {
	defer close(p.ended)
	for deaths := 0; ctx.Err() == nil; {
		began := time.Now()
		err := p.once(ctx)
		if ctx.Err() != nil {
			return
		}
		if deaths++; time.Since(began) > shortLife {
			deaths = 0
		}
		if deaths == maxDeaths {
			p.options.Failed(fmt.Errorf("the data plane ends each time it is started: %w\n%s", err, Tail(p.log.Name())))
			return
		}
		fmt.Fprintf(p.options.Out, "the data plane ended (%v) and is started again\n", err)
		time.Sleep(100 * time.Millisecond)
	}
}

func (p *Supervisor) once(ctx context.Context) error {
	command := exec.CommandContext(ctx, p.options.Command[0], append(p.options.Command[1:], p.file)...)
	command.Stdout, command.Stderr = p.log, p.log
	command.SysProcAttr = process.OwnGroup()
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = 5 * time.Second
	if err := command.Start(); err != nil {
		return err
	}
	return errors.Join(p.options.Started(command.Process.Pid), command.Wait())
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
