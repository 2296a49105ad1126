// Package moto runs moto_server, which has AWS's APIs, as a child process that nobody else reaches.
package moto

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/infra/sandbox/environment"
	"scheduled-messages/infra/sandbox/process"
	"scheduled-messages/infra/sandbox/sigv4"
	"scheduled-messages/infra/sandbox/socket"
)

const (
	startLimit  = 90 * time.Second // Python reads all of moto, which takes seconds on a busy machine
	answerLimit = 2 * time.Minute  // moto answers in milliseconds, and the first time in seconds
	stopLimit   = 5 * time.Second  // after it, the child is killed
)

// Server is a running moto_server. It has no port, but a socket: moto checks no keys.
type Server struct {
	socket.Upstream
	Socket  string // its path
	Process *os.Process
	Ended   chan error // takes one value, once the child is gone
}

// Start runs the moto_server at a path, and returns once it answers. The child lives as long as ctx.
func Start(ctx context.Context, path string, log io.Writer) (_ *Server, err error) {
	folder, err := os.MkdirTemp("", "aws-") // with mode 700
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(folder))
		}
	}()
	at := filepath.Join(folder, "moto")
	if err := socket.Check(at); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, path, "-H", "unix://"+at)
	// moto is a client of AWS's itself: what its user has set would have it fail at every request, or ask AWS.
	cmd.Env = append(environment.Local(os.Environ()), environment.AWS("", sigv4.Keys{ID: "moto", Secret: "moto"})...)
	cmd.Env = append(cmd.Env, "MOTO_IAM_LOAD_MANAGED_POLICIES=true") // AWS's own policies, to attach
	cmd.Stdout, cmd.Stderr = log, log
	// Ctrl-C reaches moto through us alone, and a wrapper script around moto ends with it.
	cmd.SysProcAttr = process.OwnGroup()
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = stopLimit
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	m := &Server{Upstream: socket.At(at), Socket: at, Process: cmd.Process, Ended: make(chan error, 1)}
	go func() {
		_ = cmd.Wait() // its error says less than the state does
		m.Ended <- errors.Join(fmt.Errorf("moto_server: %s", cmd.ProcessState), os.RemoveAll(folder))
	}()
	m.Transport.ResponseHeaderTimeout = answerLimit
	giveUp := time.After(startLimit)
	for !m.withoutDocker(ctx) {
		select {
		case err := <-m.Ended:
			return nil, err
		case <-giveUp:
			return nil, errors.Join(fmt.Errorf("moto_server: no answer in %s", startLimit), m.end(cmd))
		case <-time.After(100 * time.Millisecond):
		}
	}
	if err := m.works(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("moto_server fails: %w", err), m.end(cmd))
	}
	return m, nil
}

// end ends a moto that is of no use.
func (m *Server) end(cmd *exec.Cmd) error {
	err := cmd.Cancel()
	<-m.Ended
	return err
}

// works asks for what every stack needs: what moto cannot do now, it cannot do later either.
func (m *Server) works(ctx context.Context) error {
	account := cloud.Through(m.Transport, environment.Region)
	_, err := account.ScheduleGroup(ctx, "default")
	if err == nil {
		_, err = account.Functions(ctx)
	}
	return err
}

// withoutDocker makes moto answer Lambda invocations itself, where it would run the function in a container, and
// reports whether moto answered. The setting is the process's: /moto-api/reset keeps it.
func (m *Server) withoutDocker(ctx context.Context) bool {
	config := strings.NewReader(`{"lambda": {"use_docker": false}}`)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, m.URL.JoinPath("moto-api/config").String(), config)
	if err != nil {
		return false
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := (&http.Client{Transport: m.Transport}).Do(request)
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode == http.StatusCreated
}
