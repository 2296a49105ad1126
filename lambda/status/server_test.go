package main

import (
	"context"
	"crypto/tls"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/jsonlog"
	"scheduled-messages/lambda/internal/mysql"
	"scheduled-messages/lambda/migrator/migrations"
)

const (
	databaseName   = "messages"
	readerUser     = "reader"
	readerPassword = "Pass-word_of:reader~1"
	secretARN      = "arn:aws:secretsmanager:us-east-1:000000000000:secret:reader-AbCdEf"
)

// each runs a test on every kind of server.
func each(t *testing.T, test func(*testing.T, *mysqltest.Server)) {
	mysqltest.Each(t, func(t *testing.T, s *mysqltest.Server) { prepare(t, s); test(t, s) })
}

// prepare makes the table as the migrator does, and the user that only reads it. It returns the master user's pool.
func prepare(t testing.TB, s *mysqltest.Server) *sql.DB {
	t.Helper()
	db := s.Migrated(t, databaseName, migrations.Files())
	s.CreateUser(t, readerUser, readerPassword, "SELECT ON "+databaseName+".messages")
	return db
}

// insert adds rows of a status.
func insert(t testing.TB, db *sql.DB, status contract.Status, ids ...string) {
	t.Helper()
	var values []string
	for _, id := range ids {
		values = append(values, fmt.Sprintf("('%s', 'sns', '%s', '2026-11-21 12:00:00')", id, status))
	}
	if _, err := db.Exec("INSERT INTO messages (id, channel, status, scheduled_at) VALUES " + strings.Join(values, ",")); err != nil {
		t.Fatal(err)
	}
}

// keys is a Secrets that holds the reader's, or fails.
type keys struct{ err error }

func (k keys) Get(_ context.Context, _ string, into any) error {
	*into.(*contract.DatabaseSecret) = contract.DatabaseSecret{Username: readerUser, Password: readerPassword}
	return k.err
}

// inProcess is a handler for the server whose log goes to out.
func inProcess(t testing.TB, s *mysqltest.Server, out io.Writer) *handler {
	t.Helper()
	server := mysql.Server{Host: s.Host, Port: s.Port, Name: databaseName}
	h := &handler{mysql.NewPool(server, keys{}, secretARN, time.Minute, &tls.Config{RootCAs: s.Roots}), jsonlog.New(out)}
	t.Cleanup(h.pool.Close)
	return h
}

// ask puts a question and returns the answer's fields.
func ask(t testing.TB, h *handler, question string) map[string]any {
	t.Helper()
	payload, err := h.Invoke(t.Context(), []byte(question))
	if err != nil {
		t.Fatal(err)
	}
	return fields(t, payload)
}

func fields(t testing.TB, text []byte) map[string]any {
	t.Helper()
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return got
}

// logged is the one line that was logged.
func logged(t testing.TB, out *lambdaruntime.Output) map[string]any {
	t.Helper()
	if n := strings.Count(out.String(), "\n"); n != 1 {
		t.Fatalf("%d lines: %s", n, out)
	}
	return fields(t, []byte(out.String()))
}
