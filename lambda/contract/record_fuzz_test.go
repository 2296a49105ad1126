package contract

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// FuzzRecord holds DecodeRecord to what the updater counts on: an outcome that a row can take, or an error in one
// line that holds nothing of the message's body.
func FuzzRecord(f *testing.F) {
	for _, condition := range []string{"Success", "RetriesExhausted", "EventAgeExceeded", "Eventually"} {
		for _, response := range []string{
			"", `{"id":"m-1","status":"SENT","providerId":"p","sentAt":"2026-11-21T12:00:00Z"}`,
			`{"id":"m-1","status":"FAILED","error":"why"}`, `{"errorMessage":"m","errorType":"t"}`,
			`null`, `"text"`, `{"id":"\ud800","status":"SENT","sentAt":"9999-12-31T23:59:59-23:59"}`,
		} {
			f.Add([]byte(frame(condition, request1, response)))
		}
	}
	f.Add([]byte("{}"))
	f.Add([]byte("null"))
	f.Fuzz(func(t *testing.T, event []byte) {
		given := bytes.Clone(event)
		o, err := DecodeRecord(event)
		if !bytes.Equal(event, given) {
			t.Fatal("the event was changed")
		}
		if err != nil {
			if o != (Outcome{}) {
				t.Fatalf("an outcome next to an error: %+v", o)
			}
			checkRecordError(t, event, err)
			return
		}
		again, err := DecodeRecord(event)
		if err != nil || again != o {
			t.Fatalf("a second reading gives %+v, %v, the first %+v", again, err, o)
		}
		checkOutcome(t, o)
		// A record with a part twice is read in one go as both of it together; Lambda writes none.
		if bytes.Count(bytes.ToLower(event), []byte("payload")) > 2 || bytes.ContainsRune(event, '\\') {
			return
		}
		if parts, err := decodeParts(event); err != nil || parts != o {
			t.Fatalf("part by part it is %+v, %v, in one go %+v", parts, err, o)
		}
	})
}

func checkOutcome(t *testing.T, o Outcome) {
	t.Helper()
	if !UsableID(o.ID) || o.At.Year() < 1999 || o.At.Year() > 9999 {
		t.Fatalf("no row can take %+v", o)
	}
	for _, text := range []string{string(o.Channel), o.ProviderID, o.Error} {
		if !utf8.ValidString(text) {
			t.Fatalf("%q is not UTF-8", text)
		}
	}
	if strings.ContainsFunc(o.Error, unicode.IsControl) {
		t.Fatalf("the reason %q is not one line", o.Error)
	}
	switch {
	case o.Status == Sent && o.Error == "" && o.SentAt.Year() >= 2000 && o.SentAt.Year() <= 9999:
	case o.Status == Failed && o.Error != "" && o.SentAt.IsZero() && o.ProviderID == "":
	default:
		t.Fatalf("the fields do not fit the status in %+v", o)
	}
}

func checkRecordError(t *testing.T, event []byte, err error) {
	t.Helper()
	words := err.Error()
	if words == "" || len(words) > 2000 || strings.ContainsAny(words, "\n\r") || !utf8.ValidString(words) {
		t.Fatalf("not a line: %q", words)
	}
	var record struct {
		RequestPayload struct {
			Body string `json:"body"`
		} `json:"requestPayload"`
	}
	if json.Unmarshal(event, &record) == nil && len(record.RequestPayload.Body) > 40 &&
		strings.Contains(words, record.RequestPayload.Body) {
		t.Fatalf("the error holds the body: %q", words)
	}
}
