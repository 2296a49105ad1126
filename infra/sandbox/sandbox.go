package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"scheduled-messages/infra/sandbox/dataplane"
	"scheduled-messages/infra/sandbox/endpoint"
	"scheduled-messages/infra/sandbox/tools"
)

// sandbox is everything that runs while a sandbox is up.
type sandbox struct {
	folder   string
	mu       sync.Mutex // of the state, which the data plane's restarts change, too
	state    state
	out      io.Writer
	tools    tools.Tools
	database *database
	receiver *receiver
	project  *project
	closers  []func() error // run from the last to the first
	began    time.Time
}

// options are what `up` and the demonstration are told.
type options struct {
	folder   string
	speed    float64
	asIs     bool // the tools
	embedded bool // the MySQL server
}

// start brings everything up but the stack. The sandbox must be closed, also after an error.
func start(ctx context.Context, o options) (s *sandbox, err error) {
	s = &sandbox{folder: o.folder, out: os.Stdout, began: time.Now()}
	if runtime.GOOS != "linux" {
		return s, errors.New("it runs the functions' own Linux binaries: run it on Linux, or in a Linux container")
	}
	if err := s.claim(); err != nil {
		return s, err
	}
	if s.tools, err = findTools(ctx, o.asIs); err != nil {
		return s, fmt.Errorf("tools: %w", err)
	}
	if s.database, err = startDatabase(ctx, filepath.Join(s.state.Scratch, "mysql"), o.embedded); err != nil {
		return s, fmt.Errorf("database: %w", err)
	}
	s.closers = append(s.closers, s.database.stop)
	s.say("%s at %s:%d", s.database.kind, s.database.host, mysqlPort)
	if s.receiver, err = startReceiver(s.database.certificate.Pair); err != nil {
		return s, fmt.Errorf("webhook receiver: %w", err)
	}
	s.closers = append(s.closers, s.receiver.stop)
	if err := s.startAWS(ctx, o); err != nil {
		return s, err
	}
	s.project = &project{folder: s.folder, tools: s.tools, url: s.state.Endpoint, keys: s.state.Keys, out: s.out, err: os.Stderr}
	if s.project.module, err = moduleFolder(); err != nil {
		return s, err
	}
	return s, s.tell(func(t *state) { t.Receiver, t.Database = s.receiver.host, s.database.login })
}

// tell changes what the sandbox's other commands know of it.
func (s *sandbox) tell(change func(*state)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.state)
	return s.state.save(s.folder)
}

// told is what they know now.
func (s *sandbox) told() *state {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.state
	return &now
}

// claim takes the folder, once nothing of an older sandbox is left in it.
func (s *sandbox) claim() error {
	old, err := readState(s.folder)
	if err == nil && old != nil && old.alive() {
		err = fmt.Errorf("one is up already (process %d): use send, status or down", old.PID)
	}
	if err != nil {
		return err
	}
	// What is in it goes, now and in the end: nobody else's folder, please.
	if there, err := os.ReadDir(s.folder); err == nil && len(there) > 0 && old == nil {
		return fmt.Errorf("%s holds what is no sandbox's: allowed is a folder that is empty or not there", s.folder)
	}
	if err := clearAway(s.folder, old); err != nil {
		return err
	}
	if s.state.Scratch, err = os.MkdirTemp("", "sandbox-"); err != nil {
		return err
	}
	s.closers = append(s.closers, func() error { return clearAway(s.folder, &s.state) })
	temporary := filepath.Join(s.state.Scratch, "tmp")
	for _, folder := range []string{s.folder, temporary} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
	}
	if err := os.Chmod(s.state.Scratch, 0o755); err != nil { // the database may run as another user
		return err
	}
	began, err := beginning(os.Getpid())
	if err != nil {
		return err
	}
	// For all that is started from here on.
	if err := errors.Join(os.Setenv(markVariable, s.folder), os.Setenv("TMPDIR", temporary)); err != nil {
		return err
	}
	return s.tell(func(t *state) { t.PID, t.Began = os.Getpid(), began })
}

// startAWS starts the endpoint and the data plane, each of which has to know the other's address.
func (s *sandbox) startAWS(ctx context.Context, o options) error {
	plug := filepath.Join(s.state.Scratch, "tmp", "plane") // the folder's path is short, and it is this user's alone
	log, err := os.Create(filepath.Join(s.folder, "endpoint.log"))
	if err != nil {
		return err
	}
	s.closers = append(s.closers, log.Close)
	running, cancel := context.WithCancel(ctx)
	aws, err := endpoint.Start(running, endpoint.Options{
		Listen: "127.0.0.1:0", Moto: s.tools.Moto, Log: log, Functions: "unix://" + plug, DatabaseHost: s.database.host})
	if err != nil {
		cancel()
		return fmt.Errorf("endpoint: %w\n%s", err, tail(log.Name()))
	}
	s.closers = append(s.closers, func() error { cancel(); return aws.Wait() })
	folder := filepath.Join(s.folder, "plane")
	if err := s.tell(func(t *state) {
		t.Endpoint, t.Keys, t.Trace = aws.URL(), aws.Keys(), filepath.Join(folder, dataplane.TraceFile)
	}); err != nil {
		return err
	}
	plane, err := startPlane(ctx, dataplane.Options{
		Endpoint: aws.URL(), Region: region, Keys: aws.Keys(), Socket: plug, Folder: folder, CAFile: s.database.certificate.CAFile,
		Speed: o.speed, Database: s.database.login, Concurrency: s.database.concurrency,
	}, s.out, func(pid int) error { return s.tell(func(t *state) { t.PlanePID = pid }) })
	if err != nil {
		return fmt.Errorf("data plane: %w", err)
	}
	s.closers = append(s.closers, plane.stop)
	s.say("AWS at %s", aws.URL())
	return nil
}

// close ends everything and leaves nothing behind. It takes no context: it is what an interruption ends in.
func (s *sandbox) close() error {
	var all error
	for i := len(s.closers) - 1; i >= 0; i-- {
		all = errors.Join(all, s.closers[i]())
	}
	s.closers = nil
	return all
}

// clearAway ends what processes a sandbox has left, and removes its folders.
func clearAway(folder string, s *state) error {
	err := sweep(folder)
	if s != nil {
		err = errors.Join(err, os.RemoveAll(s.Scratch))
	}
	return errors.Join(err, os.RemoveAll(folder))
}

// say prints a line with the time since the start.
func (s *sandbox) say(format string, args ...any) {
	fmt.Fprintf(s.out, "%5.1f s  %s\n", time.Since(s.began).Seconds(), fmt.Sprintf(format, args...))
}
