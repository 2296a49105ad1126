package main

import (
	"strings"
	"testing"
)

func TestSendRefusesAnIDThatNoRowCanHave(t *testing.T) {
	for _, id := range []string{"", "é", "a b", strings.Repeat("x", 65)} {
		err := runSend(t.Context(), []string{"-folder", t.TempDir(), "-id", id})
		if err == nil || !strings.Contains(err.Error(), "allowed are 1 to 64 printable ASCII characters without spaces") {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestSendRefusesAnswersThatNoReceiverGives(t *testing.T) {
	for _, answers := range []string{"", "ok", "500,", "200 500", "101", "999"} {
		err := runSend(t.Context(), []string{"-folder", t.TempDir(), "-answers", answers})
		if err == nil || !strings.Contains(err.Error(), "allowed are statuses from 200 to 599") {
			t.Errorf("%q: %v", answers, err)
		}
	}
}
