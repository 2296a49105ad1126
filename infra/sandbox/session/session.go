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
	"scheduled-messages/infra/sandbox/mysqlserver"
	"scheduled-messages/infra/sandbox/project"
	"scheduled-messages/infra/sandbox/receiver"
	"scheduled-messages/infra/sandbox/state"
	"scheduled-messages/infra/sandbox/tools"
)

// Options say what a sandbox is made of.
type Options struct {
	Folder    string  // for state and logs
	Speed     float64 // by which the waits before retries are divided
	AsIs      bool    // takes the tools on PATH
	Embedded  bool    // takes the embedded MySQL server
	DataPlane string  // the subcommand of this program that runs the data plane
	Cleaner   string  // the subcommand that calls CleanUp
	Verbose   bool    // prints all that Pulumi prints
}

// Session is everything that runs while a sandbox is up.
type Session struct {
	Out     io.Writer
	Project *project.Project

	options  Options
	mu       sync.Mutex // of the state, which the data plane's restarts and new clusters change, too
	state    state.State
	environ  []string // the user's own
	clusters *database.Clusters
	receiver *receiver.Receiver
	fail     context.CancelCauseFunc // ends what is being done
	closers  []func() error          // run from the last to the first
	began    time.Time
}

// Run does something in a sandbox, which is gone afterwards whatever happens. The context of what is done ends with ctx, and
// when a part of the sandbox ends by itself.
func Run(ctx context.Context, o Options, do func(context.Context, *Session) error) error {
	running, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	s := &Session{options: o, Out: os.Stdout, began: time.Now(), fail: fail}
	err := s.start(running)
	if err == nil {
		err = do(running, s)
	}
	switch cause := context.Cause(running); {
	case ctx.Err() != nil && err != nil: // what was running until then has ended as it should
		err = errors.New("interrupted")
	case cause != nil && ctx.Err() == nil:
		err = cause
	}
	return errors.Join(err, s.close())
}

// start brings everything up but the stack. The session must be closed, also after an error.
func (s *Session) start(ctx context.Context) (err error) {
	if runtime.GOOS != "linux" {
		return errors.New("it runs the functions' own Linux binaries: run it on Linux, or in a Linux container")
	}
	if err := s.lockFolder(); err != nil {
		return err
	}
	if s.state.Tools, err = findTools(ctx, s.options.AsIs); err != nil {
		return fmt.Errorf("tools: %w", err)
	}
	if err := s.clearEnvironment(); err != nil {
		return err
	}
	s.clusters, err = database.NewClusters(ctx, database.Options{
		Folder:      filepath.Join(s.state.Scratch, "mysql"),
		Embedded:    s.options.Embedded,
		ClientFiles: s.options.Folder,
		Changed: func(logins map[string]mysqlserver.Login) error {
			return s.updateState(func(t *state.State) { t.Databases = logins })
		},
		Failed: s.fail,
	})
	s.closers = append(s.closers, s.clusters.Close)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	s.Say("%s at %s", s.clusters.Kind, s.clusters.First)
	if s.receiver, err = receiver.Start(s.clusters.Certificate.Pair); err != nil {
		return fmt.Errorf("webhook receiver: %w", err)
	}
	s.closers = append(s.closers, s.receiver.Stop)
	if err := s.startAWS(ctx); err != nil {
		return err
	}
	s.Project = &project.Project{
		Folder:  s.options.Folder,
		Tools:   s.state.Tools,
		URL:     s.state.Endpoint,
		Keys:    s.state.Keys,
		Environ: s.environ,
		Out:     s.Out,
		Err:     os.Stderr,
		Verbose: s.options.Verbose,
	}
	if s.Project.Checkout, err = tools.Checkout(); err != nil {
		return err
	}
	return s.updateState(func(t *state.State) { t.Receiver = s.receiver.Host })
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

// close ends everything and leaves nothing behind. It takes no context: it is what an interruption ends in.
func (s *Session) close() error {
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
