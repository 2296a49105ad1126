package main

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/migrator/migrations"
)

func TestOnlyMessagesThatHaveBeenFinalForLongAreDeleted(t *testing.T) {
	mysqltest.Each(t, func(t *testing.T, s *mysqltest.Server) {
		db := s.Migrated(t, "messages", migrations.Files())
		now := time.Now().UTC().Truncate(time.Second)
		days := func(n int) time.Time { return now.AddDate(0, 0, -n) }
		for _, row := range []struct {
			id, status, body string
			created, updated time.Time
			cleared          bool
		}{
			{"old", "SENT", "", days(40), days(31), false},
			{"old failed", "FAILED", "", days(40), days(31), false},
			{"old cancelled", "CANCELLED", "x", days(40), days(31), true},
			{"old, of the outbox", "SENT", "x", days(40), days(31), true},
			{"kept: its schedule is there", "SENT", "x", days(40), days(31), false},
			{"kept: its schedule is there, too", "CANCELLED", "x", days(40), days(31), false},
			{"kept: changed", "SENT", "", days(40), days(29), false},
			{"kept: to be sent", "SCHEDULED", "", days(400), days(400), false},
			{"kept: new", "SENT", "", days(29), days(29), false},
		} {
			var body, version any
			if row.body != "" {
				body = row.body
			}
			if row.cleared {
				version = row.updated
			}
			if _, err := db.Exec("INSERT INTO messages (id, status, body, created_at, updated_at, armed_version, cleared_version) VALUES (?, ?, ?, ?, ?, ?, ?)",
				row.id, row.status, body, row.created, row.updated, version, version); err != nil {
				t.Fatal(err)
			}
		}
		answer, err := deleteOld(t.Context(), db, days(30))
		if err != nil || answer != (deleted{4, false}) {
			t.Errorf("got %+v, %v", answer, err)
		}
		for _, id := range left(t, db) {
			if !strings.HasPrefix(id, "kept") {
				t.Errorf("%q is left", id)
			}
		}
		if got := left(t, db); len(got) != 5 {
			t.Errorf("left: %q", got)
		}
	})
}

func left(t testing.TB, db *sql.DB) (ids []string) {
	t.Helper()
	rows, err := db.Query("SELECT id FROM messages ORDER BY id")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// fill puts rows of one time and of others into the table, every tenth of which stays.
func fill(t testing.TB, db *sql.DB, rows int) {
	t.Helper()
	var values []string
	for i := range rows {
		status, created := "SENT", "2026-01-01 00:00:00"
		if i%10 == 0 {
			status = "SCHEDULED"
		}
		if i > rows/2 {
			created = fmt.Sprintf("2026-01-01 %02d:%02d:%02d", i/3600%24, i/60%60, i%60)
		}
		values = append(values, fmt.Sprintf("('m%06d', '%s', '%s', '%s')", i, status, created, created))
	}
	for some := range slices.Chunk(values, 1000) {
		if _, err := db.Exec("INSERT INTO messages (id, status, created_at, updated_at) VALUES " + strings.Join(some, ", ")); err != nil {
			t.Fatal(err)
		}
	}
}

func TestManyMessagesAreDeletedInSmallStatementsThatReadEachRowOnce(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		db := s.Migrated(t, "messages", migrations.Files())
		fill(t, db, 5000)
		before := len(s.GeneralLog(t))
		db.SetMaxOpenConns(1)
		answer, err := deleteOld(t.Context(), db, time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC))
		if err != nil || answer != (deleted{4500, false}) || len(left(t, db)) != 500 {
			t.Errorf("got %+v, %v, left %d", answer, err, len(left(t, db)))
		}
		deletes := 0
		for _, entry := range s.GeneralLog(t)[before:] {
			if strings.HasPrefix(entry, "Query DELETE") {
				deletes++
			}
		}
		if deletes != 5000/deleteBatch {
			t.Errorf("%d statements, want %d", deletes, 5000/deleteBatch)
		}
	})
}

func TestADeletionEndsBeforeTheFunctionDoesAndSaysThatThereIsMore(t *testing.T) {
	s := mysqltest.Start(t)
	db := s.Migrated(t, "messages", migrations.Files())
	fill(t, db, 100)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if answer, err := deleteOld(ctx, db, time.Now()); err != nil || answer != (deleted{0, true}) {
		t.Errorf("got %+v, %v", answer, err)
	}
}
