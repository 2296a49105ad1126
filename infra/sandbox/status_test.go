package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/infra/sandbox/state"
	"scheduled-messages/lambda/contract"
)

// shownLive waits for what the messages of the properties before it did, which nobody followed but the sandbox itself.
func shownLive(p *launched) {
	for _, words := range []string{
		"  published  scheduled: for ", "  published  fired: the sender has it", "  published  updater: SENT (row inserted)",
		"  refused    updater: FAILED (row inserted)", "  astray     a dead-letter message in ",
	} {
		p.until(words+" is shown", func() bool { return strings.Contains(p.output(), words) })
	}
}

// statusReports runs the command while a schedule waits and another one's time is over.
func statusReports(t *testing.T, p *launched, s *state.State) {
	ctx := deadline(t)
	for name, change := range map[string]func(*cloud.Schedule){
		"later":   func(c *cloud.Schedule) { c.Expression = "at(2099-01-02T03:04:05)" },
		"stopped": func(c *cloud.Schedule) { c.Expression, c.State = "at(2020-01-02T03:04:05)", "DISABLED" },
	} {
		c, _, err := s.ScheduleOf(contract.Message{ID: name, Channel: contract.SNS, Body: "b"}, 0)
		if err != nil {
			t.Fatal(err)
		}
		change(&c)
		if err := s.Cloud().CreateSchedule(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(os.Args[0], "status", "-folder", p.folder).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, words := range []string{
		`"ok":true`, "rate(1 hour), due at ", "later      at(2099-01-02T03:04:05), due at 2099-01-02 ", "stopped    at(2020-01-02T03:04:05), disabled",
		"0 events in the queues of Scheduler and Lambda:", "2 events that went nowhere or to a dead-letter queue:",
		"  astray     a dead-letter message in ", "may not lambda:InvokeFunction on ", "dead-letter messages: 1 undelivered, 1 unwritten",
		"  published  SENT ", "  refused    FAILED ",
	} {
		if !strings.Contains(string(out), words) {
			t.Errorf("it does not report %q:\n%s", words, out)
		}
	}
	if strings.Contains(string(out), "overdue since") {
		t.Errorf("something is overdue:\n%s", out)
	}
	for _, name := range []string{"later", "stopped"} {
		if err := s.Cloud().DeleteSchedule(ctx, s.Outputs["scheduleGroupName"], name); err != nil {
			t.Error(err)
		}
	}
}
