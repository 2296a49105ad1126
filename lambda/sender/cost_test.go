package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"scheduled-messages/lambda/runtimetest"
)

// warmEvents is how many events an environment gets after its first.
const warmEvents = 100

// BenchmarkCost measures the compiled sender with each of its channels, beside a function that does nothing. A round
// starts one environment of each. Run it with -benchtime=30x for 30 rounds. SNS answers over HTTP here, not HTTPS.
func BenchmarkCost(b *testing.B) {
	s := newStack(b)
	s.setKey("first-signing-key")
	empty, err := runtimetest.Build("../updater/testdata/empty", b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	costs := []*cost{
		{name: "empty", binary: empty, event: func(int) string { return "{}" }},
		{name: "sns", binary: s.binary, event: func(i int) string {
			return fmt.Sprintf(`{"id":"cost-%d","channel":"sns","to":"customer","subject":"Hello","body":"Good day"}`, i)
		}},
		{name: "webhook", binary: s.binary, event: func(i int) string { return webhookEvent(fmt.Sprintf("cost-%d", i), s.receiver.URL) }},
	}
	for b.Loop() {
		for _, c := range costs {
			c.measure(b, s)
		}
	}
	for _, c := range costs {
		slices.Sort(c.init)
		slices.Sort(c.first)
		slices.Sort(c.warm)
		b.Logf("%-8s init p50 %s  first p50 %s  warm p50 %s p99 %s  peak %.1f MB", c.name, percentile(c.init, 50),
			percentile(c.first, 50), percentile(c.warm, 50), percentile(c.warm, 99), c.peak)
	}
	info, err := os.Stat(s.binary)
	if err != nil {
		b.Fatal(err)
	}
	zip, err := runtimetest.ZipSize(s.binary)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(0, "ns/op") // of no meaning here
	b.ReportMetric(float64(percentile(costs[1].init, 50))/float64(percentile(costs[0].init, 50)), "init/empty")
	b.ReportMetric(float64(info.Size())/1e6, "binary-MB")
	b.ReportMetric(float64(zip)/1e6, "zip-MB")
}

type cost struct {
	name, binary      string
	event             func(int) string
	init, first, warm []time.Duration
	peak              float64 // MB
}

func (c *cost) measure(b *testing.B, s *stack) {
	b.Helper()
	f := s.startBinary(c.binary, s.environment("WEBHOOK_UNSAFE_ALLOW_LOOPBACK=true"))
	defer f.Stop()
	init, err := f.Init(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	c.init = append(c.init, init)
	for i := range 1 + warmEvents {
		answer, err := f.Invoke(context.Background(), []byte(c.event(i)), functionTimeout)
		if err != nil || answer.Error != nil || c.name != "empty" && !strings.Contains(string(answer.Payload), `"SENT"`) {
			b.Fatalf("%s: %s %v, %v", c.name, answer.Payload, answer.Error, err)
		}
		if i == 0 {
			c.first = append(c.first, answer.Took)
		} else {
			c.warm = append(c.warm, answer.Took)
		}
	}
	c.peak = max(c.peak, peak(b, f.PID()))
}

// peak is the most memory that a process has had, in MB, or 0 where the system does not tell.
func peak(b *testing.B, pid int) float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	var kb float64
	if _, err := fmt.Sscan(rest, &kb); err != nil {
		b.Fatal(err)
	}
	return kb * 1024 / 1e6
}

// percentile is one of sorted durations.
func percentile(sorted []time.Duration, percent int) time.Duration {
	return sorted[(len(sorted)-1)*percent/100]
}
