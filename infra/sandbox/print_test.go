package main

import (
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/dataplane"
	"scheduled-messages/infra/sandbox/state"
)

// hostile clears the screen and fakes a line.
const hostile = "\x1b[2J\x1b]0;owned\x07\rwelcome SENT\n\u009b1m\u202e"

func TestWordsOfAReceiverCannotDriveTheTerminal(t *testing.T) {
	var out strings.Builder
	state.Row{ID: "m-1", Status: "FAILED", Error: hostile}.Print(&out)
	f := &follower{out: &out, on: map[string]bool{}}
	kinds := []dataplane.Kind{dataplane.Refused, dataplane.Failed, dataplane.Handed, dataplane.Dead, dataplane.Lost}
	for _, kind := range kinds {
		f.report(dataplane.Line{At: time.Now(), Kind: kind, Message: "m-1", Function: "sender", Text: hostile})
	}
	if got := out.String(); strings.ContainsAny(got, "\x1b\x07\r\u009b\u202e") || strings.Count(got, "\n") != 1+len(kinds) {
		t.Errorf("it prints %q", got)
	}
}
