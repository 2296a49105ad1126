package main

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/mysqltest"
)

// session is a connection of the application's user that is kept.
func session(t testing.TB, c *cloud, statements ...string) *sql.Conn {
	t.Helper()
	conn, err := c.server.Open(t, "app", appPass, "messages").Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	for _, statement := range statements {
		if _, err := conn.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	return conn
}

// TestWhoeverHasThePasswordCannotKeepIt holds all that the application's user can get hold of.
func TestWhoeverHasThePasswordCannotKeepIt(t *testing.T) {
	eachReal(t, func(t *testing.T, c *cloud) {
		if err := c.vault.Rotate(appARN, c.token(), handler(t.Context(), c.rotator(t))); err != nil { // so that the lock has its name
			t.Fatal(err)
		}
		c.server.SetPassword(t, "app", appPass)
		c.put(appARN, appPass)
		session(t, c, "DO GET_LOCK('maintenance', 0)", "DO GET_LOCK('scheduled_messages_maintenance', 0)")
		session(t, c, "BEGIN", "SELECT * FROM messages FOR UPDATE", "INSERT INTO messages (id) VALUES ('held')")
		session(t, c, "HANDLER messages OPEN")
		session(t, c, "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE", "BEGIN", "SELECT * FROM information_schema.table_privileges",
			"SELECT * FROM information_schema.applicable_roles", "SELECT * FROM information_schema.user_privileges")
		token := c.token()
		if err := c.vault.Rotate(appARN, token, handler(t.Context(), c.rotator(t))); err != nil {
			t.Fatal(err)
		}
		c.checkRotated(t, appARN, token, appPass)
	})
}

func TestTheLocksNameIsInNothingThatTheApplicationsUserReads(t *testing.T) {
	eachReal(t, func(t *testing.T, c *cloud) {
		app, seen := session(t, c), []string{}
		c.vault.Watch = func(operation string, done bool) {
			if operation != "UpdateSecretVersionStage" || done {
				return
			}
			var name string
			if err := c.server.Admin(t).QueryRow("SELECT name FROM scheduled_messages_maintenance.lock_name").Scan(&name); err != nil || len(name) < 26 {
				t.Errorf("the lock is called %q, %v", name, err)
			}
			for _, statement := range []string{"SELECT name FROM scheduled_messages_maintenance.lock_name", "SHOW FULL PROCESSLIST",
				"SELECT * FROM information_schema.processlist", "SHOW DATABASES", "SELECT object_name FROM performance_schema.metadata_locks"} {
				text := rows(t.Context(), app, statement)
				if strings.Contains(text, name) {
					t.Errorf("%s tells the lock's name: %s", statement, text)
				}
				seen = append(seen, text)
			}
		}
		if err := c.vault.Rotate(appARN, c.token(), handler(t.Context(), c.rotator(t))); err != nil {
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
	eachReal(t, func(t *testing.T, c *cloud) {
		stolen, own := session(t, c), c.server.Admin(t)
		r := c.rotator(t)
		if err := c.vault.Rotate(appARN, c.token(), handler(t.Context(), r)); err != nil {
			t.Fatal(err)
		}
		if err := stolen.PingContext(t.Context()); err != nil {
			t.Fatalf("the rotation ended the session, which the document says it does not: %v", err)
		}
		if err := handler(t.Context(), r)(lambdaruntime.StepEvent(appARN, "", "endSessions")); err != nil {
			t.Fatal(err)
		}
		if stolen.PingContext(t.Context()) == nil {
			t.Error("the session is still open")
		}
		if err := own.Ping(); err != nil {
			t.Errorf("another user's session was ended: %v", err)
		}
		if !strings.Contains(c.printed.String(), "ended 1 sessions of app") {
			t.Errorf("printed %s", c.printed.String())
		}
	})
}
