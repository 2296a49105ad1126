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
