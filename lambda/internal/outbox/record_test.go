package outbox

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/mysqltest"
)

func TestARowThatChangedSinceItWasReadStaysDue(t *testing.T) {
	mysqltest.Each(t, func(t *testing.T, s *mysqltest.Server) {
		db := prepare(t, s)
		schedule(t, db, "a", noon(), "x")
		schedule(t, db, "b", noon(), "x")
		p := read(t, db, nil)
		exec(t, db, move, noon().Add(time.Hour), "a")
		exec(t, db, cancel, "b")
		if recorded := done(t, db, p); recorded.Rows != 0 || recorded.Schedules != 2 {
			t.Errorf("%+v", recorded)
		}
		if got := work(t, db); got != "disarm b, arm a" {
			t.Errorf("got %q", got)
		}
	})
}

func TestALateReportHasADoneRowLookedAtAgain(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		db := prepare(t, s)
		schedule(t, db, "a", noon(), "x")
		first := read(t, db, nil)
		exec(t, db, move, noon().Add(time.Hour), "a")
		done(t, db, read(t, db, nil))
		if got := work(t, db); got != "" {
			t.Fatalf("got %q", got)
		}
		done(t, db, first)
		if got := work(t, db); got != "arm a" {
			t.Errorf("after a report about the version before: %q", got)
		}
		done(t, db, read(t, db, nil))
		exec(t, db, cancel, "a")
		done(t, db, read(t, db, nil))
		done(t, db, read(t, db, nil))
		done(t, db, first)
		if got := work(t, db); got != "disarm a" {
			t.Errorf("cancelled, after a report about the first version: %q", got)
		}
	})
}

func TestARecordChangesNothingThatABackendReads(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		db := prepare(t, s)
		schedule(t, db, "a", noon(), "x")
		columns := "SELECT CONCAT_WS('|', status, scheduled_at, updated_at, created_at, COALESCE(last_error, '-'), body) FROM messages"
		var before, after string
		if err := db.QueryRow(columns).Scan(&before); err != nil {
			t.Fatal(err)
		}
		p := read(t, db, nil)
		done(t, db, p)
		if again := done(t, db, p); again.Rows != 0 {
			t.Errorf("the same report once more: %+v", again)
		}
		if err := db.QueryRow(columns).Scan(&after); err != nil || after != before {
			t.Errorf("%s became %s, %v", before, after, err)
		}
		if got := work(t, db); got != "" {
			t.Errorf("still due: %q", got)
		}
	})
}

func TestAReportThatIsNoneIsRefused(t *testing.T) {
	for event, want := range map[string]string{
		`{}`: "no report", `{"schedules":null}`: "no report", `{"schedules":[]}`: "", `[]`: "no report",
		`{"schedules":[{"id":"a","op":"arm","version":"2026-01-02T03:04:05.000006Z"}]}`:  "",
		`{"schedules":[{"id":"a","op":"send","version":"2026-01-02T03:04:05.000006Z"}]}`: `operation "send"`,
		`{"schedules":[{"id":"","op":"arm","version":"2026-01-02T03:04:05.000006Z"}]}`:   `report of ""`,
		`{"schedules":[{"id":"a","op":"arm"}]}`:                                          "version 0001",
	} {
		_, ok, err := DecodeReport([]byte(event))
		got := fmt.Sprint(err)
		if !ok {
			got = "no report"
		}
		if want == "" && (!ok || err != nil) || !strings.Contains(got, want) {
			t.Errorf("%s: got %v, %v", event, ok, err)
		}
	}
}

// The longest ids that JSON and SQL have to escape.
func TestStatementsAreShortAndPrepareNothing(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		db := prepare(t, s)
		id := func(i int) string { return fmt.Sprintf("%04d%s", i, strings.Repeat(`'`, 60)) }
		for i := range 250 {
			schedule(t, db, id(i), noon(), "x")
		}
		before := len(s.GeneralLog(t))
		p := read(t, db, nil)
		done(t, db, p)
		done(t, db, p) // and the statement for rows that are not as reported
		if len(p.Commands) != 250 || work(t, db) != "" {
			t.Errorf("%d commands", len(p.Commands))
		}
		for _, entry := range s.GeneralLog(t)[before:] {
			if len(entry) > 16<<10 || !strings.HasPrefix(entry, "Query ") {
				t.Errorf("%d bytes: %.100s", len(entry), entry)
			}
		}
	})
}
