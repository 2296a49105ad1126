package main

import (
	"crypto/tls"
	"database/sql"
	"io"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/jsonlog"
	"scheduled-messages/lambda/internal/mysql"
)

func sent(id, providerID string, at time.Duration) contract.Outcome {
	return contract.Outcome{ID: id, Status: contract.Sent, At: lambdatest.Noon().Add(at + time.Second), Channel: contract.SNS,
		ProviderID: providerID, SentAt: lambdatest.Noon().Add(at)}
}

func failed(id, reason string, at time.Duration) contract.Outcome {
	return contract.Outcome{ID: id, Status: contract.Failed, At: lambdatest.Noon().Add(at), Channel: contract.SNS, Error: reason}
}

func TestARowEndsWhereTheRulesSay(t *testing.T) {
	const id, first, later = "m", "2026-11-21T12:00:00Z", "2026-11-21T12:00:05Z"
	cases := []struct {
		name      string
		scheduled bool // the backend's row is there
		outcomes  []contract.Outcome
		want      lambdatest.Row
	}{
		{"no row, sent", false, []contract.Outcome{sent(id, "p", 0)}, lambdatest.Row{Status: "SENT", ProviderID: "p", SentAt: first}},
		{"no row, failed", false, []contract.Outcome{failed(id, "why", 0)},
			lambdatest.Row{Status: "FAILED", LastError: "2026-11-21T12:00:00.000Z why"}},
		{"scheduled, sent", true, []contract.Outcome{sent(id, "p", 0)}, lambdatest.Row{Status: "SENT", ProviderID: "p", SentAt: first}},
		{"scheduled, failed", true, []contract.Outcome{failed(id, "why", 0)},
			lambdatest.Row{Status: "FAILED", LastError: "2026-11-21T12:00:00.000Z why"}},
		{"a late success wins", true, []contract.Outcome{failed(id, "why", 0), sent(id, "p", 5*time.Second)},
			lambdatest.Row{Status: "SENT", ProviderID: "p", SentAt: later}},
		{"a late failure loses", true, []contract.Outcome{sent(id, "p", 0), failed(id, "why", 5*time.Second)},
			lambdatest.Row{Status: "SENT", ProviderID: "p", SentAt: first}},
		{"of two deliveries the earlier is kept", true, []contract.Outcome{sent(id, "p", 0), sent(id, "a", 5*time.Second)},
			lambdatest.Row{Status: "SENT", ProviderID: "p", SentAt: first}},
		{"of two deliveries the earlier is kept, whatever the order", true,
			[]contract.Outcome{sent(id, "a", 5*time.Second), sent(id, "p", 0)},
			lambdatest.Row{Status: "SENT", ProviderID: "p", SentAt: first}},
		{"of two failures the later is kept", true,
			[]contract.Outcome{failed(id, "z", 0), failed(id, "a", 5*time.Second)},
			lambdatest.Row{Status: "FAILED", LastError: "2026-11-21T12:00:05.000Z a"}},
		{"of two failures the later is kept, whatever the order", true,
			[]contract.Outcome{failed(id, "a", 5*time.Second), failed(id, "z", 0)},
			lambdatest.Row{Status: "FAILED", LastError: "2026-11-21T12:00:05.000Z a"}},
		{"of two failures at once the greater is kept, by bytes", true,
			[]contract.Outcome{failed(id, "B", 0), failed(id, "b", 0)},
			lambdatest.Row{Status: "FAILED", LastError: "2026-11-21T12:00:00.000Z b"}},
		{"of two failures at once the greater is kept, whatever the order", true,
			[]contract.Outcome{failed(id, "b", 0), failed(id, "B", 0)},
			lambdatest.Row{Status: "FAILED", LastError: "2026-11-21T12:00:00.000Z b"}},
		{"of two deliveries at once the smaller is kept, by bytes", true,
			[]contract.Outcome{sent(id, "b", 0), sent(id, "B", 0)}, lambdatest.Row{Status: "SENT", ProviderID: "B", SentAt: first}},
		{"of two deliveries at once the smaller is kept, whatever the order", true,
			[]contract.Outcome{sent(id, "B", 0), sent(id, "b", 0)}, lambdatest.Row{Status: "SENT", ProviderID: "B", SentAt: first}},
		{"a failure between two successes", false,
			[]contract.Outcome{sent(id, "p", 0), failed(id, "why", time.Second), sent(id, "q", 2*time.Second)},
			lambdatest.Row{Status: "SENT", ProviderID: "p", SentAt: first}},
	}
	lambdatest.EachPrepared(t, func(t *testing.T, s *mysqltest.Server) {
		db := lambdatest.OpenApp(t, s)
		admin := lambdatest.OpenAdmin(t, s)
		for way, write := range ways(t, s) {
			for _, c := range cases {
				t.Run(way+", "+c.name, func(t *testing.T) {
					begin(t, admin, c.scheduled, id)
					for _, outcome := range c.outcomes {
						write(t, outcome)
					}
					got := lambdatest.Rows(t, db)[id]
					c.want.Channel, c.want.UpdatedAt = "sns", got.UpdatedAt
					if c.scheduled { // what the backend wrote stays; a result adds none of it
						c.want.Recipient, c.want.Subject = "t", "s"
					}
					if got != c.want {
						t.Errorf("got  %+v\nwant %+v", got, c.want)
					}
				})
			}
		}
	})
}

// inProcess is a handler for the server whose log goes to out.
func inProcess(t *testing.T, s *mysqltest.Server, secrets mysql.Secrets, out io.Writer) *handler {
	t.Helper()
	server := mysql.Server{Host: s.Host, Port: s.Port, Name: lambdatest.Database}
	pool := mysql.NewPool(server, secrets, lambdatest.AppSecretARN, time.Minute, &tls.Config{RootCAs: s.Roots})
	t.Cleanup(pool.Close)
	return &handler{pool: pool, sender: lambdatest.SenderARN, overdueAfter: time.Hour, log: jsonlog.New(out)}
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

// ways are those to write an outcome, by name; each returns how many rows it changed. The upserts have to hold the
// rules by themselves, because another record may come between the two statements of one.
func ways(t *testing.T, s *mysqltest.Server) map[string]func(*testing.T, contract.Outcome) int64 {
	t.Helper()
	h := inProcess(t, s, lambdatest.NewSecrets(), t.Output())
	db := lambdatest.OpenApp(t, s)
	return map[string]func(*testing.T, contract.Outcome) int64{
		"as deployed": func(t *testing.T, o contract.Outcome) int64 {
			t.Helper()
			change, err := h.write(t.Context(), o)
			if err != nil {
				t.Fatalf("%+v: %v", o, err)
			}
			if change == "unchanged" {
				return 0
			}
			return 1
		},
		"by upserts alone": func(t *testing.T, o contract.Outcome) int64 {
			t.Helper()
			affected, err := upsert(o, time.Now()).run(t.Context(), db)
			if err != nil {
				t.Fatalf("%+v: %v", o, err)
			}
			return affected
		},
	}
}
