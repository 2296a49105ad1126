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
	"strings"
	"sync"
	"time"

	"scheduled-messages/infra/sandbox/database"
	"scheduled-messages/infra/sandbox/dataplane"
	"scheduled-messages/infra/sandbox/endpoint"
	"scheduled-messages/infra/sandbox/environment"
	"scheduled-messages/infra/sandbox/mysqlserver"
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
	}
	if s.Project.Checkout, err = tools.Checkout(); err != nil {
		return err
	}
	return s.updateState(func(t *state.State) { t.Receiver = s.receiver.Host })
}

// clearEnvironment takes what would lead a program to AWS out of this process's environment, and so out of that of all that
// it starts from here on. The tools' builds and downloads needed it as it was.
func (s *Session) clearEnvironment() error {
	s.environ = os.Environ()
	os.Clearenv()
	for _, variable := range environment.Local(s.environ) {
		name, value, _ := strings.Cut(variable, "=")
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return nil
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
		err = fmt.Errorf("one is up already (process %d): use it with `%s`, or end it with `%s`",
			old.PID, state.Command(folder, "send"), state.Command(folder, "down"))
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
		Listen:    "127.0.0.1:0",
		Moto:      s.state.Tools.Moto,
		Log:       log,
		Functions: "unix://" + socket,
		Databases: s.clusters,
	})
	if err != nil {
		cancel()
		return fmt.Errorf("endpoint: %w\n%s", err, supervisor.Tail(log.Name()))
	}
	s.closers = append(s.closers, func() error { cancel(); return aws.Wait() })
	go func() {
		if err := aws.Wait(); err != nil {
			s.fail(fmt.Errorf("the local AWS has ended: %w\n%s", err, supervisor.Tail(log.Name())))
		}
	}()
	folder := filepath.Join(s.options.Folder, "plane")
	if err := s.updateState(func(t *state.State) {
		t.Endpoint, t.Keys, t.Trace = aws.URL(), aws.Keys(), filepath.Join(folder, dataplane.TraceFile)
	}); err != nil {
		return err
	}
	plane, err := supervisor.Start(ctx, s.options.DataPlane, dataplane.Options{
		Endpoint:    aws.URL(),
		Region:      environment.Region,
		Keys:        aws.Keys(),
		Socket:      socket,
		Folder:      folder,
		CAFile:      s.clusters.Certificate.CAFile,
		Speed:       s.options.Speed,
		Concurrency: s.clusters.Concurrency,
	}, s.Out, func(pid int) error { return s.updateState(func(t *state.State) { t.PlanePID = pid }) })
	if err != nil {
		return fmt.Errorf("data plane: %w", err)
	}
	s.closers = append(s.closers, plane.Stop)
	s.Say("AWS at %s", aws.URL())
	return nil
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
