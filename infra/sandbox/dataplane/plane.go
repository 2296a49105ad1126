// Package dataplane runs what is deployed at the sandbox's AWS endpoint: functions under a Lambda Runtime API, their
// asynchronous invocations by Lambda's rules, and Scheduler's schedules at their times. It asks the endpoint what there
// is, and keeps on disk what AWS would not lose, so that it may be killed at any moment.
package dataplane

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/sigv4"
	"scheduled-messages/infra/sandbox/socket"
)

// Options say what to run, and where.
type Options struct {
	Endpoint string // the AWS endpoint's URL
	Region   string // where the stack is
	Keys     sigv4.Keys
	Socket   string  // the path of the Unix socket for Lambda's Invoke API
	Folder   string  // what a later process goes on with
	CAFile   string  // PEM of the authority that the database and the local webhook receivers are certified by
	Speed    float64 // by which the waits before retries are divided
	// Concurrency is how many environments of a function run at most. It is below the connections that the database's
	// proxy lets through, since a warm environment keeps one.
	Concurrency int
}

// The files in Options.Folder that others read.
const (
	TraceFile    = "trace.jsonl" // of Lines
	FunctionsLog = "functions.log"
)

// The folders in it.
const (
	eventsFolder      = "events"
	invocationsFolder = "invocations"
	progressFolder    = "schedules"
)

// plane is one process's data plane.
type plane struct {
	options     Options
	cloud       *cloud.Client
	log         *log.Logger
	output      io.Writer // of the functions
	trace       *trace
	runtime     *lambdaruntime.API
	extension   *lambdaruntime.Extension
	deployed    *cache[cloud.Function]
	rules       *cache[cloud.Asynchronous]
	throttled   *cache[bool]
	roles       *cache[cloud.Role]
	functions   *functions
	events      *queue[event]
	invocations *queue[invocation]
}

// Run runs until ctx ends. Then its functions are ended in the middle of what they do, and what they did comes again
// in the next process.
func Run(ctx context.Context, o Options) (err error) {
	listener, err := socket.Listen(o.Socket)
	if err != nil {
		return err
	}
	defer listener.Close()
	p := &plane{options: o, cloud: cloud.New(o.Endpoint, o.Region, o.Keys), log: log.New(os.Stderr, "data plane: ", log.LstdFlags)}
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return err
	}
	if p.trace, err = openTrace(filepath.Join(o.Folder, TraceFile)); err != nil {
		return err
	}
	defer p.trace.file.Close()
	output, err := os.OpenFile(filepath.Join(o.Folder, FunctionsLog), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer output.Close()
	p.output = output
	if p.runtime, err = lambdaruntime.Listen(); err != nil {
		return err
	}
	defer p.runtime.Close()
	if p.extension, err = lambdaruntime.ListenExtensionFor(p.runtime, p.secret); err != nil {
		return err
	}
	defer p.extension.Close()
	p.deployed, p.roles, p.rules = newCache(p.cloud.Function), newCache(p.cloud.Role), newCache(p.cloud.Asynchronous)
	p.throttled = newCache(p.cloud.Throttled)
	p.functions = &functions{plane: p, pools: map[string]*pool{}}
	defer p.functions.close()

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if p.events, err = open(ctx, filepath.Join(o.Folder, eventsFolder), p.workEvent); err != nil {
		return err
	}
	defer func() { cancel(); p.events.wait() }()
	if p.invocations, err = open(ctx, filepath.Join(o.Folder, invocationsFolder), p.workInvocation); err != nil {
		return err
	}
	defer func() { cancel(); p.invocations.wait() }()
	s, err := newSchedules(p, o.Folder)
	if err != nil {
		return err
	}
	return p.serve(ctx, cancel, listener, s)
}

func (p *plane) serve(ctx context.Context, cancel context.CancelFunc, listener net.Listener, s *schedules) error {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /2015-03-31/functions/{name}/invocations", p.invoke)
	mux.HandleFunc("GET /{$}", func(http.ResponseWriter, *http.Request) {}) // ready
	server := &http.Server{Handler: mux, ErrorLog: p.log, BaseContext: func(net.Listener) context.Context { return ctx }}
	polled := make(chan struct{})
	go func() {
		defer close(polled)
		s.run(ctx)
	}()
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	err := server.Serve(listener)
	cancel()
	<-polled
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// account is the account in an ARN.
func account(arn string) string {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		return parts[4]
	}
	return ""
}

// newID is a request's id.
func newID() string { return idFor(rand.Text()) }
