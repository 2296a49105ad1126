package main

import (
	"fmt"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/faults"
	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/internal/tlsroots"
)

// warmEvents is how many events each program gets in a round after its first.
const warmEvents = 200

// BenchmarkCost compares the compiled updater with two floors: a function that does nothing, and one that runs a
// bare UPDATE over a kept TLS connection. A round starts each of them, one after the other in changing order, and
// hands them the same events. Run it with -benchtime=30x for 30 rounds.
func BenchmarkCost(b *testing.B) {
	s := lambdatest.Prepare(b, mysqltest.StartMariaDB(b, mysqltest.Arguments("--general-log=OFF")))
	c := lambdatest.StartCloud(b)
	environ := faults.Environment(s, s.Port).With(
		"USER", lambdatest.AppUser, "PASSWORD", lambdatest.AppPassword,
		"SSL_CERT_FILE", lambdatest.Authorities(b, s.CAFile, tlsroots.Bundles),
		"PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", c.Extension.Port()).Environ()
	type program struct {
		name, binary string
		lambdatest.Cost
	}
	empty := &program{name: "empty", binary: lambdatest.Build(b, "testdata/empty")}
	bare := &program{name: "bare", binary: lambdatest.Build(b, "testdata/bare")}
	updater := &program{name: "updater", binary: lambdatest.Build(b, ".")}
	order := []*program{empty, bare, updater}
	check := func(answer lambdaruntime.Answer) error {
		if answer.Error != nil {
			return answer.Error
		}
		return nil
	}
	runs := 0
	for b.Loop() {
		for range order {
			p := order[runs%3]
			_, events := schedule(b, s)
			p.Measure(b, c.API, p.binary, environ, events, lambdatest.Timeout, check)
			runs++
		}
		runs++ // so that each program comes first in turn
	}
	for _, p := range order {
		b.Logf("%-7s  %s", p.name, &p.Cost)
	}
	b.ReportMetric(0, "ns/op") // of no meaning here
	b.ReportMetric(lambdatest.Ratio(updater.Init, empty.Init), "init/empty")
	b.ReportMetric(lambdatest.Ratio(updater.First, bare.First), "first/bare")
	b.ReportMetric(lambdatest.Ratio(updater.Warm, bare.Warm), "warm/bare")
	b.ReportMetric(updater.Peak, "peak-MB")
	binary, zip := lambdatest.Sizes(b, updater.binary)
	b.ReportMetric(binary, "binary-MB")
	b.ReportMetric(zip, "zip-MB")
}

var schedules int

// schedule puts the rows of a round into the table, as a backend does, and returns their ids and records.
func schedule(b *testing.B, s *mysqltest.Server) (ids, events []string) {
	b.Helper()
	schedules++
	var values []string
	for i := range warmEvents + 1 {
		id := fmt.Sprintf("cost-%d-%d", schedules, i)
		values = append(values, "('"+id+"', 'sns', 'topic', 'Hello', NOW(3))")
		ids, events = append(ids, id), append(events, lambdatest.SentRecord(id))
	}
	s.Exec(b, "INSERT INTO messages.messages (id, channel, recipient, subject, scheduled_at) VALUES "+strings.Join(values, ","))
	return ids, events
}
