package main

import (
	"context"
	"crypto/tls"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/jsonlog"
	"scheduled-messages/lambda/internal/mysql"
	"scheduled-messages/lambda/migrator/migrations"
)

const (
	databaseName = "messages"
	appUser      = "app"
	appPassword  = "Pass-word_of:app~1"
	senderARN    = "arn:aws:lambda:us-east-1:000000000000:function:sender"
	secretARN    = "arn:aws:secretsmanager:us-east-1:000000000000:secret:app-AbCdEf"
)

// each runs a test on each server that there is.
func each(t *testing.T, test func(*testing.T, *mysqltest.Server)) {
	mysqltest.Each(t, func(t *testing.T, s *mysqltest.Server) { test(t, prepare(t, s)) })
}

// prepare makes the table as the migrator does, and the application's user.
func prepare(t testing.TB, s *mysqltest.Server) *mysqltest.Server {
	t.Helper()
	s.Migrated(t, databaseName, migrations.Files()).Close()
	s.CreateUser(t, appUser, appPassword, "SELECT, INSERT, UPDATE ON "+databaseName+".messages")
	return s
}

// secrets is a Secrets that holds the application user's.
type secrets struct {
	mu       sync.Mutex
	password string
	asked    int
}

func (s *secrets) Get(_ context.Context, arn string, into any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	if arn != secretARN {
		return fmt.Errorf("no secret %s", arn)
	}
	return json.Unmarshal([]byte(secretJSON(s.password)), into)
}

func secretJSON(password string) string {
	value, err := json.Marshal(contract.DatabaseSecret{Username: appUser, Password: password, Engine: "mysql"})
	if err != nil {
		return err.Error()
	}
	return string(value)
}

// inProcess is a handler for the server whose log goes to out.
func inProcess(t *testing.T, s *mysqltest.Server, keys mysql.Secrets, out io.Writer) *handler {
	t.Helper()
	server := mysql.Server{Host: s.Host, Port: s.Port, Name: databaseName}
	pool := mysql.NewPool(server, keys, secretARN, time.Minute, &tls.Config{RootCAs: s.Roots})
	t.Cleanup(pool.Close)
	return &handler{pool, senderARN, jsonlog.New(out)}
}

// stored is all of a row that an outcome may change, and when it changed last.
type stored struct {
	Channel, Recipient, Subject, Status, ProviderID, LastError, SentAt, UpdatedAt string
}

// rows reads the whole table.
func rows(t testing.TB, db *sql.DB) map[string]stored {
	t.Helper()
	found, err := db.Query(`SELECT id, COALESCE(channel, ''), COALESCE(recipient, ''), COALESCE(subject, ''), status, COALESCE(provider_id, ''),
 COALESCE(last_error, ''), sent_at, updated_at FROM messages`)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	all := map[string]stored{}
	for found.Next() {
		var id string
		var r stored
		var sent sql.NullTime
		var updated time.Time
		err := found.Scan(&id, &r.Channel, &r.Recipient, &r.Subject, &r.Status, &r.ProviderID, &r.LastError, &sent, &updated)
		if err != nil {
			t.Fatal(err)
		}
		if sent.Valid {
			r.SentAt = sent.Time.UTC().Format(time.RFC3339Nano)
		}
		r.UpdatedAt = updated.UTC().Format(time.RFC3339Nano)
		all[id] = r
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
