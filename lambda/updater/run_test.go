package main

import (
	"database/sql"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

// run is one function under faults, with what Lambda's queue would keep for it.
type run struct {
	t       *testing.T
	cloud   cloud
	server  *mysqltest.Server
	relay   *relay
	process *lambdaruntime.Process
	binary  string
	out     *output
	name    string
	events  map[string]string // by id, of all records that were sent
	kept    []string          // records whose invocation came to an error
	words   []string          // those errors
}

// start gives the run another environment, as Lambda does when one ended.
func (r *run) start() {
	r.t.Helper()
	r.process = r.cloud.start(r.t, r.binary, r.cloud.environ(r.server, "localhost", r.relay.port()), r.out)
}

// send invokes the function with a new record and keeps it if it came to an error.
func (r *run) send(status contract.Status) {
	r.t.Helper()
	id := fmt.Sprintf("%s-%d", r.name, len(r.events))
	event := sentRecord(id)
	if status == contract.Failed {
		event = failedRecord(id)
	}
	r.events[id] = string(status)
	r.hand(event)
}

func (r *run) hand(event string) {
	r.t.Helper()
	if answer := invoke(r.t, r.process, event, timeout); answer.Error != nil {
		r.kept = append(r.kept, event)
		r.words = append(r.words, answer.Error.Message)
	}
}

// heals asserts that the function got over a fault by itself.
func (r *run) heals() {
	r.t.Helper()
	for _, words := range r.words {
		r.t.Errorf("an event came to an error: %s", words)
	}
}

// fails asserts that events came to an error with these words in it.
func (r *run) fails(words string) {
	r.t.Helper()
	if len(r.words) == 0 || !strings.Contains(r.words[0], words) {
		r.t.Errorf("got errors %q, want %q", r.words, words)
	}
}

// cut kills the server's side of the function's connection.
func (r *run) cut() {
	r.t.Helper()
	admin := r.server.Admin(r.t)
	defer admin.Close()
	var connections []int64
	list, err := admin.Query("SELECT id FROM information_schema.processlist WHERE user = ?", appUser)
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

func (r *run) rotate(password string) {
	r.t.Helper()
	r.server.SetPassword(r.t, appUser, password)
	r.t.Cleanup(func() {
		r.server.SetPassword(r.t, appUser, appPassword)
		r.cloud.extension.Put(secretARN, secretJSON(appPassword))
	})
}

// retry does what Lambda's queue does with an event that came to an error.
func (r *run) retry() {
	r.t.Helper()
	for _, event := range r.kept {
		if answer := invoke(r.t, r.process, event, timeout); answer.Error != nil {
			r.t.Errorf("again: %s", answer.Error.Message)
		}
	}
}

func (r *run) admin() *sql.DB {
	r.t.Helper()
	return r.server.Open(r.t, mysqltest.AdminUser, mysqltest.AdminPassword, databaseName)
}

// freeze stops the process, as Lambda does between invocations, while something happens.
func freeze(t *testing.T, p *lambdaruntime.Process, during func()) {
	t.Helper()
	process, err := os.FindProcess(p.PID())
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	during()
	if err := process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
}
