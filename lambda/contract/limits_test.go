package contract

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"scheduled-messages/infra/sandbox/lambdaruntime"
)

// largest are events of exactly MaxEventLength, by what fills them.
func largest(t *testing.T) map[string]string {
	t.Helper()
	events := map[string]string{}
	for name, filler := range map[string]struct {
		format, piece string
		size          int // of the piece, as the text of a JSON string
	}{
		"letters":          {`{"id":"m-1","channel":"sns","to":"t","body":"%s"}`, "b", 1},
		"quotes":           {`{"id":"m-1","channel":"sns","to":"t","body":"%s"}`, `\"`, 4},
		"line feeds":       {`{"id":"m-1","channel":"sns","to":"t","body":"%s"}`, `\n`, 3},
		"escapes":          {`{"id":"m-1","channel":"sns","to":"t","body":"%s"}`, `\u00e4`, 7},
		"an unknown field": {`{"id":"m-1","channel":"sns","to":"t","body":"b","padding":"%s"}`, "p", 1},
		"white space":      {"{\"id\":\"m-1\",%s\"channel\":\"sns\",\"to\":\"t\",\"body\":\"b\"}", "\n", 2},
	} {
		room := MaxEventLength - quotedLength(fmt.Appendf(nil, filler.format, ""))
		text := strings.Repeat(filler.piece, room/filler.size)
		events[name] = fmt.Sprintf(filler.format, text) + strings.Repeat(" ", room%filler.size)
		if n := quotedLength([]byte(events[name])); n != MaxEventLength {
			t.Fatalf("%s: %d bytes", name, n)
		}
		if quoted := quote(t, events[name]); len(quoted)-2 != MaxEventLength {
			t.Fatalf("%s: the JSON string has %d bytes", name, len(quoted)-2)
		}
	}
	// A body as long as bodies may be, in an event of which the limit is the body's.
	events["the longest body"] = fmt.Sprintf(`{"id":"m-1","channel":"sns","to":"t","body":"%s"}`, strings.Repeat("b", MaxBodyLength))
	delete(events, "letters") // longer than a body may be
	return events
}

// quote is the JSON string of a text, as it is, without what Go escapes for HTML.
func quote(t *testing.T, text string) string {
	t.Helper()
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(out.String(), "\n")
}

func TestDecodeTakesAnEventUpToTheLimitAndNoneBeyond(t *testing.T) {
	for name, event := range largest(t) {
		if _, err := Decode([]byte(event)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if name == "the longest body" {
			continue
		}
		m, err := Decode([]byte(event + " "))
		if want := "has 245761 bytes as the text of a JSON string: must have at most 245760"; err == nil || err.Error() != want || m.ID != "m-1" {
			t.Errorf("%s, a byte longer: message %q, error %v, want %s", name, m.ID, err, want)
		}
	}
}

// longestARN is longer than any function's of the stack can be.
var longestARN = "arn:aws-iso-b:lambda:us-isob-east-1:123456789012:function:" + strings.Repeat("n", 64)

// longestRecord is a destination record with the longest fields of Lambda's own, with request and response as they are, white
// space included.
func longestRecord(request, response string) string {
	record := lambdaruntime.Record{
		RequestID: "00000000-0000-0000-0000-000000000000",
		At:        time.Date(2026, 11, 21, 12, 0, 0, 123e6, time.UTC),
		Function:  longestARN,
		Condition: "ZeroReservedConcurrency",
		Attempts:  3,
		Request:   json.RawMessage(`"THE REQUEST"`),
		Response:  json.RawMessage(`"THE RESPONSE"`),
		Unhandled: true,
	}.String()
	return strings.NewReplacer(`"THE REQUEST"`, request, `"THE RESPONSE"`, response).Replace(record)
}

// TestNoAcceptedEventBecomesTooLargeForAQueue builds the dead-letter messages of the largest events, with the longest
// results and errors, as AWS documents them.
func TestNoAcceptedEventBecomesTooLargeForAQueue(t *testing.T) {
	reason := strings.Repeat("<", MaxReasonLength) // of which Go's encoder makes six bytes
	result, err := json.Marshal(Result{ID: strings.Repeat("<", MaxIDLength), Status: Failed, ProviderID: strings.Repeat("<", MaxProviderIDLength), Error: reason})
	if err != nil {
		t.Fatal(err)
	}
	failure, err := json.Marshal(map[string]string{"errorMessage": reason, "errorType": strings.Repeat("T", 64)})
	if err != nil {
		t.Fatal(err)
	}
	most := 0
	for name, event := range largest(t) {
		unwritten := longestRecord(longestRecord(event, string(result)), string(failure))
		if len(unwritten) > MaxQueueMessage {
			t.Errorf("%s: the record in unwritten has %d bytes", name, len(unwritten))
		}
		undelivered := `{"FunctionName":"` + longestARN + `","InvocationType":"Event","Payload":` + quote(t, event) + `}`
		for attribute, value := range map[string]string{
			"ERROR_CODE": strings.Repeat("E", 256), "ERROR_MESSAGE": strings.Repeat("m", 4096), "EXECUTION_ID": strings.Repeat("e", 64),
			"EXHAUSTED_RETRY_CONDITION": "MaximumEventAgeInSeconds", "IS_PAYLOAD_TRUNCATED": "false", "RETRY_ATTEMPTS": "185",
			"SCHEDULED_TIME": "2026-11-21T12:00:00Z", "SCHEDULE_ARN": strings.Repeat("a", 1600), "TARGET_ARN": longestARN,
		} {
			undelivered += attribute + "String" + value
		}
		if len(undelivered) > MaxQueueMessage {
			t.Errorf("%s: the dead-letter message in undelivered has %d bytes, attributes included", name, len(undelivered))
		}
		most = max(most, len(unwritten), len(undelivered))
	}
	if most < MaxQueueMessage-8<<10 {
		t.Errorf("the largest dead-letter message has %d bytes: the limit leaves too much room", most)
	}
}

func TestThePageOnSendingNamesTheLimits(t *testing.T) {
	page, err := os.ReadFile("../../docs/sending.md")
	if err != nil {
		t.Fatal(err)
	}
	thousands := func(n int) string { return fmt.Sprintf("%d,%03d", n/1000, n%1000) }
	for _, want := range []string{
		"1 to " + thousands(MaxBodyLength) + " bytes", "at most " + thousands(MaxEventLength) + " bytes",
		"takes " + thousands(MaxQueueMessage) + " bytes", fmt.Sprintf("1 to %d printable ASCII", MaxIDLength), fmt.Sprintf("at most %d characters", MaxSubjectLength),
	} {
		if !strings.Contains(strings.Join(strings.Fields(string(page)), " "), want) { // wherever its lines break
			t.Errorf("the page does not say %q", want)
		}
	}
}

func TestTruncateSplitsNoCharacter(t *testing.T) {
	for _, test := range []struct {
		text string
		most int
		want string
	}{{"abc", 3, "abc"}, {"abcd", 3, "abc"}, {"aüb", 2, "a"}, {"aüb", 3, "aü"}, {"💌💌", 7, "💌"}, {"💌", 3, ""}, {"", 0, ""}, {"\x80\x80", 1, ""}} {
		if got := Truncate(test.text, test.most); got != test.want || !utf8.ValidString(got) {
			t.Errorf("%q cut to %d bytes is %q, want %q", test.text, test.most, got, test.want)
		}
	}
}
