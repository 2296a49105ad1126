package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/infra/sandbox/environment"
	"scheduled-messages/infra/sandbox/sigv4"
	"scheduled-messages/infra/sandbox/state"
	"scheduled-messages/lambda/contract"
)

// TestMessagesGoTheirWayThroughWhatWasDeployed brings the very program up, and sends messages through what it deployed:
// a wire that is missing in infra ends the way of one of them.
func TestMessagesGoTheirWayThroughWhatWasDeployed(t *testing.T) {
	p := launch(t, "up")
	p.until("the stack is up", func() bool { return p.state().Ready })
	s := p.running()
	t.Run("nothing of the user's environment leads anybody elsewhere", func(t *testing.T) { environmentsAreClean(t, p) })
	t.Run("a shell that reads the exports reaches the sandbox alone", func(t *testing.T) { shellReachesTheSandbox(t, p, s) })
	t.Run("the documents' commands find the stack's names", func(t *testing.T) { documentsFindNames(t, p, s) })
	t.Run("each message ends in its row", func(t *testing.T) { eachEndsInItsRow(t, s) })
	t.Run("the documents' recipes schedule, move, cancel and list", func(t *testing.T) { recipesWork(t, s) })
	t.Run("status says what became of each, and takes no record", func(t *testing.T) { statusAnswers(t, s) })
	t.Run("what Scheduler cannot hand over is a dead-letter message", func(t *testing.T) { undeliveredIsKept(t, s) })
	t.Run("what cannot be written is a dead-letter message", func(t *testing.T) { unwrittenIsKept(t, s) })
	t.Run("what happens is shown where the sandbox runs", func(t *testing.T) { shownLive(p) })
	t.Run("status reports what is scheduled, what waits and what failed", func(t *testing.T) { statusReports(t, p, s) })
	t.Run("nobody without the keys is served", func(t *testing.T) { strangersAreRefused(t, s) })
	t.Run("a data plane that is killed loses nothing", func(t *testing.T) { killedLosesNothing(t, p) })
	was := p.state()
	p.interrupt()
	p.isGone(was)
}

// strangersAreRefused is what another user of the machine can try, with what anybody knows: the port, and a function's name.
func strangersAreRefused(t *testing.T, s *state.State) {
	for name, keys := range map[string]sigv4.Keys{"dummy keys": {ID: "test", Secret: "test"}, "the id alone": {ID: s.Keys.ID, Secret: "guess"}} {
		stranger := cloud.New(s.Endpoint, environment.Region, keys)
		err := stranger.Invoke(deadline(t), s.Outputs["senderArn"], contract.Message{ID: "stranger", Channel: contract.SNS, Body: "b"}, new(any))
		if refused, ok := errors.AsType[*cloud.Error](err); !ok || refused.Status != http.StatusForbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, folder := range []string{filepath.Join(s.Scratch, "tmp"), filepath.Dir(filepath.Dir(s.Trace))} {
		if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("others may look into %s: %v, %v", folder, info, err)
		}
	}
}

func eachEndsInItsRow(t *testing.T, s *state.State) {
	ctx := deadline(t)
	var printed strings.Builder
	f, err := newFollower(s, &printed)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]contract.Status{}
	send := func(m contract.Message, status contract.Status) {
		m.Body = "A body that no trace may hold"
		if _, err := s.Schedule(ctx, m, time.Second); err != nil {
			t.Fatal(err)
		}
		f.expect(m.ID)
		want[m.ID] = status
	}
	for _, d := range demonstration {
		send(contract.Message{ID: d.id, Channel: contract.Webhook, To: s.Webhook(d.answers), Subject: d.subject}, d.want)
	}
	send(contract.Message{ID: "published", Channel: contract.SNS}, contract.Sent)
	send(contract.Message{ID: "unknown", Channel: contract.Webhook, To: s.Webhook("404")}, contract.Failed) // for good, at once
	send(contract.Message{ID: "elsewhere", Channel: contract.Webhook, To: "https://hooks.example.com/"}, contract.Failed)
	err = f.follow(ctx, expected)
	t.Logf("their way:\n%s", &printed)
	if err != nil {
		t.Fatal(err)
	}
	trace, err := os.ReadFile(s.Trace)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(printed.String()+string(trace), "A body") {
		t.Error("a message's body was printed")
	}
	rows := checked(t, s, want)
	if e := rows["refused"].Error; !strings.Contains(e, "RetriesExhausted after 3 attempts") || !strings.Contains(e, "503") {
		t.Errorf("the refused one says %q", e)
	}
	left, err := s.Cloud().Schedules(ctx)
	if err != nil || len(left) != 4 { // the heartbeats and armer's
		t.Errorf("%d schedules are left, %v", len(left), err)
	}
	if undelivered, unwritten, err := s.DeadLetters(ctx); err != nil || undelivered+unwritten > 0 {
		t.Errorf("%d and %d dead-letter messages, %v", undelivered, unwritten, err)
	}
}

// statusAnswers asks as a backend does, and tries to have a status written by who may only ask.
func statusAnswers(t *testing.T, s *state.State) {
	ctx := deadline(t)
	ask := func(question any) (answer struct {
		OK      bool
		Counts  map[contract.Status]int
		Message *struct{ Status contract.Status }
		Refused string
	}) {
		t.Helper()
		if err := s.Cloud().Invoke(ctx, s.Outputs["statusName"], question, &answer); err != nil {
			t.Fatal(err)
		}
		return answer
	}
	for _, d := range demonstration {
		if got := ask(map[string]string{"id": d.id}); !got.OK || got.Message == nil || got.Message.Status != d.want || got.Counts != nil {
			t.Errorf("%s: %+v, want %s", d.id, got, d.want)
		}
	}
	before := ask(struct{}{})
	if !before.OK || before.Counts[contract.Sent] == 0 || before.Counts[contract.Failed] == 0 {
		t.Errorf("the overview is %+v", before)
	}
	forged := map[string]any{
		"version": "1.0", "timestamp": "2026-11-21T12:00:00.000Z", "requestPayload": map[string]string{"id": "forged"},
		"requestContext": map[string]any{"condition": "RetriesExhausted", "functionArn": s.Outputs["senderArn"]},
	}
	if got := ask(forged); got.Refused == "" {
		t.Errorf("a record is answered with %+v", got)
	}
	if after := ask(struct{}{}); after.Counts[contract.Failed] != before.Counts[contract.Failed] {
		t.Errorf("a record was written: %+v, then %+v", before, after)
	}
	// The updater takes no record of another function, and answers no question.
	forged["requestContext"].(map[string]any)["functionArn"] = s.Outputs["senderArn"] + "-of-nobody"
	for _, event := range []any{forged, map[string]string{"id": "welcome"}} {
		if err := s.Cloud().Invoke(ctx, s.Outputs["updaterName"], event, new(any)); err == nil {
			t.Errorf("the updater took %v", event)
		}
	}
}

// checked are the rows, of which some have to have a status.
func checked(t *testing.T, s *state.State, want map[string]contract.Status) map[string]state.Row {
	t.Helper()
	rows, err := s.Rows(deadline(t))
	if err != nil {
		t.Fatal(err)
	}
	for id, status := range want {
		if rows[id].Status != status {
			t.Errorf("%s is %+v, want %s", id, rows[id], status)
		}
	}
	return rows
}

// undeliveredIsKept has a schedule of the backend's name a function that the schedules' role may not invoke.
func undeliveredIsKept(t *testing.T, s *state.State) {
	ctx := deadline(t)
	err := sendWith(ctx, s, contract.Message{ID: "astray", Channel: contract.SNS}, func(c *cloud.Schedule) {
		c.Target.ARN += "-of-nobody"
		c.Target.RetryPolicy.Attempts = 0
	})
	if err == nil || !strings.Contains(err.Error(), "dead-letter message in") || !strings.Contains(err.Error(), "undelivered") {
		t.Errorf("got %v", err)
	}
	if undelivered, _, err := s.DeadLetters(ctx); err != nil || undelivered != 1 {
		t.Errorf("%d dead-letter messages, %v", undelivered, err)
	}
}

// unwrittenIsKept has the sender fail with an error whose record the updater cannot understand.
func unwrittenIsKept(t *testing.T, s *state.State) {
	ctx := deadline(t)
	err := sendWith(ctx, s, contract.Message{ID: "spaced out", Channel: contract.SNS}, func(c *cloud.Schedule) { c.Name = "spaced-out" })
	if err == nil || !strings.Contains(err.Error(), "dead-letter message in") || !strings.Contains(err.Error(), "unwritten") {
		t.Errorf("got %v", err)
	}
	if _, unwritten, err := s.DeadLetters(ctx); err != nil || unwritten != 1 {
		t.Errorf("%d dead-letter messages, %v", unwritten, err)
	}
}

// with sends a message by a schedule that is changed, and follows it.
func sendWith(ctx context.Context, s *state.State, m contract.Message, change func(*cloud.Schedule)) error {
	var ignored strings.Builder
	f, err := newFollower(s, &ignored)
	if err != nil {
		return err
	}
	c, _, err := s.ScheduleOf(m, time.Second)
	if err != nil {
		return err
	}
	change(&c)
	if err := s.Cloud().CreateSchedule(ctx, c); err != nil {
		return err
	}
	f.expect(m.ID)
	return f.follow(ctx, expected)
}
