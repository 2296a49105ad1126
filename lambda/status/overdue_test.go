package main

import (
	"fmt"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/internal/mysql"
)

// TestARowThatIsScheduledLongAfterItsTimeIsOverdue is for rows of both kinds of backend.
func TestARowThatIsScheduledLongAfterItsTimeIsOverdue(t *testing.T) {
	lambdatest.EachPrepared(t, func(t *testing.T, s *mysqltest.Server) {
		admin, h := lambdatest.OpenAdmin(t, s), inProcess(t, s, t.Output()) // an hour after its time
		for id, row := range map[string]struct {
			status string
			ago    time.Duration
			body   any
		}{
			"theirs": {"SCHEDULED", 2 * time.Hour, nil}, "ours": {"SCHEDULED", 3 * time.Hour, "It is time."},
			"late": {"SCHEDULED", 59 * time.Minute, nil}, "to come": {"SCHEDULED", -time.Hour, nil},
			"sent": {"SENT", 2 * time.Hour, nil}, "failed": {"FAILED", 2 * time.Hour, nil}, "cancelled": {"CANCELLED", 2 * time.Hour, nil},
		} {
			if _, err := admin.Exec("INSERT INTO messages (id, status, body, scheduled_at) VALUES (?, ?, ?, ?)",
				id, row.status, row.body, time.Now().UTC().Add(-row.ago)); err != nil {
				t.Fatal(err)
			}
		}
		if got := ask(t, h, "{}"); got["overdue"] != 2.0 || got["overdueCapped"] != nil {
			t.Errorf("got %v", got)
		}
		listed, _ := ask(t, h, `{"overdue":true}`)["overdue"].([]any)
		var ids []string
		for _, one := range listed {
			row := one.(map[string]any)
			ids = append(ids, fmt.Sprintf("%v/%v/%v", row["id"], row["outbox"], row["armed"]))
		}
		if fmt.Sprint(ids) != "[ours/true/false theirs/false/false]" {
			t.Errorf("listed %q", ids)
		}
	})
}

func TestOverdueRowsAreCountedUpToALimitAndReadFromTheIndexAlone(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		lambdatest.Prepare(t, s)
		admin, h := lambdatest.OpenAdmin(t, s), inProcess(t, s, t.Output())
		fill(t, admin, "SCHEDULED", 2*mysql.MaxOverdue)
		if _, err := admin.Exec("UPDATE messages SET scheduled_at = '2026-01-01 00:00:00'"); err != nil {
			t.Fatal(err)
		}
		before := handled(t, h)
		got := ask(t, h, "{}")
		if read := handled(t, h) - before; got["overdue"] != 10000.0 || got["overdueCapped"] != true || read > 4*(mysql.MaxOverdue+1)+40 {
			t.Errorf("the server has read %d rows or entries for %v", read, got)
		}
	})
}
