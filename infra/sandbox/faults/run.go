// Package faults runs the compiled updater through faults of its database, its secret, its environment and its events, for tests.
package faults

import (
	"database/sql"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/infra/sandbox/tcprelay"
	"scheduled-messages/lambda/contract"
)

// Run is one function under faults, with what Lambda's queue would keep for it.
type Run struct {
	t       *testing.T
	cloud   *lambdatest.Cloud
	server  *mysqltest.Server
	relay   *tcprelay.Relay
	process *lambdaruntime.Process
	binary  string
	out     *lambdatest.Output
	name    string
	events  map[string]string // by id, of all records that were sent
	kept    []string          // records whose invocation ended with an error
	errors  []string          // those errors
}

// NewRun starts a function whose events have ids that begin with the name.
func NewRun(t *testing.T, c *lambdatest.Cloud, s *mysqltest.Server, name, binary string, out *lambdatest.Output) *Run {
	t.Helper()
	r := &Run{t: t, cloud: c, server: s, binary: binary, out: out, name: name, events: map[string]string{}}
	r.relay = tcprelay.Start(t, "127.0.0.1", tcprelay.Local(s.Port), nil)
	r.start()
	return r
}

// Events are the statuses that the records have, by id.
func (r *Run) Events() map[string]string { return r.events }

// start gives the run another environment, as Lambda does when one ended.
func (r *Run) start() {
	r.t.Helper()
	r.process = r.cloud.Run(r.t, r.binary, Environment(r.server, r.relay.Port()), r.out)
}

// Environment is the updater's on the port that leads to the server.
func Environment(s *mysqltest.Server, port int) lambdatest.Environment {
	return lambdatest.DatabaseEnvironment(s, contract.EnvDBPort, fmt.Sprint(port),
		contract.EnvDBSecretARN, lambdatest.AppSecretARN, contract.EnvSenderARN, lambdatest.SenderARN)
}

// send invokes the function with a new record and keeps it if the invocation ends with an error.
func (r *Run) send(status contract.Status) {
	r.t.Helper()
	id := fmt.Sprintf("%s-%d", r.name, len(r.events))
	event := lambdatest.SentRecord(id)
	if status == contract.Failed {
		event = lambdatest.FailedRecord(id)
	}
	r.events[id] = string(status)
	r.hand(event)
}

func (r *Run) hand(event string) {
	r.t.Helper()
	if answer := lambdatest.Invoke(r.t, r.process, event, lambdatest.Timeout); answer.Error != nil {
		r.kept = append(r.kept, event)
		r.errors = append(r.errors, answer.Error.Message)
	}
}

// recovers asserts that the function recovered from a fault by itself.
func (r *Run) recovers() {
	r.t.Helper()
	for _, text := range r.errors {
		r.t.Errorf("an event ended with an error: %s", text)
	}
}

// fails asserts that events ended with an error that has the text.
func (r *Run) fails(text string) {
	r.t.Helper()
	if len(r.errors) == 0 || !strings.Contains(r.errors[0], text) {
		r.t.Errorf("got errors %q, want %q", r.errors, text)
	}
}

// cut kills the server's side of the function's connection.
func (r *Run) cut() {
	r.t.Helper()
	admin := r.server.Admin(r.t)
	defer admin.Close()
	var connections []int64
	list, err := admin.Query("SELECT id FROM information_schema.processlist WHERE user = ?", lambdatest.AppUser)
	if err != nil {
		r.t.Fatal(err)
	}
	defer list.Close()
	for list.Next() {
		var id int64
		if err := list.Scan(&id); err != nil {
			r.t.Fatal(err)
		}
		connections = append(connections, id)
	}
	if len(connections) == 0 {
		r.t.Fatal("the function has no connection")
	}
	for _, id := range connections {
		r.server.Kill(r.t, id)
	}
}

func (r *Run) rotate(password string) {
	r.t.Helper()
	r.server.SetPassword(r.t, lambdatest.AppUser, password)
	r.t.Cleanup(func() {
		r.server.SetPassword(r.t, lambdatest.AppUser, lambdatest.AppPassword)
		r.put(lambdatest.AppPassword)
	})
}

func (r *Run) put(password string) {
	r.cloud.Extension.Put(lambdatest.AppSecretARN, lambdatest.SecretJSON(lambdatest.AppUser, password))
}

// Retry does what Lambda's queue does with an event whose invocation ended with an error.
func (r *Run) Retry() {
	r.t.Helper()
	for _, event := range r.kept {
		if answer := lambdatest.Invoke(r.t, r.process, event, lambdatest.Timeout); answer.Error != nil {
			r.t.Errorf("again: %s", answer.Error.Message)
		}
	}
}

func (r *Run) admin() *sql.DB {
	r.t.Helper()
	return lambdatest.OpenAdmin(r.t, r.server)
}

// freeze stops the process, as Lambda does between invocations, while something happens.
func (r *Run) freeze(during func()) {
	r.t.Helper()
	process, err := os.FindProcess(r.process.PID())
	if err != nil {
		r.t.Fatal(err)
	}
	if err := process.Signal(syscall.SIGSTOP); err != nil {
		r.t.Fatal(err)
	}
	during()
	if err := process.Signal(syscall.SIGCONT); err != nil {
		r.t.Fatal(err)
	}
}
