package main

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqlserver"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

// migrated is a migrator that has run once, and then has one migration more.
func migrated(t *testing.T, s *mysqltest.Server, next ...string) *handler {
	t.Helper()
	files := fstest.MapFS{"0001_a.sql": file("INSERT INTO messages (id) VALUES ('a')")}
	m := target(t, s, files)
	if _, err := m.handle(t.Context()); err != nil {
		t.Fatal(err)
	}
	files["0002_b.sql"] = file(next...)
	return m
}

const alter = "ALTER TABLE messages ADD COLUMN note INT NULL"

func TestAMigrationIsNotHeldUpByTheApplicationsUser(t *testing.T) {
	for name, one := range map[string]struct{ held, next []string }{
		"an open transaction": {[]string{"BEGIN", "SELECT * FROM messages"}, []string{alter}},
		"a handler":           {[]string{"HANDLER messages OPEN"}, []string{alter}},
		"a row":               {[]string{"BEGIN", "SELECT * FROM messages FOR UPDATE"}, []string{"UPDATE messages SET id = 'b'"}},
	} {
		t.Run(name, func(t *testing.T) {
			mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
				m := migrated(t, s, one.next...)
				out := &lambdaruntime.Output{}
				m.log = slog.New(slog.NewJSONHandler(out, nil))
				conn := s.Session(t, "app", lambdatest.AppPassword, lambdatest.Database, one.held...)
				ctx, cancel := context.WithTimeout(t.Context(), margin+time.Minute)
				defer cancel()
				if got, err := m.handle(ctx); err != nil || got.Version != 2 {
					t.Fatalf("got %+v, %v", got, err)
				}
				if conn.PingContext(t.Context()) == nil || !strings.Contains(out.String(), `"user":"app"`) {
					t.Errorf("the session was not ended, or the log does not report it: %s", out.String())
				}
			})
		})
	}
}

func TestSessionsThatHoldNothingUpStay(t *testing.T) {
	mysqltest.EachKind(t, func(t *testing.T, s *mysqltest.Server) {
		m := migrated(t, s, "SELECT SLEEP(4)", alter)
		conn := s.Session(t, "app", lambdatest.AppPassword, lambdatest.Database, "SELECT * FROM messages")
		if _, err := m.handle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := conn.PingContext(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestAnotherUserWhoHoldsUpAMigrationIsNamedAndNotEnded(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		m := migrated(t, s, alter)
		s.CreateUser(t, "analyst", lambdatest.AppPassword, "SELECT ON messages.*")
		conn := s.Session(t, "analyst", lambdatest.AppPassword, lambdatest.Database, "BEGIN", "SELECT * FROM messages")
		ctx, cancel := context.WithTimeout(t.Context(), margin+5*time.Second)
		defer cancel()
		_, err := m.handle(ctx)
		if err == nil || !strings.Contains(err.Error(), "0002_b.sql") || !strings.Contains(err.Error(), " of analyst from 127.0.0.1") {
			t.Errorf("got %v", err)
		}
		if err := conn.PingContext(t.Context()); err != nil {
			t.Errorf("the session was ended: %v", err)
		}
	})
}

func TestAPreparedTransactionThatHoldsUpAMigrationIsNamedWithWhatEndsIt(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		m := migrated(t, s, "UPDATE messages SET id = 'b'")
		s.Session(t, "app", lambdatest.AppPassword, lambdatest.Database, "XA START 'x''\\\\', 'y', 7", "UPDATE messages SET id = 'c'", "XA END 'x''\\\\', 'y', 7", "XA PREPARE 'x''\\\\', 'y', 7").Close()
		s.Exec(t, "SET GLOBAL innodb_lock_wait_timeout = 50")
		ctx, cancel := context.WithTimeout(t.Context(), margin+8*time.Second)
		defer cancel()
		_, err := m.handle(ctx)
		_, statement, found := strings.Cut(err.Error(), "which ")
		if !found {
			t.Fatalf("got %v", err)
		}
		statement, _, _ = strings.Cut(statement, " ends")
		s.Exec(t, statement)
		if _, err := m.handle(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// Aurora's own way to end a session, for a master user without CONNECTION_ADMIN.
func TestRDSEndsASessionWhereKILLIsNotPermitted(t *testing.T) {
	s := mysqltest.Start(t, mysqltest.On(mysqlserver.MySQL))
	m := migrated(t, s, alter)
	s.Exec(t, "CREATE PROCEDURE mysql.rds_kill(IN thread BIGINT) KILL thread", "CREATE USER steward@'%' IDENTIFIED BY '"+lambdatest.AppPassword+"'",
		"GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, PROCESS, CREATE USER, EXECUTE ON *.* TO steward@'%' WITH GRANT OPTION")
	m.cluster.Secrets.(lambdatest.Secrets)[lambdatest.AdminSecretARN] = contract.DatabaseSecret{Username: "steward", Password: lambdatest.AppPassword}
	s.Session(t, "app", lambdatest.AppPassword, lambdatest.Database, "BEGIN", "SELECT * FROM messages")
	if _, err := m.handle(t.Context()); err != nil {
		t.Error(err)
	}
	if log := strings.Join(s.GeneralLog(t), "\n"); !strings.Contains(log, "Query CALL mysql.rds_kill(") {
		t.Error("RDS was not asked to end the session")
	}
}
