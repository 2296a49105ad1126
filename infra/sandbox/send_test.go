package main

import (
	"io"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/command"
)

// run runs the command in this process.
func run(t *testing.T, args ...string) error {
	t.Helper()
	return sandbox().Execute(t.Context(), args, command.Streams{Out: io.Discard, Err: io.Discard})
}

func TestSendRefusesAnIDThatNoRowCanHave(t *testing.T) {
	for _, id := range []string{"", "é", "a b", strings.Repeat("x", 65)} {
		err := run(t, "send", "-folder", t.TempDir(), "-id", id)
		if err == nil || !strings.Contains(err.Error(), "must be 1 to 64 printable ASCII characters without spaces") {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestSendRefusesAnswersThatNoReceiverGives(t *testing.T) {
	for _, answers := range []string{"", "ok", "500,", "200 500", "101", "999"} {
		err := run(t, "send", "-folder", t.TempDir(), "-answers", answers)
		if err == nil || !strings.Contains(err.Error(), "must be statuses from 200 to 599") {
			t.Errorf("%q: %v", answers, err)
		}
	}
}
