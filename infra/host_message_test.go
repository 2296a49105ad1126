package infra_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"scheduled-messages/infra/internal/lifetest"
	"scheduled-messages/infra/sandbox/state"
	"scheduled-messages/lambda/contract"
)

// sentThere is the id of the message that goes through the stack in the host.
const sentThere = "order-4711"

// messageIsSent schedules a message as a backend does, with the stack's outputs alone, and sees its row in the host's
// server.
func messageIsSent(t *testing.T, e *lifetest.Engine, aws *lifetest.Running, server *hostServer) {
	t.Helper()
	s := &state.State{Endpoint: aws.URL, Keys: lifetest.LocalKeys(t), Databases: aws.Databases()}
	if err := json.Unmarshal([]byte(e.Pulumi("stack", "output", "--json")), &s.Outputs); err != nil {
		t.Fatal(err)
	}
	message := contract.Message{ID: sentThere, Channel: contract.SNS, Body: "It is on its way."}
	at, err := s.Schedule(t.Context(), message, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	var status contract.Status
	var sent sql.NullTime
	for end := time.Now().Add(time.Minute); status == "" && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		err := server.db.QueryRowContext(t.Context(), "SELECT status, sent_at FROM messages.messages WHERE id = ?", sentThere).
			Scan(&status, &sent)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			t.Fatal(err)
		}
	}
	if status != contract.Sent || sent.Time.Before(at) {
		t.Errorf("in the host's server the message for %s is %q, at %v", at, status, sent.Time)
	}
	var answer struct {
		Message *struct{ Status contract.Status }
	}
	question := map[string]string{"id": sentThere}
	if err := s.Cloud().Invoke(t.Context(), s.Outputs[contract.OutputStatusName], question, &answer); err != nil {
		t.Fatal(err)
	}
	if answer.Message == nil || answer.Message.Status != contract.Sent {
		t.Errorf("the status function answers %+v", answer)
	}
	if undelivered, unwritten, err := s.DeadLetters(t.Context()); err != nil || undelivered+unwritten > 0 {
		t.Errorf("%d and %d dead-letter messages, %v", undelivered, unwritten, err)
	}
}
