package faults

import (
	"encoding/json"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/lambda/contract"
)

// CheckLog asserts that the output of a run is one JSON line for each event, and holds no secret and no message.
func CheckLog(t *testing.T, out *lambdatest.Output, events int) {
	t.Helper()
	text := out.String()
	for _, word := range []string{lambdatest.AppPassword, rotatedPassword, "word~", lambdatest.Body, lambdatest.Body[:12], "Hello"} {
		if at := strings.Index(text, word); at >= 0 {
			t.Errorf("the log holds %q: %.300s", word, text[max(0, at-150):])
		}
	}
	seen := map[any]bool{}
	for _, line := range out.Lines(t) {
		request := line[contract.LogRequestID]
		if request == nil || seen[request] {
			t.Errorf("not the one line of a request: %v", line)
		}
		seen[request] = true
		duration, ok := line[contract.LogDurationMS].(float64)
		if !ok || duration < 0 {
			t.Errorf("no duration: %v", line)
		}
		unnamed := line[contract.LogMessageID] == "" || line[contract.LogStatus] == ""
		if line["msg"] == contract.LogDone && line[contract.LogRow] != nil && unnamed {
			t.Errorf("no message id or no status: %v", line)
		}
	}
	if len(seen) < events {
		t.Errorf("%d lines for %d events", len(seen), events)
	}
}

// CheckProtocol asserts that, by its general log, the server has received nothing that would pin a connection of RDS Proxy.
func CheckProtocol(t *testing.T, log []string, events int) {
	t.Helper()
	written := 0
	for _, entry := range log {
		command, text, _ := strings.Cut(entry, " ")
		text = strings.ToUpper(strings.TrimSpace(text))
		switch {
		case command != "Query" && command != "Connect" && command != "Quit" && command != "Ping":
			t.Errorf("%.200s", entry)
		case strings.HasPrefix(text, "SET "), strings.Contains(text, "ROW_COUNT"), strings.Contains(text, "/*!"):
			t.Errorf("%.200s", entry)
		case len(text) >= 16<<10:
			t.Errorf("a statement of %d bytes: %.200s", len(text), entry)
		case strings.HasPrefix(text, "INSERT INTO MESSAGES"):
			written++
		}
	}
	if written < events {
		t.Errorf("the log has %d of the updater's statements for %d events", written, events)
	}
}

// Connection asks the function which connection it has.
func Connection(t *testing.T, p *lambdaruntime.Process) any {
	t.Helper()
	answer := lambdatest.Invoke(t, p, "{}", lambdatest.Timeout)
	if answer.Error != nil {
		t.Fatal(answer.Error)
	}
	health := map[string]any{}
	if err := json.Unmarshal(answer.Payload, &health); err != nil {
		t.Fatal(err)
	}
	return health["connectionId"]
}
