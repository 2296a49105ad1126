package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"scheduled-messages/lambda/internal/mysqltest"
	"scheduled-messages/lambda/message"
	"scheduled-messages/lambda/runtimetest"
)

// TestEveryEventEndsWrittenOnceOrAsAnError runs the compiled function through each fault. What comes to an error is
// handed in again afterwards, as Lambda does; then each event has made one change to its row, and no more.
func TestEveryEventEndsWrittenOnceOrAsAnError(t *testing.T) {
	binary := build(t, ".")
	both(t, func(t *testing.T, s *mysqltest.Server) {
		admin := s.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, databaseName)
		for _, statement := range []string{
			"CREATE TABLE changes (id VARCHAR(64) NOT NULL, status VARCHAR(16) NOT NULL)",
			"CREATE TRIGGER inserted AFTER INSERT ON messages FOR EACH ROW INSERT INTO changes VALUES (NEW.id, NEW.status)",
			"CREATE TRIGGER updated AFTER UPDATE ON messages FOR EACH ROW INSERT INTO changes " +
				"SELECT NEW.id, NEW.status FROM DUAL WHERE OLD.updated_at <> NEW.updated_at OR OLD.status <> NEW.status",
		} {
			if _, err := admin.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		everything := map[string]string{}
		c := startCloud(t)
		out := &output{}
		for name, fault := range faults() {
			t.Run(name, func(t *testing.T) {
				r := &run{t: t, cloud: c, server: s, name: name, events: map[string]string{}}
				r.relay = startRelay(t, "127.0.0.1", s.Port)
				r.process = c.start(t, binary, c.environ(s, "localhost", r.relay.port()), out)
				fault(r)
				r.retry()
				for id, status := range r.events {
					everything[id] = status
				}
			})
		}
		written := rows(t, admin)
		changes := changes(t, s)
		for id, status := range everything {
			// The embedded server runs INSERT triggers for rows that were there as well, so it cannot count.
			if written[id].Status != status || s.Real && len(changes[id]) != 1 {
				t.Errorf("%s: want %s by one change, got %+v by %q", id, status, written[id], changes[id])
			}
		}
		if len(written) != len(everything) {
			t.Errorf("%d events made %d rows", len(everything), len(written))
		}
		if all, early := c.extension.Asked(); early > 0 || all == 0 {
			t.Errorf("the extension was asked %d times, %d of them before the first invocation", all, early)
		}
		checkLog(t, out)
		if s.Real {
			checkProtocol(t, s)
		}
	})
}

// retry does what Lambda's queue does with an event that came to an error.
func (r *run) retry() {
	r.t.Helper()
	for _, event := range r.kept {
		if answer := invoke(r.t, r.process, event, timeout); answer.Error != nil {
			r.t.Errorf("again: %s", answer.Error.Message)
		}
	}
}

func changes(t *testing.T, s *mysqltest.Server) map[string][]string {
	t.Helper()
	list, err := s.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, databaseName).Query("SELECT id, status FROM changes")
	if err != nil {
		t.Fatal(err)
	}
	defer list.Close()
	all := map[string][]string{}
	for list.Next() {
		var id, status string
		if err := list.Scan(&id, &status); err != nil {
			t.Fatal(err)
		}
		all[id] = append(all[id], status)
	}
	return all
}

// checkLog asserts that the output of a run is one JSON line for each event, and tells no secret and no message.
func checkLog(t *testing.T, out *output) {
	t.Helper()
	text := out.String()
	for _, word := range []string{appPassword, "An-other_pass:word~2", "word~", body, body[:12], "Hello"} {
		if at := strings.Index(text, word); at >= 0 {
			t.Errorf("the log holds %q: %.300s", word, text[max(0, at-150):])
		}
	}
	seen := map[any]bool{}
	for _, line := range out.lines(t) {
		request := line["requestId"]
		if request == nil || seen[request] {
			t.Errorf("not the one line of a request: %v", line)
		}
		seen[request] = true
		duration, ok := line["durationMs"].(float64)
		if !ok || duration < 0 {
			t.Errorf("no duration: %v", line)
		}
		if line["msg"] == "done" && line["row"] != nil && (line["messageId"] == "" || line["status"] == "") {
			t.Errorf("no message id or no status: %v", line)
		}
	}
	if len(seen) < 1000 {
		t.Errorf("%d lines", len(seen))
	}
}

// checkProtocol asserts that the server has received nothing that would pin a connection of RDS Proxy.
func checkProtocol(t *testing.T, s *mysqltest.Server) {
	t.Helper()
	upserts := 0
	for _, entry := range s.GeneralLog(t) {
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
			upserts++
		}
	}
	if upserts < 1000 {
		t.Errorf("the log has %d of the updater's statements", upserts)
	}
}

// connection asks the function which connection it has.
func connection(t *testing.T, p *runtimetest.Process) any {
	t.Helper()
	answer := invoke(t, p, "{}", timeout)
	if answer.Error != nil {
		t.Fatal(answer.Error)
	}
	health := map[string]any{}
	if err := json.Unmarshal(answer.Payload, &health); err != nil {
		t.Fatal(err)
	}
	return health["connectionId"]
}

// malformed are events that cannot be understood.
func malformed(t *testing.T) []string {
	t.Helper()
	good := sentRecord("malformed-x")
	without := func(old, replacement string) string {
		changed := strings.Replace(good, old, replacement, 1)
		if changed == good {
			t.Fatalf("no %s in %s", old, good)
		}
		return changed
	}
	return []string{
		"", "null", "[]", "1", `"text"`, "{", good[:len(good)-1], good + good,
		`{"id":""}`, `{"id":7}`, `{"ID":"x","more":1}`, `{"foo":"bar"}`, `[` + good + `]`,
		without(`"version":"1.0"`, `"version":"2.0"`),
		without(`"version":"1.0"`, `"version":1.0`),
		without(`"condition":"Success"`, `"condition":"SomethingNew"`),
		without(`"condition":"Success"`, `"condition":null`),
		without(`"timestamp":"2026-11-21T12:00:00.000Z"`, `"timestamp":"yesterday"`),
		without(`"status":"SENT"`, `"status":"SCHEDULED"`),
		without(`"status":"SENT"`, `"status":"sent"`),
		without(`"sentAt":"2026-11-21T12:00:00Z"`, `"sentAt":"now"`),
		without(`"sentAt":"2026-11-21T12:00:00Z"`, `"sentAt":"1600-01-01T00:00:00Z"`),
		without(`"responsePayload":{"id":"malformed-x"`, `"responsePayload":{"id":"another"`),
		without(`"responsePayload":{"id":"malformed-x"`, `"responsePayload":{"id":""`),
		strings.ReplaceAll(good, "malformed-x", strings.Repeat("x", 65)),
		strings.ReplaceAll(good, "malformed-x", "with space"),
		strings.ReplaceAll(good, "malformed-x", "ümlaut"),
		record("Success", "malformed-x", ""),
		record("Success", "malformed-x", `"text"`),
		record("RetriesExhausted", "", `{"errorMessage":"m"}`),
		record("EventAgeExceeded", "", ""),
		strings.Repeat("[", 1<<20),
		`{"version":"1.0","requestPayload":"` + strings.Repeat("x", 1<<20) + `"}`,
	}
}

// oversized sends records as large as Lambda lets them be, 1 MB, with one field that has all of it.
func (r *run) oversized() {
	r.t.Helper()
	long := map[string]string{
		"ascii": strings.Repeat("x", 900<<10), "quotes": strings.Repeat(`'`, 900<<10),
		"wide": strings.Repeat("💌", 200<<10),
	}
	for _, kind := range slices.Sorted(maps.Keys(long)) {
		text, id := long[kind], "oversized-"+kind
		for status, event := range map[string]string{
			"SENT-body":     record("Success", id+"-body", result(id+"-body", message.Sent, "p", "")),
			"SENT-provider": record("Success", id+"-provider", result(id+"-provider", message.Sent, text, "")),
			"FAILED-error":  record("Success", id+"-error", result(id+"-error", message.Failed, "", text)),
			"FAILED-said":   record("RetriesExhausted", id+"-said", fmt.Sprintf(`{"errorMessage":%q}`, text)),
			"FAILED-to":     strings.Replace(record("EventAgeExceeded", id+"-to", ""), `"to":"topic"`, fmt.Sprintf(`"to":%q`, text), 1),
		} {
			status, field, _ := strings.Cut(status, "-")
			if field == "body" {
				event = strings.Replace(event, body, text, 1)
			}
			r.events[id+"-"+field] = status
			r.hand(event)
		}
	}
}

func result(id string, status message.Status, providerID, reason string) string {
	at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	text, err := json.Marshal(message.Result{ID: id, Status: status, ProviderID: providerID, SentAt: at, Error: reason})
	if err != nil {
		return err.Error()
	}
	return string(text)
}
