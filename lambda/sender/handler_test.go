package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/channel"
)

// stub is a channel with a given answer.
type stub struct {
	providerID string
	err        error
	got        []contract.Message
	deadline   time.Time
}

func (s *stub) Send(ctx context.Context, m contract.Message) (string, error) {
	s.got = append(s.got, m)
	s.deadline, _ = ctx.Deadline()
	return s.providerID, s.err
}

func newStubbed(s *stub) (*handler, *bytes.Buffer) {
	output := new(bytes.Buffer)
	return &handler{
		channels: map[contract.Channel]channel.Sender{contract.SNS: s},
		now:      func() time.Time { return time.Date(2026, 11, 21, 9, 0, 0, 123456789, time.FixedZone("KST", 9*3600)) },
		log:      slog.New(slog.NewJSONHandler(output, nil)),
	}, output
}

func invoked(t *testing.T) context.Context {
	return lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "request-1"})
}

// handle is Invoke with its answer decoded.
func (h *handler) handle(ctx context.Context, event []byte) (result contract.Result, err error) {
	payload, err := h.Invoke(ctx, event)
	if err != nil {
		return contract.Result{}, err
	}
	err = json.Unmarshal(payload, &result)
	return result, err
}

// line is what one event has left in the log.
func line(t *testing.T, output *bytes.Buffer) map[string]any {
	t.Helper()
	if n := strings.Count(output.String(), "\n"); n != 1 {
		t.Fatalf("%d lines: %s", n, output)
	}
	var l map[string]any
	if err := json.Unmarshal(output.Bytes(), &l); err != nil {
		t.Fatal(err)
	}
	return l
}

const event = `{"id":"order-1","channel":"sns","to":"customer-42","subject":"tell-me-not","body":"tell-me-not"}`

func TestHandleAnswersSENTWithTheProvidersID(t *testing.T) {
	s := &stub{providerID: "provider-1"}
	h, output := newStubbed(s)
	got, err := h.handle(invoked(t), []byte(event))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"id":"order-1","status":"SENT","providerId":"provider-1","sentAt":"2026-11-21T00:00:00.123456Z"}`; string(answer) != want {
		t.Errorf("got %s, want %s", answer, want)
	}
	if want := (contract.Message{ID: "order-1", Channel: "sns", To: "customer-42", Subject: "tell-me-not", Body: "tell-me-not"}); len(s.got) != 1 || s.got[0] != want {
		t.Errorf("the channel got %+v", s.got)
	}
	l := line(t, output)
	if took, ok := l[contract.LogDurationMS].(float64); !ok || took < 0 {
		t.Errorf("the duration is %v", l[contract.LogDurationMS])
	}
	for name, want := range map[string]any{"level": "INFO", "messageId": "order-1", "channel": "sns", "status": "SENT", "requestId": "request-1", "msg": "done"} {
		if l[name] != want {
			t.Errorf("the log's %s is %v, want %v", name, l[name], want)
		}
	}
}

func TestHandleAnswersFAILEDToAPermanentErrorAndAnErrorToAllElse(t *testing.T) {
	for _, test := range []struct {
		name   string
		err    error
		failed bool
		level  string
		status string
	}{
		{"permanent error", &channel.PermanentError{Reason: "never"}, true, "WARN", "FAILED"},
		{"wrapped permanent error", wrapped{&channel.PermanentError{Reason: "never"}}, true, "WARN", "FAILED"},
		{"fault", errors.New("later"), false, "ERROR", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			h, output := newStubbed(&stub{err: test.err})
			got, err := h.handle(invoked(t), []byte(event))
			want := contract.Result{}
			if test.failed {
				want = contract.Result{ID: "order-1", Status: contract.Failed, Error: test.err.Error()}
			}
			if got != want || (err == nil) != test.failed {
				t.Errorf("got %+v, %v", got, err)
			}
			if !test.failed && !errors.Is(err, test.err) {
				t.Errorf("got the error %v", err)
			}
			if l := line(t, output); l["level"] != test.level || fmt.Sprint(l["status"]) != cmp.Or(test.status, "<nil>") || l["error"] != test.err.Error() {
				t.Errorf("logged %v", l)
			}
		})
	}
}

type wrapped struct{ error }

func (w wrapped) Error() string { return "webhook a.example: " + w.error.Error() }
func (w wrapped) Unwrap() error { return w.error }

func TestHandleSendsNothingForABadMessage(t *testing.T) {
	for _, test := range []struct {
		name, event, id, want string
	}{
		{"bad but with an id", `{"id":"order-1","channel":"sns","body":""}`, "order-1", "message: body has 0 bytes: must have 1 to 241664"},
		{"unknown channel", `{"id":"order-1","channel":"tell-me-not-either-as-it-is-much-too-long-for-a-channel","body":"b"}`, "order-1", "message: channel is "},
		{"channel switched off", `{"id":"order-1","channel":"webhook","body":"b"}`, "order-1", `channel "webhook" is switched off: on are ["sns"]`},
		{"no usable id", `{"id":"or der","channel":"sns","body":"b"}`, "", `message: id is "or der": must be`},
		{"no JSON", `tell-me-not`, "", "message: is not a JSON object"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := new(stub)
			h, output := newStubbed(s)
			got, err := h.handle(invoked(t), []byte(test.event))
			reason := got.Error
			if test.id == "" {
				if err == nil || got != (contract.Result{}) {
					t.Fatalf("got %+v, %v", got, err)
				}
				reason = err.Error()
			} else if err != nil || got.ID != test.id || got.Status != contract.Failed || !got.SentAt.IsZero() {
				t.Fatalf("got %+v, %v", got, err)
			}
			if !strings.HasPrefix(reason, test.want) {
				t.Errorf("the reason is %q, want %q", reason, test.want)
			}
			if len(s.got) != 0 {
				t.Error("something was sent")
			}
			line(t, output)
			if strings.Contains(output.String(), "much-too-long") || test.name == "no JSON" && strings.Contains(output.String(), "tell-me-not") {
				t.Errorf("the log holds too much: %s", output)
			}
		})
	}
}

func TestSampleEventIsAMessage(t *testing.T) {
	s := new(stub)
	h, _ := newStubbed(s)
	if _, err := h.handle(t.Context(), sample(t)); err != nil || len(s.got) != 1 {
		t.Errorf("got %v", err)
	}
}
