// Package session is a sandbox while it is up: the database, the webhook receiver, the local AWS with its data plane, and
// the stack that is deployed there.
package session

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

	"scheduled-messages/infra/sandbox/database"
	"scheduled-messages/infra/sandbox/dataplane"
	"scheduled-messages/infra/sandbox/endpoint"
	"scheduled-messages/infra/sandbox/process"
	"scheduled-messages/infra/sandbox/project"
	"scheduled-messages/infra/sandbox/receiver"
	"scheduled-messages/infra/sandbox/state"
	"scheduled-messages/infra/sandbox/supervisor"
	"scheduled-messages/infra/sandbox/tools"
)

// Options say what a sandbox is made of.
type Options struct {
	Folder    string  // for state and logs
	Speed     float64 // by which the waits before retries are divided
	AsIs      bool    // takes the tools on PATH
	Embedded  bool    // takes the embedded MySQL server
	DataPlane string  // the subcommand of this program that runs the data plane
}

// Session is everything that runs while a sandbox is up.
type Session struct {
	Out     io.Writer
	Project *project.Project

	options  Options
	mu       sync.Mutex // of the state, which the data plane's restarts change, too
	state    state.State
	tools    tools.Tools
	database *database.Database
	receiver *receiver.Receiver
	closers  []func() error // run from the last to the first
	began    time.Time
}

// Start brings everything up but the stack. The session must be closed, also after an error.
func Start(ctx context.Context, o Options) (s *Session, err error) {
	s = &Session{options: o, Out: os.Stdout, began: time.Now()}
	if runtime.GOOS != "linux" {
		return s, errors.New("it runs the functions' own Linux binaries: run it on Linux, or in a Linux container")
	}
	if err := s.lockFolder(); err != nil {
		return s, err
	}
	if s.tools, err = findTools(ctx, o.AsIs); err != nil {
		return s, fmt.Errorf("tools: %w", err)
	}
	if s.database, err = database.Start(ctx, filepath.Join(s.state.Scratch, "mysql"), o.Embedded); err != nil {
		return s, fmt.Errorf("database: %w", err)
	}
	s.closers = append(s.closers, s.database.Stop)
	s.Say("%s at %s:%d", s.database.Kind, s.database.Host, database.Port)
	if s.receiver, err = receiver.Start(s.database.Certificate.Pair); err != nil {
		return s, fmt.Errorf("webhook receiver: %w", err)
	}
	s.closers = append(s.closers, s.receiver.Stop)
	if err := s.startAWS(ctx); err != nil {
		return s, err
	}
	s.Project = &project.Project{
		Folder: o.Folder,
		Tools:  s.tools,
		URL:    s.state.Endpoint,
		Keys:   s.state.Keys,
		Out:    s.Out,
		Err:    os.Stderr,
	}
	if s.Project.Checkout, err = project.Checkout(); err != nil {
		return s, err
	}
	return s, s.updateState(func(t *state.State) { t.Receiver, t.Database = s.receiver.Host, s.database.Login })
}

func findTools(ctx context.Context, asIs bool) (tools.Tools, error) {
	if asIs {
		return tools.OnPath()
	}
	return tools.Ready(ctx, os.Stderr)
}

// updateState changes what the sandbox's other commands know of it.
func (s *Session) updateState(change func(*state.State)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.state)
	return s.state.Save(s.options.Folder)
}

// State is what they know now.
func (s *Session) State() *state.State {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.state
	return &now
}

// lockFolder makes the folder this sandbox's, once nothing of an older sandbox is left in it.
func (s *Session) lockFolder() error {
	folder := s.options.Folder
	old, err := state.Read(folder)
	if err == nil && old != nil && old.Alive() {
		err = fmt.Errorf("one is up already (process %d): use send, status or down", old.PID)
	}
	if err != nil {
		return err
	}
	// What is in it is removed, now and in the end: never files of somebody else.
	if there, err := os.ReadDir(folder); err == nil && len(there) > 0 && old == nil {
		return fmt.Errorf("%s holds what is no sandbox's: allowed is a folder that is empty or not there", folder)
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
	return s.updateState(func(t *state.State) { t.PID, t.Began = os.Getpid(), began })
}

// startAWS starts the endpoint and the data plane, each of which has to know the other's address.
func (s *Session) startAWS(ctx context.Context) error {
	socket := filepath.Join(s.state.Scratch, "tmp", "plane") // the folder's path is short, and it is this user's alone
	log, err := os.Create(filepath.Join(s.options.Folder, "endpoint.log"))
	if err != nil {
		return err
	}
	s.closers = append(s.closers, log.Close)
	running, cancel := context.WithCancel(ctx)
	aws, err := endpoint.Start(running, endpoint.Options{
		Listen:       "127.0.0.1:0",
		Moto:         s.tools.Moto,
		Log:          log,
		Functions:    "unix://" + socket,
		DatabaseHost: s.database.Host,
	})
	if err != nil {
		cancel()
		return fmt.Errorf("endpoint: %w\n%s", err, supervisor.Tail(log.Name()))
	}
	s.closers = append(s.closers, func() error { cancel(); return aws.Wait() })
	folder := filepath.Join(s.options.Folder, "plane")
	if err := s.updateState(func(t *state.State) {
		t.Endpoint, t.Keys, t.Trace = aws.URL(), aws.Keys(), filepath.Join(folder, dataplane.TraceFile)
	}); err != nil {
		return err
	}
	plane, err := supervisor.Start(ctx, s.options.DataPlane, dataplane.Options{
		Endpoint:    aws.URL(),
		Region:      state.Region,
		Keys:        aws.Keys(),
		Socket:      socket,
		Folder:      folder,
		CAFile:      s.database.Certificate.CAFile,
		Speed:       s.options.Speed,
		Database:    s.database.Login,
		Concurrency: s.database.Concurrency,
	}, s.Out, func(pid int) error { return s.updateState(func(t *state.State) { t.PlanePID = pid }) })
	if err != nil {
		return fmt.Errorf("data plane: %w", err)
	}
	s.closers = append(s.closers, plane.Stop)
	s.Say("AWS at %s", aws.URL())
	return nil
}

// Close ends everything and leaves nothing behind. It takes no context: it is what an interruption ends in.
func (s *Session) Close() error {
	var all error
	for i := len(s.closers) - 1; i >= 0; i-- {
		all = errors.Join(all, s.closers[i]())
	}
	s.closers = nil
	return all
}

// Say prints a line with the time since the start.
func (s *Session) Say(format string, args ...any) {
	fmt.Fprintf(s.Out, "%5.1f s  %s\n", time.Since(s.began).Seconds(), fmt.Sprintf(format, args...))
}
