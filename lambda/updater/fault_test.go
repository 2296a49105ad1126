package main

import (
	"database/sql"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"scheduled-messages/lambda/internal/mysqltest"
	"scheduled-messages/lambda/message"
	"scheduled-messages/lambda/runtimetest"
)

// run is one function under faults, with what Lambda's queue would keep for it.
type run struct {
	t       *testing.T
	cloud   cloud
	server  *mysqltest.Server
	relay   *relay
	process *runtimetest.Process
	name    string
	events  map[string]string // by id, of all records that were sent
	kept    []string          // records whose invocation came to an error
	words   []string          // those errors
}

// send invokes the function with a new record and keeps it if it came to an error.
func (r *run) send(status message.Status) {
	r.t.Helper()
	id := fmt.Sprintf("%s-%d", r.name, len(r.events))
	event := sentRecord(id)
	if status == message.Failed {
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

func faults() map[string]func(*run) {
	const rotated = "An-other_pass:word~2"
	return map[string]func(*run){
		"cold": func(r *run) { r.send(message.Sent); r.heals() },
		"warm": func(r *run) {
			first := connection(r.t, r.process)
			for range 1000 {
				r.send(message.Sent)
			}
			if last := connection(r.t, r.process); last != first {
				r.t.Errorf("connection %v became %v", first, last)
			}
			r.heals()
		},
		"killed":      func(r *run) { r.send(message.Sent); r.cut(); r.send(message.Failed); r.heals() },
		"cutrequest":  func(r *run) { r.send(message.Sent); r.relay.next(cutRequest); r.send(message.Sent); r.heals() },
		"cutresponse": func(r *run) { r.send(message.Sent); r.relay.next(cutResponse); r.send(message.Sent); r.heals() },
		"gone": func(r *run) {
			r.send(message.Sent)
			r.server.Stop(r.t)
			r.send(message.Sent)
			r.send(message.Failed)
			r.server.Restart(r.t)
			r.send(message.Sent)
			r.fails("connection")
		},
		"silent": func(r *run) {
			r.send(message.Sent)
			r.relay.next(swallow)
			answer := invoke(r.t, r.process, sentRecord("silent"), 2*time.Second)
			if answer.Error == nil || !strings.Contains(answer.Error.Message, "deadline") {
				r.t.Errorf("got %+v, want the function's own error before its time is up", answer)
			}
			r.events["silent"] = "SENT"
			r.kept = append(r.kept, sentRecord("silent"))
		},
		"rotated": func(r *run) {
			r.send(message.Sent)
			r.rotate(rotated)
			r.cloud.extension.Put(secretARN, secretJSON(rotated))
			r.cut() // as RDS Proxy does not; a connection outlives its password
			r.send(message.Sent)
			r.heals()
		},
		"rotating": func(r *run) {
			r.send(message.Sent)
			r.rotate(rotated)
			r.cut()
			r.send(message.Sent) // the secret still holds the old password
			r.fails("1045")
			r.cloud.extension.Put(secretARN, secretJSON(rotated))
		},
		"busyextension": func(r *run) { r.cloud.extension.Fail(400, 500, 400); r.send(message.Sent); r.heals() },
		"thawed": func(r *run) {
			r.send(message.Sent)
			freeze(r.t, r.process, func() { r.cut() })
			r.send(message.Sent)
			r.heals()
		},
		"malformed": func(r *run) {
			r.send(message.Sent)
			before := rows(r.t, r.admin())
			for _, event := range malformed(r.t) {
				answer := invoke(r.t, r.process, event, timeout)
				if answer.Error == nil {
					r.t.Errorf("%.200s was taken: %s", event, answer.Payload)
				}
			}
			if after := rows(r.t, r.admin()); fmt.Sprint(after) != fmt.Sprint(before) {
				r.t.Errorf("a malformed event changed the rows from\n%v to\n%v", before, after)
			}
			r.send(message.Sent)
			r.heals()
		},
		"oversized": func(r *run) { r.oversized(); r.heals() },
	}
}

func (r *run) admin() *sql.DB {
	r.t.Helper()
	return r.server.Open(r.t, mysqltest.AdminUser, mysqltest.AdminPassword, databaseName)
}

// freeze stops the process, as Lambda does between invocations, while something happens.
func freeze(t *testing.T, p *runtimetest.Process, during func()) {
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
