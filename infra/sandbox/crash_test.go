package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/environment"
	"scheduled-messages/infra/sandbox/sigv4"
	"scheduled-messages/infra/sandbox/state"
	"scheduled-messages/lambda/contract"
)

// killedLosesNothing kills the data plane again and again while messages are on their way.
func killedLosesNothing(t *testing.T, p *launched) {
	const messages, kills = 60, 4
	ctx, s := deadline(t), p.running()
	f, err := newFollower(s, new(strings.Builder))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]contract.Status{}
	sent := func(n int) contract.Message {
		answers, status := "200", contract.Sent
		switch n % 5 {
		case 3:
			answers = "500,200"
		case 4:
			answers, status = "410", contract.Failed
		}
		m := contract.Message{ID: fmt.Sprintf("crash-%d", n), Channel: contract.Webhook, To: s.Webhook(answers), Body: "b"}
		want[m.ID] = status
		return m
	}
	for n := range messages {
		m := sent(n)
		if n%2 == 0 { // through Scheduler
			if _, err := s.Schedule(ctx, m, time.Duration(1+n/10)*time.Second); err != nil {
				t.Fatal(err)
			}
			f.expect(m.ID)
			continue
		}
		f.on[m.ID] = true
		p.until("the data plane takes "+m.ID, func() bool { return queue(ctx, s, m) == nil }) // or through Lambda's queue
	}
	killed := 0
	for range kills {
		before := p.state().PlanePID
		rows, err := s.Rows(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if done := crashed(rows); done < messages { // there is something to lose
			killed++
		}
		if err := syscall.Kill(before, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		p.until("the data plane is started again", func() bool { return p.state().PlanePID != before })
		time.Sleep(time.Second) // until it is in the middle of something
	}
	if killed == 0 {
		t.Error("all messages were done before the first kill")
	}
	if err := f.follow(ctx, expected); err != nil {
		t.Error(err)
	}
	checked(t, s, want)
	t.Logf("%d messages, %d of %d kills in the middle of them", messages, killed, kills)
}

func crashed(rows map[string]state.Row) (n int) {
	for id := range rows {
		if strings.HasPrefix(id, "crash-") {
			n++
		}
	}
	return n
}

// queue puts a message into Lambda's queue itself, as an asynchronous invocation.
func queue(ctx context.Context, s *state.State, m contract.Message) error {
	event, err := json.Marshal(m)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost,
		s.Endpoint+"/2015-03-31/functions/"+url.PathEscape(s.Outputs["senderArn"])+"/invocations", strings.NewReader(string(event)))
	if err != nil {
		return err
	}
	request.Header.Set("X-Amz-Invocation-Type", "Event")
	if err := s.Keys.Sign(request, event, sigv4.Scope{Region: environment.Region, Service: "lambda"}); err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	response.Body.Close()
	if response.StatusCode != http.StatusAccepted {
		return errors.New(response.Status)
	}
	return nil
}
