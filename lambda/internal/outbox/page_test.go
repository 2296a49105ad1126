package outbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

func TestEachStatementOfABackendAsksForWhatItNeedsAndNothingElse(t *testing.T) {
	mysqltest.Each(t, func(t *testing.T, s *mysqltest.Server) {
		db := prepare(t, s)
		exec(t, db, "INSERT INTO messages (id, channel, recipient, scheduled_at) VALUES ('theirs', 'sns', 'team', ?)", noon())
		schedule(t, db, "a", noon().Add(time.Minute), "It is time.")
		schedule(t, db, "b", noon(), "It is time.")
		for _, step := range []struct{ statement, id, want string }{
			{"", "", "arm b, arm a"},
			{"UPDATE messages SET scheduled_at = scheduled_at + INTERVAL 1 DAY WHERE id = ? AND status = 'SCHEDULED'", "a", "arm a"},
			{"UPDATE messages SET body = 'It is late.' WHERE id = ? AND status = 'SCHEDULED'", "b", "arm b"},
			{cancel, "a", "disarm a"},
			{"", "", "clear a"}, // for good, when no command to make it can be on its way
			{"", "", ""},
			{"UPDATE messages SET status = 'SENT', updated_at = '2026-11-26 01:02:03.004' WHERE id = ? AND status <> 'SENT'", "b", "clear b"},
			{"UPDATE messages SET status = 'SENT', updated_at = '2026-11-26 01:02:03.005' WHERE id = ? AND status <> 'SENT'", "a", "clear a"},
			{"UPDATE messages SET status = 'SENT' WHERE id = ?", "theirs", ""},
		} {
			if step.statement != "" {
				exec(t, db, step.statement, step.id)
			}
			p := read(t, db, nil)
			if got := work(t, db); got != step.want {
				t.Fatalf("after %q on %s: got %q, want %q", step.statement, step.id, got, step.want)
			}
			if recorded := done(t, db, p); recorded.Rows != len(p.Commands) {
				t.Fatalf("after %q on %s: %+v", step.statement, step.id, recorded)
			}
			if got := work(t, db); got != "" && got != "clear a" {
				t.Fatalf("after %q on %s and a record: still %q", step.statement, step.id, got)
			}
		}
	})
}

func TestAScheduleIsNotDeletedWhileACommandToMakeItMayBeOnItsWay(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		db := prepare(t, s)
		schedule(t, db, "a", noon(), "It is time.")
		exec(t, db, "UPDATE messages SET status = 'SENT', updated_at = ? WHERE id = 'a'", noon())
		for after, want := range map[time.Duration]int{5*time.Minute - time.Second: 0, 5 * time.Minute: 1} {
			p, err := ReadPage(t.Context(), db, noon().Add(after), nil)
			if err != nil || len(p.Commands) != want {
				t.Errorf("%s after the outcome: %d commands, want %d, %v", after, len(p.Commands), want, err)
			}
		}
	})
}

func TestACommandHoldsTheMessageOfItsVersion(t *testing.T) {
	mysqltest.Each(t, func(t *testing.T, s *mysqltest.Server) {
		db := prepare(t, s)
		body := "<b>\"It\" is</b> 5 & <aws.scheduler.execution-id> \u2028 \\ ü\n"
		schedule(t, db, "a", noon(), body)
		p := read(t, db, nil)
		var version time.Time
		if err := db.QueryRow("SELECT updated_at FROM messages").Scan(&version); err != nil {
			t.Fatal(err)
		}
		c := p.Commands[0]
		if len(p.Commands) != 1 || !c.Version.Equal(version) || !c.At.Equal(noon()) || p.Next != nil {
			t.Fatalf("got %+v, version %s", p, version)
		}
		m, err := contract.Decode(c.Message)
		want := contract.Message{ID: "a", Channel: contract.SNS, To: "team", Subject: "Hello", Body: body}
		if err != nil || m != want {
			t.Errorf("got %+v, %v", m, err)
		}
		if strings.Contains(string(c.Message), "<aws.scheduler.") || !strings.Contains(string(c.Message), "<b>") {
			t.Errorf("Scheduler would replace a part of %s, or more is escaped than has to be", c.Message)
		}
	})
}

func TestPagesFollowEachOtherAndHoldEachRowOnce(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		db := prepare(t, s)
		var want []string
		values := make([]string, 0, 1300)
		for i := range 1300 { // most of them at one time
			id := fmt.Sprintf("m%04d", i)
			want = append(want, id)
			values = append(values, fmt.Sprintf("('%s', 'sns', '', 'b', '2031-01-02 12:00:%02d')", id, max(i-1290, 0)))
		}
		exec(t, db, "INSERT INTO messages (id, channel, recipient, body, scheduled_at) VALUES "+strings.Join(values, ", "))
		exec(t, db, "UPDATE messages SET status = 'SENT' WHERE id IN ('m0003', 'm1299')")
		want = append(slices.DeleteFunc(want, func(id string) bool { return id == "m0003" || id == "m1299" }), "m0003", "m1299")
		var got []string
		pages := 0
		for after := (*contract.Cursor)(nil); ; pages++ {
			p := read(t, db, after)
			for _, c := range p.Commands {
				got = append(got, c.ID)
			}
			if after = p.Next; after == nil {
				break
			}
		}
		if !slices.Equal(got, want) || pages != 2 {
			t.Errorf("%d pages with %d rows, want 3 with %d, in order; the last are %q", pages+1, len(got), len(want), got[len(got)-3:])
		}
	})
}

func TestRowsOfEveryTimeThatAColumnHoldsAreRead(t *testing.T) {
	mysqltest.Each(t, func(t *testing.T, s *mysqltest.Server) {
		db := prepare(t, s)
		for id, at := range map[string]string{"a": "0001-01-01 00:00:01", "b": "1000-01-01 00:00:00", "c": "9999-12-31 23:59:59"} {
			exec(t, db, "INSERT INTO messages (id, channel, recipient, body, scheduled_at) VALUES (?, 'sns', '', 'x', ?)", id, at)
		}
		if got := work(t, db); got != "arm a, arm b, arm c" {
			t.Errorf("got %q", got)
		}
	})
}

func TestAPageStaysBelowWhatAnEventHolds(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		db := prepare(t, s)
		for i := range 5 {
			schedule(t, db, fmt.Sprintf("m%d", i), noon(), strings.Repeat("x", contract.MaxBodyLength-100*i))
		}
		schedule(t, db, "small", noon().Add(time.Second), "x")
		seen := 0
		for after := (*contract.Cursor)(nil); ; {
			p := read(t, db, after)
			text, err := json.Marshal(p)
			if err != nil || len(text) > contract.MaxQueueMessage {
				t.Errorf("a page has %d bytes, %v", len(text), err)
			}
			seen += len(p.Commands)
			if after = p.Next; after == nil {
				break
			}
		}
		if seen != 6 {
			t.Errorf("%d commands, want 6", seen)
		}
	})
}

func TestABodyThatIsTooLongIsNotEvenRead(t *testing.T) {
	for length, want := range map[int]contract.Op{contract.MaxBodyLength: contract.Arm, contract.MaxBodyLength + 1: contract.Refuse} {
		r := row{id: "a", status: contract.Scheduled, todo: todoFollow, bodyLength: length}
		r.scheduledAt.Valid = true
		if got := r.op(); got != want {
			t.Errorf("%d bytes: %s, want %s", length, got, want)
		}
	}
}

func TestARowThatCannotBeAMessageFailsWithTheReason(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		db := prepare(t, s)
		schedule(t, db, "long", noon(), strings.Repeat("x", contract.MaxBodyLength+1))
		schedule(t, db, "with space", noon(), "x")
		schedule(t, db, "quoted", noon(), strings.Repeat(`"`, contract.MaxBodyLength-1))
		exec(t, db, "INSERT INTO messages (id, channel, recipient, body, scheduled_at) VALUES ('fax', 'fax', '', 'secret', ?)", noon())
		schedule(t, db, "good", noon(), "x")
		done(t, db, read(t, db, nil))
		for after := read(t, db, nil); len(after.Commands) > 0 && after.Commands[0].Op != contract.Clear; after = read(t, db, nil) {
			done(t, db, after)
		}
		for id, want := range map[string]string{
			"long": "body has 241665 bytes", "with space": "id is", "quoted": "bytes as the text of a JSON string", "fax": `channel is "fax"`, "good": "",
		} {
			var status contract.Status
			var reason *string
			if err := db.QueryRow("SELECT status, last_error FROM messages WHERE id = ?", id).Scan(&status, &reason); err != nil {
				t.Fatal(err)
			}
			if want == "" {
				if status != contract.Scheduled || reason != nil {
					t.Errorf("%s: %s, %v", id, status, reason)
				}
			} else if status != contract.Failed || reason == nil || !strings.Contains(*reason, want) || strings.Contains(*reason, "secret") {
				t.Errorf("%s: %s, %v", id, status, reason)
			}
		}
	})
}
