package contract

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzDecode looks for an event that panics, that passes and breaks a limit or changes on its way, or whose error
// holds the body.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"id":"a","channel":"sns","to":"t","subject":"s","body":"b"}`,
		`{"id":"a","channel":"webhook","to":"https://hooks.example.com/","body":"\u0000\ud800"}`,
		`{"ID":"a","id":"b","channel":"sns","body":"b","body":"c"}`,
		`{"id":1,"channel":[],"to":{},"body":null}`,
		`null`, `[]`, `"`, "", "\xef\xbb\xbf{}", "{\"id\":\"\xff\"}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, event []byte) {
		m, err := Decode(event)
		if m.ID != "" && !UsableID(m.ID) {
			t.Fatalf("the id %q is left", m.ID)
		}
		if err != nil {
			checkError(t, event, err)
			return
		}
		if len(m.ID) < 1 || len(m.ID) > MaxIDLength || len(m.To) > MaxToLength || len(m.Body) < 1 ||
			len(m.Body) > MaxBodyLength || utf8.RuneCountInString(m.Subject) > MaxSubjectLength {
			t.Fatalf("a message beyond the limits passed: %+v", m)
		}
		again, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Decode(again); err != nil || got != m {
			t.Fatalf("%+v came back as %+v, %v", m, got, err)
		}
	})
}

func checkError(t *testing.T, event []byte, err error) {
	if text := err.Error(); len(text) > 2000 || !utf8.ValidString(text) || strings.ContainsAny(text, "\r\n") {
		t.Fatalf("the error %q cannot stand in a row", text)
	}
	var read struct{ ID, Channel, Body string }
	json.Unmarshal(event, &read)
	// Shorter ones may stand in the error's own text.
	if len(read.Body) > 12 && !strings.Contains(read.ID+read.Channel, read.Body) && strings.Contains(err.Error(), read.Body) {
		t.Fatalf("the error %q holds the body", err)
	}
}
