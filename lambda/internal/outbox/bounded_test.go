package outbox

import (
	"database/sql"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/mysqlserver"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

// fill puts messages whose schedules are as their rows say into the table, twice as many with each statement: half of them are
// SCHEDULED, the others SENT.
func fill(t testing.TB, db *sql.DB, rows int) {
	t.Helper()
	exec(t, db, "INSERT INTO messages (id, channel, status, body, scheduled_at, created_at, updated_at, armed_version, cleared_version) VALUES "+
		"('00000000', 'sns', 'SCHEDULED', 'It is time.', ?, '2026-01-01', '2026-01-01', '2026-01-01', NULL), "+
		"('00000001', 'sns', 'SENT', 'It is time.', '2026-01-01', '2026-01-01', '2026-01-01', '2026-01-01', '2026-01-01')", noon())
	for have := 2; have < rows; have *= 2 {
		exec(t, db, "INSERT INTO messages (id, channel, status, body, scheduled_at, created_at, updated_at, armed_version, cleared_version) "+
			"SELECT LPAD(? + id, 8, '0'), channel, status, body, scheduled_at, created_at, updated_at, armed_version, cleared_version "+
			"FROM messages ORDER BY id LIMIT ?", have, min(have, rows-have))
	}
}

// due makes ten rows ask for work: four of each kind, and two whose time has passed.
func due(t testing.TB, db *sql.DB) {
	t.Helper()
	exec(t, db, "UPDATE messages SET scheduled_at = '2031-01-02 12:00:01' WHERE id IN ('00000100', '00000102', '00000104', '00000106')")
	exec(t, db, "UPDATE messages SET status = 'FAILED', last_error = 'x' WHERE id IN ('00000101', '00000103', '00000105', '00000107')")
	exec(t, db, "UPDATE messages SET scheduled_at = '2026-01-02 12:00:00' WHERE id IN ('00000108', '00000110')")
}

func TestWhatARoundReadsDoesNotGrowWithTheTable(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		db := prepare(t, s)
		fill(t, db, 20_000)
		due(t, db)
		before := handled(t, db)
		p := read(t, db, nil)
		reading := handled(t, db) - before
		done(t, db, p)
		recording := handled(t, db) - before - reading
		t.Logf("a round with %d commands of %d rows: %d rows or index entries read, %d to record it", len(p.Commands), 20_000, reading, recording)
		// Ten entries with their rows and the end of each range; the bodies of six; then ten rows. SHOW STATUS has rows, too.
		if len(p.Commands) != 10 || reading > 60 || recording > 60 {
			t.Errorf("%d commands, %d and %d reads", len(p.Commands), reading, recording)
		}
		if got := work(t, db); got != "" {
			t.Errorf("left: %q", got)
		}
	})
}

// handled is how many rows and index entries the server has read so far for the one connection.
func handled(t testing.TB, db *sql.DB) (reads int) {
	t.Helper()
	rows, err := db.Query("SHOW SESSION STATUS LIKE 'Handler_read%'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var count int
		if err := rows.Scan(&name, &count); err != nil {
			t.Fatal(err)
		}
		reads += count
	}
	return reads
}

// BenchmarkFourMillionRowsWithTenDue is what relay spends on the database in a minute with ten rows to follow:
// go test -run '^$' -bench FourMillion ./lambda/internal/outbox
func BenchmarkFourMillionRowsWithTenDue(b *testing.B) {
	for _, kind := range []string{"MySQL", "MariaDB"} {
		b.Run(kind, func(b *testing.B) {
			s := mysqltest.Start(b, mysqltest.On(mysqlserver.Kind(kind)))
			db := prepare(b, s)
			fill(b, db, 4_000_000)
			due(b, db)
			read(b, db, nil)
			for b.Loop() {
				if p := read(b, db, nil); len(p.Commands) != 10 {
					b.Fatalf("%d commands", len(p.Commands))
				}
			}
			exec(b, db, "UPDATE messages SET scheduled_at = ? WHERE id = '00000112'", noon().Add(time.Hour))
			if p := read(b, db, nil); len(p.Commands) != 11 || p.Commands[0].Op != contract.Arm {
				b.Errorf("%d commands", len(p.Commands))
			}
		})
	}
}
