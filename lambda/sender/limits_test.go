package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/channel"
)

func TestHandleLeavesTimeForAnAnswer(t *testing.T) {
	for timeout, want := range map[time.Duration]time.Duration{
		30 * time.Second: sendTimeout,
		26 * time.Second: 24 * time.Second,
		10 * time.Second: 8 * time.Second,
		0:                sendTimeout, // no deadline
	} {
		s := new(stub)
		h, _ := newStubbed(s)
		ctx := t.Context()
		begin := time.Now()
		if timeout > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithDeadline(ctx, begin.Add(timeout))
			defer cancel()
		}
		if _, err := h.handle(ctx, []byte(event)); err != nil {
			t.Fatal(err)
		}
		// sendTimeout begins a little after begin did.
		got := s.deadline.Sub(begin)
		if late := got - want; want == sendTimeout && (late < 0 || timeout > 0 && got > timeout-margin) || want != sendTimeout && late != 0 {
			t.Errorf("with a timeout of %s a channel has %s, want %s", timeout, got, want)
		}
	}
}

// TestResultsAndErrorsLeaveRoomForTheMessage holds the sender to what the limit of an event counts on.
func TestResultsAndErrorsLeaveRoomForTheMessage(t *testing.T) {
	long := strings.Repeat("ü", 100_000)
	for name, s := range map[string]*stub{
		"a provider's id": {providerID: long}, "a refusal": {err: &channel.PermanentError{Reason: long}}, "a fault": {err: errors.New(long)},
	} {
		h, _ := newStubbed(s)
		answer, err := h.Invoke(t.Context(), []byte(event))
		if most := contract.MaxReasonLength + 300; len(answer) > most || err != nil && len(err.Error()) > contract.MaxReasonLength {
			t.Errorf("%s: the answer has %d bytes, the error %v", name, len(answer), err)
		}
		if len(answer) == 0 && err == nil {
			t.Errorf("%s: neither an answer nor an error", name)
		}
	}
}
