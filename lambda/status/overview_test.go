package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

// fill puts rows of a status into the table, twice as many with each statement.
func fill(t testing.TB, db *sql.DB, status contract.Status, rows int) {
	t.Helper()
	insert(t, db, status, fmt.Sprintf("%s-%08d", status, 0))
	for have := 1; have < rows; {
		result, err := db.Exec("INSERT INTO messages (id, channel, status, scheduled_at) SELECT CONCAT(?, '-', LPAD(? + SUBSTRING_INDEX(id, '-', -1), 8, '0')), "+
			"channel, status, scheduled_at FROM messages WHERE status = ? ORDER BY id LIMIT ?", status, have, status, min(have, rows-have))
		if err != nil {
			t.Fatal(err)
		}
		added, err := result.RowsAffected()
		if err != nil || added == 0 {
			t.Fatalf("%d rows were added, %v", added, err)
		}
		have += int(added)
	}
}

func TestCountsEndAtTheirCap(t *testing.T) { mysqltest.EachReal(t, countsEndAtTheirCap) }

func countsEndAtTheirCap(t *testing.T, s *mysqltest.Server) {
	db, h := lambdatest.OpenAdmin(t, lambdatest.Prepare(t, s)), inProcess(t, s, t.Output())
	fill(t, db, contract.Sent, maxCount)
	fill(t, db, contract.Failed, 3)
	if got := ask(t, h, "{}"); fmt.Sprint(got["counts"], got["countsCapped"]) != "map[CANCELLED:0 FAILED:3 SCHEDULED:0 SENT:10000] <nil>" {
		t.Errorf("at the cap: %v", got)
	}
	insert(t, db, contract.Sent, "one-more")
	if got := ask(t, h, "{}"); fmt.Sprint(got["counts"], got["countsCapped"]) != "map[CANCELLED:0 FAILED:3 SCHEDULED:0 SENT:10000] [SENT]" {
		t.Errorf("one above: %v", got)
	}
}

// TestWhatIsReadDoesNotGrowWithTheTable counts the rows and the index entries that the server reads for a question. A
// count of the entire table reads as many as there are rows.
func TestWhatIsReadDoesNotGrowWithTheTable(t *testing.T) { mysqltest.EachReal(t, readsDoNotGrow) }

func readsDoNotGrow(t *testing.T, s *mysqltest.Server) {
	db, h := lambdatest.OpenAdmin(t, lambdatest.Prepare(t, s)), inProcess(t, s, t.Output())
	fill(t, db, contract.Sent, 5*maxCount)
	fill(t, db, contract.Failed, 2*maxCount)
	fill(t, db, contract.Scheduled, 7)
	for question, most := range map[string]int{
		`{"id":"SENT-00004711"}`: 1, `{"id":"none"}`: 1,
		// Two statuses to one entry above the cap, seven rows of the third, a read for the end of those and of the fourth, and
		// ReadHealth's; and as many again for the derived tables, which hold what was found.
		"{}": 2 * (2*(maxCount+1) + 20),
	} {
		before := handled(t, h)
		if got := ask(t, h, question); got["ok"] != true {
			t.Fatalf("%s: %v", question, got)
		}
		read := handled(t, h) - before
		t.Logf("%s: the server has read %d rows or entries", question, read)
		if read > most {
			t.Errorf("%s: the server has read %d rows or entries, want at most %d of %d", question, read, most, 7*maxCount)
		}
	}
}

// handled is how many rows and index entries the server has read so far for the handler's one connection.
func handled(t *testing.T, h *handler) (reads int) {
	t.Helper()
	err := h.pool.Do(t.Context(), func(ctx context.Context, db *sql.DB) error {
		rows, err := db.QueryContext(ctx, "SHOW SESSION STATUS LIKE 'Handler_read%'")
		if err != nil {
			return err
		}
		defer rows.Close()
		reads = 0
		for rows.Next() {
			var name string
			var count int
			if err := rows.Scan(&name, &count); err != nil {
				return err
			}
			reads += count
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return reads
}

func TestAQuestionIsFewStatementsThatDoNotPinTheProxy(t *testing.T) {
	mysqltest.EachReal(t, fewStatements)
}

func fewStatements(t *testing.T, s *mysqltest.Server) {
	lambdatest.Prepare(t, s)
	h := inProcess(t, s, t.Output())
	ask(t, h, "{}") // the connection is there from here on
	before := len(s.GeneralLog(t))
	ask(t, h, `{"id":"none"}`)
	ask(t, h, "{}")
	entries := s.GeneralLog(t)[before:]
	for i, want := range []string{"Query SELECT status, provider_id", "Query SELECT VERSION(), CONNECTION_ID()", "Query SELECT COUNT(*) FROM messages WHERE id = ''", "Query SELECT COUNT(*) FROM\n(SELECT 1 FROM messages WHERE status = 'SCHEDULED' AND scheduled_at < ", "Query " + countStatuses} {
		if i >= len(entries) || !strings.HasPrefix(entries[i], want) {
			t.Errorf("statement %d of %q is not %s", i, entries, want)
		}
	}
	if len(entries) != 5 {
		t.Errorf("%d commands: %q", len(entries), entries)
	}
}
