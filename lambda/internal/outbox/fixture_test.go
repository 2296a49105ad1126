package outbox

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/migrator/migrations"
)

const (
	appUser     = "app"
	appPassword = "Pass-word_of:app~1"
)

// prepare makes the table as the migrator does, and opens it as the application's user on one connection, as a function has it.
func prepare(t testing.TB, s *mysqltest.Server) *sql.DB {
	t.Helper()
	s.Migrated(t, "messages", migrations.Files()).Close()
	s.CreateUser(t, appUser, appPassword, "SELECT, INSERT, UPDATE ON messages.messages")
	db := s.Open(t, appUser, appPassword, "messages")
	db.SetMaxOpenConns(1)
	return db
}

func exec(t testing.TB, db *sql.DB, statement string, arguments ...any) {
	t.Helper()
	if _, err := db.Exec(statement, arguments...); err != nil {
		t.Fatalf("%.200s: %v", statement, err)
	}
}

// schedule is a backend's own statement.
func schedule(t testing.TB, db *sql.DB, id string, at time.Time, body string) {
	t.Helper()
	exec(t, db, "INSERT INTO messages (id, channel, recipient, subject, body, scheduled_at) VALUES (?, 'sns', 'team', 'Hello', ?, ?)", id, body, at)
}

// move and cancel are a backend's other statements.
const (
	move   = "UPDATE messages SET scheduled_at = ? WHERE id = ? AND status = 'SCHEDULED'"
	cancel = "UPDATE messages SET status = 'CANCELLED' WHERE id = ? AND status = 'SCHEDULED'"
)

func noon() time.Time { return time.Date(2031, 1, 2, 12, 0, 0, 0, time.UTC) }

// read reads a page, long after everything that a test does.
func read(t testing.TB, db *sql.DB, after *contract.Cursor) contract.Page {
	t.Helper()
	p, err := ReadPage(t.Context(), db, time.Now().Add(time.Hour), after)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// work is what a first page asks for: "arm a, clear b".
func work(t testing.TB, db *sql.DB) string {
	t.Helper()
	var all []string
	for _, c := range read(t, db, nil).Commands {
		all = append(all, fmt.Sprintf("%s %s", c.Op, c.ID))
	}
	return strings.Join(all, ", ")
}

// done records that a page's commands are carried out.
func done(t testing.TB, db *sql.DB, p contract.Page) Recorded {
	t.Helper()
	var states []contract.ScheduleState
	for _, c := range p.Commands {
		states = append(states, contract.ScheduleState{ID: c.ID, Op: c.Op, Version: c.Version, Reason: c.Reason})
	}
	return record(t, db, states...)
}

func record(t testing.TB, db *sql.DB, states ...contract.ScheduleState) Recorded {
	t.Helper()
	recorded, err := Record(t.Context(), db, states, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return recorded
}
