package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"scheduled-messages/lambda/lambdatest"
	"scheduled-messages/lambda/mysqltest"
	"scheduled-messages/lambda/runtimetest"
)

// warmEvents is how many events each program gets in a round after its first.
const warmEvents = 200

// program is a compiled function and what it cost.
type program struct {
	name              string
	binary            string
	init, first, warm []time.Duration
	peak              float64 // MB of memory
}

// BenchmarkCost measures the compiled updater beside two floors: a function that does nothing, and one that runs a
// bare UPDATE over a kept TLS connection. A round starts each of them, one after the other in changing order, and
// hands them the same events. Run it with -benchtime=30x for 30 rounds.
func BenchmarkCost(b *testing.B) {
	s := prepare(b, mysqltest.StartMariaDB(b, mysqltest.Arguments("--general-log=OFF")))
	c := startCloud(b)
	environ := append(c.environ(s, "localhost", s.Port), "USER="+appUser, "PASSWORD="+appPassword)
	empty := &program{name: "empty", binary: lambdatest.Build(b, "testdata/empty")}
	bare := &program{name: "bare", binary: lambdatest.Build(b, "testdata/bare")}
	updater := &program{name: "updater", binary: lambdatest.Build(b, ".")}
	order := []*program{empty, bare, updater}
	runs := 0
	for b.Loop() {
		for range order {
			order[runs%3].run(b, c, environ, schedule(b, s, runs))
			runs++
		}
		runs++ // so that each program comes first in turn
	}
	for _, p := range order {
		slices.Sort(p.init)
		slices.Sort(p.first)
		slices.Sort(p.warm)
		b.Logf("%-7s  init p50 %s  first p50 %s p99 %s  warm p50 %s p99 %s  peak %.1f MB", p.name, at(p.init, 50),
			at(p.first, 50), at(p.first, 99), at(p.warm, 50), at(p.warm, 99), p.peak)
	}
	b.ReportMetric(0, "ns/op") // of no meaning here
	b.ReportMetric(ms(at(updater.init, 50)), "init-ms")
	b.ReportMetric(ratio(updater.init, empty.init), "init/empty")
	b.ReportMetric(ms(at(updater.first, 50)), "first-p50-ms")
	b.ReportMetric(ms(at(updater.first, 99)), "first-p99-ms")
	b.ReportMetric(ms(at(updater.warm, 50)), "warm-p50-ms")
	b.ReportMetric(ms(at(updater.warm, 99)), "warm-p99-ms")
	b.ReportMetric(ratio(updater.warm, bare.warm), "warm/bare")
	b.ReportMetric(updater.peak, "peak-MB")
	binary, zip := size(b, updater.binary)
	b.ReportMetric(binary, "binary-MB")
	b.ReportMetric(zip, "zip-MB")
}

// schedule puts the rows of a run into the table, as a backend does, and returns their records.
func schedule(b *testing.B, s *mysqltest.Server, run int) []string {
	b.Helper()
	var values, events []string
	for i := range warmEvents + 1 {
		id := fmt.Sprintf("cost-%d-%d", run, i)
		values = append(values, "('"+id+"', 'sns', 'topic', 'Hello', NOW(3))")
		events = append(events, sentRecord(id))
	}
	s.Exec(b, "INSERT INTO messages.messages (id, channel, recipient, subject, scheduled_at) VALUES "+strings.Join(values, ","))
	return events
}

// run starts the program, hands it the events, and notes what that cost.
func (p *program) run(b *testing.B, c cloud, environ, events []string) {
	b.Helper()
	out, err := os.CreateTemp(b.TempDir(), "log") // a reader of a pipe would compete for the cores
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	process, err := c.api.Start(p.binary, environ, out)
	if err != nil {
		b.Fatal(err)
	}
	defer process.Stop()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	init, err := process.Init(ctx)
	if err != nil {
		b.Fatal(err)
	}
	p.init = append(p.init, init)
	for i, event := range events {
		answer := invoke(b, process, event, timeout)
		if answer.Error != nil {
			b.Fatalf("%s: %s", p.name, answer.Error)
		}
		if i == 0 {
			p.first = append(p.first, answer.Took)
		} else {
			p.warm = append(p.warm, answer.Took)
		}
	}
	p.peak = max(p.peak, peak(b, process))
}

// peak is the most memory that the process has had, in MB of 1000 KB, or 0 where the system does not tell.
func peak(b *testing.B, p *runtimetest.Process) float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.PID()))
	if err != nil {
		return 0
	}
	match := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(text)
	if match == nil {
		return 0
	}
	kb, err := strconv.ParseFloat(string(match[1]), 64)
	if err != nil {
		b.Fatal(err)
	}
	return kb * 1024 / 1e6
}

// size is the size of a binary and of its zip, in MB.
func size(b *testing.B, binary string) (plain, zipped float64) {
	b.Helper()
	info, err := os.Stat(binary)
	if err != nil {
		b.Fatal(err)
	}
	zip, err := runtimetest.ZipSize(binary)
	if err != nil {
		b.Fatal(err)
	}
	return float64(info.Size()) / 1e6, float64(zip) / 1e6
}

// at is a percentile of sorted durations.
func at(sorted []time.Duration, percent int) time.Duration {
	return sorted[(len(sorted)-1)*percent/100]
}

func ratio(of, to []time.Duration) float64 { return float64(at(of, 50)) / float64(at(to, 50)) }

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
