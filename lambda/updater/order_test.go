package main

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"scheduled-messages/lambda/internal/mysqltest"
	"scheduled-messages/lambda/message"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func sent(id, providerID string, at time.Duration) message.Outcome {
	return message.Outcome{ID: id, Status: message.Sent, At: noon.Add(at + time.Second), Channel: message.SNS, To: "t",
		Subject: "s", ProviderID: providerID, SentAt: noon.Add(at)}
}

func failed(id, reason string, at time.Duration) message.Outcome {
	return message.Outcome{ID: id, Status: message.Failed, At: noon.Add(at), Channel: message.SNS, To: "t", Subject: "s",
		Error: reason}
}

func TestARowEndsWhereTheRulesSay(t *testing.T) {
	const id, first, later = "m", "2026-11-21T12:00:00Z", "2026-11-21T12:00:05Z"
	cases := []struct {
		name      string
		scheduled bool // the backend's row is there
		outcomes  []message.Outcome
		want      stored
	}{
		{"no row, sent", false, []message.Outcome{sent(id, "p", 0)}, stored{Status: "SENT", ProviderID: "p", SentAt: first}},
		{"no row, failed", false, []message.Outcome{failed(id, "why", 0)},
			stored{Status: "FAILED", LastError: "2026-11-21T12:00:00.000Z why"}},
		{"scheduled, sent", true, []message.Outcome{sent(id, "p", 0)}, stored{Status: "SENT", ProviderID: "p", SentAt: first}},
		{"scheduled, failed", true, []message.Outcome{failed(id, "why", 0)},
			stored{Status: "FAILED", LastError: "2026-11-21T12:00:00.000Z why"}},
		{"a late success wins", true, []message.Outcome{failed(id, "why", 0), sent(id, "p", 5*time.Second)},
			stored{Status: "SENT", ProviderID: "p", SentAt: later}},
		{"a late failure loses", true, []message.Outcome{sent(id, "p", 0), failed(id, "why", 5*time.Second)},
			stored{Status: "SENT", ProviderID: "p", SentAt: first}},
		{"of two deliveries the earlier is kept", true, []message.Outcome{sent(id, "p", 0), sent(id, "a", 5*time.Second)},
			stored{Status: "SENT", ProviderID: "p", SentAt: first}},
		{"of two deliveries the earlier is kept, whatever the order", true,
			[]message.Outcome{sent(id, "a", 5*time.Second), sent(id, "p", 0)},
			stored{Status: "SENT", ProviderID: "p", SentAt: first}},
		{"of two failures the later is kept", true,
			[]message.Outcome{failed(id, "z", 0), failed(id, "a", 5*time.Second)},
			stored{Status: "FAILED", LastError: "2026-11-21T12:00:05.000Z a"}},
		{"of two failures the later is kept, whatever the order", true,
			[]message.Outcome{failed(id, "a", 5*time.Second), failed(id, "z", 0)},
			stored{Status: "FAILED", LastError: "2026-11-21T12:00:05.000Z a"}},
		{"a failure between two successes", false,
			[]message.Outcome{sent(id, "p", 0), failed(id, "why", time.Second), sent(id, "q", 2*time.Second)},
			stored{Status: "SENT", ProviderID: "p", SentAt: first}},
	}
	both(t, func(t *testing.T, s *mysqltest.Server) {
		db := s.Open(t, appUser, appPassword, databaseName)
		admin := s.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, databaseName)
		h := inProcess(t, s, &secrets{password: appPassword}, t.Output())
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				begin(t, admin, c.scheduled, id)
				apply(t, h, c.outcomes...)
				got := rows(t, db)[id]
				c.want.Channel, c.want.Recipient, c.want.Subject, c.want.UpdatedAt = "sns", "t", "s", got.UpdatedAt
				if got != c.want {
					t.Errorf("got  %+v\nwant %+v", got, c.want)
				}
			})
		}
	})
}

// TestTheOrderOfRecordsDoesNotMatter plays random sets of outcomes for several messages, with duplicates, twice in
// different orders, and expects the same rows, those that the rules give, and no change from anything seen before.
func TestTheOrderOfRecordsDoesNotMatter(t *testing.T) {
	both(t, func(t *testing.T, s *mysqltest.Server) {
		admin := s.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, databaseName)
		h := inProcess(t, s, &secrets{password: appPassword}, t.Output())
		rounds := 60
		if testing.Short() {
			rounds = 10
		}
		for round := range rounds {
			seed := uint64(round)
			random := rand.New(rand.NewPCG(seed, 1))
			outcomes := randomOutcomes(random)
			want := expected(outcomes)
			for range 2 {
				random.Shuffle(len(outcomes), func(i, j int) { outcomes[i], outcomes[j] = outcomes[j], outcomes[i] })
				begin(t, admin, random.IntN(2) == 0, "a", "A", "b")
				apply(t, h, outcomes...)
				before := rows(t, admin)
				for id, want := range want {
					got := before[id]
					want.UpdatedAt = got.UpdatedAt
					if got != want {
						t.Fatalf("seed %d, message %s:\ngot  %+v\nwant %+v\nafter %+v", seed, id, got, want, outcomes)
					}
				}
				random.Shuffle(len(outcomes), func(i, j int) { outcomes[i], outcomes[j] = outcomes[j], outcomes[i] })
				for _, outcome := range outcomes {
					if change := apply(t, h, outcome); change != "unchanged" {
						t.Fatalf("seed %d: %+v, seen before, left the row %s", seed, outcome, change)
					}
				}
				if after := rows(t, admin); fmt.Sprint(after) != fmt.Sprint(before) {
					t.Fatalf("seed %d: records seen before moved\n%+v to\n%+v", seed, before, after)
				}
			}
		}
	})
}

// randomOutcomes are up to 12 outcomes of three messages, two of whose ids differ in case only. Times are few, so
// that they often coincide.
func randomOutcomes(random *rand.Rand) []message.Outcome {
	var outcomes []message.Outcome
	for range 1 + random.IntN(12) {
		id, at := []string{"a", "A", "b"}[random.IntN(3)], time.Duration(random.IntN(4))*time.Millisecond
		word := []string{"", "a", "B", "b", "ß", "ü\x00'\\"}[random.IntN(6)]
		if random.IntN(2) == 0 {
			outcomes = append(outcomes, sent(id, word, at))
		} else {
			outcomes = append(outcomes, failed(id, word, at))
		}
		if random.IntN(3) == 0 {
			outcomes = append(outcomes, outcomes[random.IntN(len(outcomes))])
		}
	}
	return outcomes
}

// expected states the rules over a set of outcomes, without an order.
func expected(outcomes []message.Outcome) map[string]stored {
	best := map[string]message.Outcome{}
	for _, o := range outcomes {
		b, seen := best[o.ID]
		switch {
		case !seen, o.Status == message.Sent && b.Status == message.Failed:
			best[o.ID] = o
		case o.Status == message.Sent && (o.SentAt.Before(b.SentAt) || o.SentAt.Equal(b.SentAt) && o.ProviderID < b.ProviderID),
			b.Status == message.Failed && (o.At.After(b.At) || o.At.Equal(b.At) && o.Error > b.Error):
			if o.Status == b.Status {
				best[o.ID] = o
			}
		}
	}
	want := map[string]stored{}
	for id, o := range best {
		r := stored{Channel: "sns", Recipient: "t", Subject: "s", Status: string(o.Status)}
		if o.Status == message.Sent {
			r.ProviderID, r.SentAt = o.ProviderID, o.SentAt.Format(time.RFC3339Nano)
		} else {
			r.LastError = o.At.Format("2006-01-02T15:04:05.000Z") + " " + o.Error
		}
		want[id] = r
	}
	return want
}

// begin empties the table, and puts the backend's rows into it if they are to be there.
func begin(t *testing.T, admin *sql.DB, scheduled bool, ids ...string) {
	t.Helper()
	statements := []string{"DELETE FROM messages"}
	if scheduled {
		for _, id := range ids {
			statements = append(statements, "INSERT INTO messages (id, channel, recipient, subject, status, scheduled_at, "+
				"created_at, updated_at) VALUES ('"+id+"', 'sns', 't', 's', 'SCHEDULED', '2026-11-21 12:00:00', "+
				"'2026-11-20 00:00:00', '2026-11-20 00:00:00')")
		}
	}
	for _, statement := range statements {
		if _, err := admin.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
}

// apply writes outcomes and says what they did to the rows.
func apply(t *testing.T, h *handler, outcomes ...message.Outcome) string {
	t.Helper()
	var changes []string
	for _, outcome := range outcomes {
		change, err := h.write(context.Background(), outcome)
		if err != nil {
			t.Fatalf("%+v: %v", outcome, err)
		}
		changes = append(changes, change)
	}
	return strings.Join(changes, " ")
}
