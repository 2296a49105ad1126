package migrations

import (
	"database/sql"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"scheduled-messages/infra/sandbox/mysqltest"
)

// before is the table as the release before the outbox made it.
func before(t testing.TB, s *mysqltest.Server) *sql.DB {
	t.Helper()
	return s.Migrated(t, "messages", fstest.MapFS{"0001_messages.sql": {Data: []byte(read(t, "0001_messages.sql"))}})
}

func read(t testing.TB, name string) string {
	t.Helper()
	text, err := fs.ReadFile(Files(), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fill puts messages that are SENT into the table, twice as many with each statement.
func fill(t testing.TB, db *sql.DB, rows int) {
	t.Helper()
	insert(t, db, "INSERT INTO messages (id, channel, status, scheduled_at) VALUES ('00000000', 'sns', 'SENT', '2026-01-01 00:00:00')")
	for have := 1; have < rows; have *= 2 {
		insert(t, db, "INSERT INTO messages (id, channel, status, scheduled_at) SELECT LPAD(? + id, 8, '0'), channel, status, scheduled_at "+
			"FROM messages ORDER BY id LIMIT ?", have, min(have, rows-have))
	}
}

func insert(t testing.TB, db *sql.DB, statement string, arguments ...any) {
	t.Helper()
	if _, err := db.Exec(statement, arguments...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// A server refuses a statement that names an algorithm and needs a slower one, so that the word in the file is the proof.
func TestTheOutboxChangesALargeTableWithoutRebuildingIt(t *testing.T) {
	change := regexp.MustCompile(`(?s)ALTER TABLE messages.*?(?:;|, 'SELECT 0'\))`)
	changes := change.FindAllString(read(t, "0002_outbox.sql"), -1)
	if len(changes) != 5 {
		t.Errorf("%d changes of the table, want 5: %q", len(changes), changes)
	}
	for _, one := range changes {
		if !strings.Contains(one, "ALGORITHM=INSTANT") && !strings.Contains(one, "ALGORITHM=INPLACE, LOCK=NONE") {
			t.Errorf("a change may rebuild the table: %s", one)
		}
	}
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		db := before(t, s)
		fill(t, db, 1000)
		if err := mysqltest.Apply(db, read(t, "0002_outbox.sql")); err != nil {
			t.Fatal(err)
		}
		var rows, work int
		if err := db.QueryRow("SELECT COUNT(*), COUNT(todo) FROM messages").Scan(&rows, &work); err != nil || rows != 1000 || work != 0 {
			t.Errorf("%d rows, %d with work to do, %v", rows, work, err)
		}
	})
}

// The statements are those of the release before, word for word.
func TestTheUpdaterOfTheReleaseBeforeWorksOnTheNewTable(t *testing.T) {
	const (
		values = "INSERT INTO messages\n (id, channel, status, provider_id, last_error, sent_at, created_at, updated_at)\n" +
			"VALUES (?, ?, ?, ?, ?, ?, ?, ?)\nON DUPLICATE KEY UPDATE\n "
		first = "status <> 'SENT' OR sent_at > VALUES(sent_at) OR sent_at = VALUES(sent_at)\n" +
			"  AND CAST(COALESCE(provider_id, '') AS BINARY) > CAST(COALESCE(VALUES(provider_id), '') AS BINARY)"
		upsertSent = values + "updated_at = IF(" + first + ", VALUES(updated_at), updated_at),\n" +
			" provider_id = IF(" + first + ", VALUES(provider_id), provider_id),\n" +
			" sent_at = IF(status <> 'SENT' OR sent_at > VALUES(sent_at), VALUES(sent_at), sent_at),\n last_error = NULL,\n status = 'SENT'"
		moveToSent = "UPDATE messages SET status = 'SENT', provider_id = ?, last_error = NULL, sent_at = ?, updated_at = ?\n" +
			"WHERE id = ? AND status <> 'SENT'"
		moveToFailed = "UPDATE messages SET status = 'FAILED', last_error = ?, updated_at = ?\nWHERE id = ? AND status = 'SCHEDULED'"
	)
	mysqltest.Each(t, func(t *testing.T, s *mysqltest.Server) {
		db := s.Migrated(t, "messages", Files())
		now := time.Now().UTC().Truncate(time.Millisecond)
		insert(t, db, "INSERT INTO messages (id, channel, recipient, body, scheduled_at) VALUES ('a', 'sns', '', 'text', ?), ('b', 'sns', '', 'text', ?)", now, now)
		insert(t, db, moveToSent, "p", now, now, "a")
		insert(t, db, moveToFailed, "why", now, "b")
		insert(t, db, upsertSent, "b", "sns", "SENT", "p", nil, now, now, now)
		insert(t, db, upsertSent, "c", "sns", "SENT", "p", nil, now, now, now)
		for id, want := range map[string]any{"a": int64(2), "b": int64(2), "c": nil} {
			var status string
			var todo any
			err := db.QueryRow("SELECT status, todo FROM messages WHERE id = ?", id).Scan(&status, &todo)
			if err != nil || status != "SENT" || todo != want {
				t.Errorf("%s: got %s, work %v, %v", id, status, todo, err)
			}
		}
	})
}

// BenchmarkMigratingAMillionRows reports how long the table's changes take, and how long a statement of the application
// waits meanwhile at most: go test -run '^$' -bench Million -benchtime 1x ./lambda/migrator/migrations
func BenchmarkMigratingAMillionRows(b *testing.B) {
	s := mysqltest.Start(b)
	for b.Loop() {
		db := before(b, s)
		fill(b, db, 1_000_000)
		done, longest := make(chan struct{}), make(chan time.Duration)
		go func() {
			var most time.Duration
			for {
				select {
				case <-done:
					longest <- most
					return
				default:
				}
				start := time.Now()
				if _, err := db.Exec("UPDATE messages SET status = 'FAILED' WHERE id = '00000007'"); err != nil {
					b.Error(err)
				}
				most = max(most, time.Since(start))
			}
		}()
		start := time.Now()
		if err := mysqltest.Apply(db, read(b, "0002_outbox.sql")); err != nil {
			b.Fatal(err)
		}
		took := time.Since(start)
		close(done)
		b.ReportMetric(took.Seconds(), "s/migration")
		b.ReportMetric(float64((<-longest).Milliseconds()), "ms/longest-wait")
		s.Exec(b, "DROP DATABASE messages")
	}
}
