package main

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/infra/sandbox/rotationtest"
)

// TestWhoeverHasThePasswordCannotKeepIt holds all that the application's user can get hold of.
func TestWhoeverHasThePasswordCannotKeepIt(t *testing.T) {
	rotationtest.EachReal(t, func(t *testing.T, c *rotationtest.Stack) {
		if err := c.Secrets.Rotate(lambdatest.AppSecretARN, c.Token(), invoke(t.Context(), inProcess(t, c))); err != nil { // so that the lock has its name
			t.Fatal(err)
		}
		c.Server.SetPassword(t, "app", lambdatest.AppPassword)
		c.Put(lambdatest.AppSecretARN, lambdatest.AppPassword)
		c.Server.Session(t, "app", lambdatest.AppPassword, lambdatest.Database, "DO GET_LOCK('maintenance', 0)", "DO GET_LOCK('scheduled_messages_maintenance', 0)")
		c.Server.Session(t, "app", lambdatest.AppPassword, lambdatest.Database, "BEGIN", "SELECT * FROM messages FOR UPDATE", "INSERT INTO messages (id) VALUES ('held')")
		c.Server.Session(t, "app", lambdatest.AppPassword, lambdatest.Database, "HANDLER messages OPEN")
		c.Server.Session(t, "app", lambdatest.AppPassword, lambdatest.Database, "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE", "BEGIN", "SELECT * FROM information_schema.table_privileges",
			"SELECT * FROM information_schema.applicable_roles", "SELECT * FROM information_schema.user_privileges")
		token := c.Token()
		if err := c.Secrets.Rotate(lambdatest.AppSecretARN, token, invoke(t.Context(), inProcess(t, c))); err != nil {
			t.Fatal(err)
		}
		c.CheckRotated(t, lambdatest.AppSecretARN, token, lambdatest.AppPassword)
	})
}

func TestTheLocksNameIsInNothingThatTheApplicationsUserReads(t *testing.T) {
	rotationtest.EachReal(t, func(t *testing.T, c *rotationtest.Stack) {
		app, seen := c.Server.Session(t, "app", lambdatest.AppPassword, lambdatest.Database), []string{}
		c.Secrets.Watch = func(operation string, done bool) {
			if operation != "UpdateSecretVersionStage" || done {
				return
			}
			var name string
			if err := c.Server.Admin(t).QueryRow("SELECT name FROM scheduled_messages_maintenance.lock_name").Scan(&name); err != nil || len(name) < 26 {
				t.Errorf("the lock is called %q, %v", name, err)
			}
			for _, statement := range []string{"SELECT name FROM scheduled_messages_maintenance.lock_name", "SHOW FULL PROCESSLIST",
				"SELECT * FROM information_schema.processlist", "SHOW DATABASES", "SELECT object_name FROM performance_schema.metadata_locks"} {
				text := rows(t.Context(), app, statement)
				if strings.Contains(text, name) {
					t.Errorf("%s shows the lock's name: %s", statement, text)
				}
				seen = append(seen, text)
			}
		}
		if err := c.Secrets.Rotate(lambdatest.AppSecretARN, c.Token(), invoke(t.Context(), inProcess(t, c))); err != nil {
			t.Fatal(err)
		}
		if len(seen) != 5 || !strings.Contains(seen[0], "denied") || !strings.Contains(seen[2], "app") {
			t.Errorf("saw %q", seen)
		}
	}, mysqltest.Arguments("--performance-schema=ON"))
}

// rows are all that a statement answers, as one text, or its error.
func rows(ctx context.Context, conn *sql.Conn, statement string) (text string) {
	found, err := conn.QueryContext(ctx, statement)
	if err != nil {
		return err.Error()
	}
	defer found.Close()
	columns, err := found.Columns()
	if err != nil {
		return err.Error()
	}
	for found.Next() {
		values := make([]sql.NullString, len(columns))
		into := make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := found.Scan(into...); err != nil {
			return err.Error()
		}
		for _, value := range values {
			text += value.String + " "
		}
	}
	return text
}

func TestTheSessionsOfAStolenPasswordCanBeEnded(t *testing.T) {
	rotationtest.EachReal(t, func(t *testing.T, c *rotationtest.Stack) {
		stolen, own := c.Server.Session(t, "app", lambdatest.AppPassword, lambdatest.Database), c.Server.Admin(t)
		r := inProcess(t, c)
		if err := c.Secrets.Rotate(lambdatest.AppSecretARN, c.Token(), invoke(t.Context(), r)); err != nil {
			t.Fatal(err)
		}
		if err := stolen.PingContext(t.Context()); err != nil {
			t.Fatalf("the rotation ended the session, which docs/rotation.md excludes: %v", err)
		}
		if err := invoke(t.Context(), r)(lambdaruntime.StepEvent(lambdatest.AppSecretARN, "", "endSessions")); err != nil {
			t.Fatal(err)
		}
		if stolen.PingContext(t.Context()) == nil {
			t.Error("the session is still open")
		}
		if err := own.Ping(); err != nil {
			t.Errorf("another user's session was ended: %v", err)
		}
		if !strings.Contains(c.Printed.String(), "ended 1 sessions of app") {
			t.Errorf("printed %s", c.Printed.String())
		}
	})
}
