package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/receivertest"
	"scheduled-messages/infra/sandbox/sendertest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/contract/webhook"
)

const (
	firstKey  = "first-signing-key-of-32-letters."
	secondKey = "second-signing-key-of-32-letters"
	master    = "master-signing-key-of-32-letters"
)

// functionTimeout is what the program gives the sender.
const functionTimeout = 30 * time.Second

func webhookEvent(id, url string) string {
	event, err := json.Marshal(contract.Message{ID: id, Channel: contract.Webhook, To: url, Subject: "my-subject", Body: "my-body"})
	if err != nil {
		return err.Error()
	}
	return string(event)
}

// One environment lives through all of this, as it would: every event ends as a result or as an error, and all the
// output is looked through at the end.
func TestCompiledSenderThroughFaults(t *testing.T) {
	s := sendertest.Start(t, ".")
	s.SetKey(firstKey)
	s.Extension.Fail(http.StatusBadRequest, http.StatusInternalServerError)
	out := &lambdatest.Output{}
	f := s.Run(t, s.Binary, s.Environment().With(contract.EnvWebhookUnsafeAllowLoopback, "true"), out)
	hook := "https://" + s.Host() + "/path-token"
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	type want struct {
		status contract.Status // none: an error
		words  string
	}
	steps := []struct {
		name    string
		prepare func()
		event   string
		timeout time.Duration
		want    want
	}{
		{"sns", nil, string(sample(t)), functionTimeout, want{contract.Sent, ""}},
		{"webhook while the extension starts", nil, webhookEvent("hook-1", hook), functionTimeout, want{contract.Sent, ""}},
		{"the same event twice", nil, webhookEvent("hook-1", hook), functionTimeout, want{contract.Sent, ""}},
		{"receiver overrun", func() { s.AnswerStatus(503) }, webhookEvent("hook-2", hook), functionTimeout, want{"", "answered 503 Service Unavailable"}},
		{"its retry", nil, webhookEvent("hook-2", hook), functionTimeout, want{contract.Sent, ""}},
		{"receiver refuses", func() { s.AnswerStatus(410) }, webhookEvent("hook-3", hook), functionTimeout, want{contract.Failed, "answered 410 Gone"}},
		{"host not allowed", nil, webhookEvent("hook-4", "https://evil.example/path-token"), functionTimeout, want{contract.Failed, `"evil.example:443"`}},
		{"metadata", nil, webhookEvent("hook-5", "https://169.254.169.254/path-token"), functionTimeout, want{contract.Failed, "must be one of " + s.Host()}},
		{"key rotated", func() { s.SetKey(secondKey); s.AnswerStatus(401) }, webhookEvent("hook-6", hook), functionTimeout, want{contract.Sent, ""}},
		{"key of its own", func() { s.SetSecret(webhook.Secret{Master: master}); s.AnswerStatus(401) },
			webhookEvent("hook-6b", hook), functionTimeout, want{"", "answered 401 Unauthorized"}},
		{"receiver still at the first delivery", func() { s.AnswerStatus(409) },
			webhookEvent("hook-6c", hook), functionTimeout, want{"", "answered 409 Conflict"}},
		{"another protocol", func() { s.AnswerStatus(101) },
			webhookEvent("hook-6d", hook), functionTimeout, want{contract.Failed, "answered 101 Switching Protocols"}},
		{"connection cut", func() { s.Receiver.Server.CloseClientConnections() }, webhookEvent("hook-7", hook), functionTimeout, want{contract.Sent, ""}},
		{"receiver silent", func() { s.Answer(hang) }, webhookEvent("hook-8", hook), 4 * time.Second, want{"", "no answer in time"}},
		{"bad message", nil, `{"id":"bad-1","channel":"webhook","to":"x","body":""}`, functionTimeout, want{contract.Failed, "body has 0 bytes"}},
		{"bad id", nil, `{"id":"b a d","channel":"webhook","to":"x","body":"my-body"}`, functionTimeout, want{"", `id is "b a d"`}},
		{"oversized", nil, `{"id":"big-1","channel":"sns","body":"` + strings.Repeat("my-body", 50_000) + `"}`, functionTimeout, want{contract.Failed, "body has 350000 bytes"}},
		{"receiver gone", s.Receiver.Server.Close, webhookEvent("hook-9", hook), functionTimeout, want{"", "connection refused"}},
		{"sns again", nil, string(sample(t)), functionTimeout, want{contract.Sent, ""}},
	}
	for _, step := range steps {
		if step.prepare != nil {
			step.prepare()
		}
		got, err := sendertest.Invoke(t, f, step.event, step.timeout)
		var id struct{ ID string }
		json.Unmarshal([]byte(step.event), &id)
		switch {
		case step.want.status == "" && (err == nil || !strings.Contains(err.Error(), step.want.words)),
			step.want.status == contract.Sent && (err != nil || got.Status != contract.Sent || got.ID != id.ID || got.SentAt.IsZero()),
			step.want.status == contract.Failed && (err != nil || got.Status != contract.Failed || got.ID != id.ID || !strings.Contains(got.Error, step.want.words)):
			t.Errorf("%s: got %+v, %v", step.name, got, err)
		}
	}
	f.Stop()
	checkRequests(t, s.Receiver.Requests())
	checkOutput(t, out.String(), len(steps))
	if _, early := s.Extension.Asked(); early != 0 {
		t.Errorf("the secret was asked for %d times before the first invocation", early)
	}
}

// checkRequests checks which requests arrived, how often, and signed with which key.
func checkRequests(t *testing.T, requests []receivertest.Request) {
	t.Helper()
	want := []struct{ id, key string }{
		{"hook-1", firstKey}, {"hook-1", firstKey}, {"hook-2", firstKey}, {"hook-2", firstKey}, {"hook-3", firstKey},
		{"hook-6", firstKey}, {"hook-6", secondKey}, {"hook-6b", secondKey}, {"hook-6c", secondKey}, {"hook-6d", secondKey},
		{"hook-7", secondKey}, {"hook-8", secondKey},
	}
	if len(requests) != len(want) {
		t.Fatalf("%d requests arrived, want %d: %+v", len(requests), len(want), requests)
	}
	for i, got := range requests {
		body := `{"id":"` + want[i].id + `","subject":"my-subject","body":"my-body"}`
		if got.URL.Path != "/path-token" || string(got.Body) != body || got.Header.Get("Idempotency-Key") != want[i].id {
			t.Errorf("request %d is %+v, want %s", i, got, want[i].id)
		}
		if id, err := webhook.Verify(got.Header, got.Body, time.Now(), want[i].key); id != want[i].id || err != nil {
			t.Errorf("request %d, Webhook-Signature: got %q, %v, want %s signed with %s", i, id, err, want[i].id, want[i].key)
		}
		if id, err := webhook.VerifyXSignature(got.Header, got.Body, time.Now(), want[i].key); id != want[i].id || err != nil {
			t.Errorf("request %d, X-Signature: got %q, %v, want %s signed with %s", i, id, err, want[i].id, want[i].key)
		}
	}
}

// checkOutput checks that each event has left one line, and that nothing is logged that is not for logs.
func checkOutput(t *testing.T, output string, events int) {
	t.Helper()
	seen := 0
	for line := range strings.Lines(output) {
		var l map[string]any
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Errorf("not JSON: %s", line)
			continue
		}
		if l["msg"] != contract.LogDone && l["msg"] != contract.LogFailed {
			continue
		}
		seen++
		_, timed := l[contract.LogDurationMS].(float64)
		id, _ := l[contract.LogRequestID].(string)
		if id == "" || !timed || (l[contract.LogStatus] == nil) != (l["msg"] == contract.LogFailed) || l[contract.LogMessageID] == nil {
			t.Errorf("lacks something: %s", line)
		}
	}
	if seen != events {
		t.Errorf("%d lines for %d events", seen, events)
	}
	for _, secret := range []string{"my-body", "my-subject", "signing-key", "path-token", "said-by-the-receiver", sendertest.AccessKey, "tomorrow"} {
		if strings.Contains(output, secret) {
			t.Errorf("the output holds %q", secret)
		}
	}
}

func TestCompiledSenderDoesNotReachLoopbackUnlessItIsAllowed(t *testing.T) {
	s := sendertest.Start(t, ".")
	s.SetKey(firstKey)
	f := s.Run(t, s.Binary, s.Environment(), &lambdatest.Output{})
	got, err := sendertest.Invoke(t, f, webhookEvent("hook-1", s.Receiver.Server.URL), functionTimeout)
	if err != nil || got.Status != contract.Failed || !strings.Contains(got.Error, "prohibited IP address: 127.0.0.1") {
		t.Errorf("got %+v, %v", got, err)
	}
	if n := len(s.Receiver.Requests()); n != 0 {
		t.Errorf("%d requests arrived", n)
	}
}

func TestCompiledSenderDoesNotStartWithoutAChannel(t *testing.T) {
	s := sendertest.Start(t, ".")
	out := &lambdatest.Output{}
	f := s.Run(t, s.Binary, lambdatest.Environment{}, out)
	if err := f.Ready(context.Background()); err == nil {
		t.Error("it has started")
	}
	f.Stop()
	if !strings.Contains(out.String(), "sns needs SNS_TOPIC_ARN") {
		t.Errorf("the output does not name the variable: %s", out)
	}
}
