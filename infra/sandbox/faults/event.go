package faults

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/lambda/contract"
)

// malformed are events that cannot be understood.
func malformed(t *testing.T) []string {
	t.Helper()
	good := lambdatest.SentRecord("malformed-x")
	without := func(old, replacement string) string {
		changed := strings.Replace(good, old, replacement, 1)
		if changed == good {
			t.Fatalf("no %s in %s", old, good)
		}
		return changed
	}
	return []string{
		"", "null", "[]", "1", `"text"`, "{", good[:len(good)-1], good + good,
		`{"id":""}`, `{"id":7}`, `{"id":"malformed-x"}`, `{"ID":"x","more":1}`, `{"foo":"bar"}`, `[` + good + `]`,
		without(":function:sender:", ":function:other:"),
		without(`"version":"1.0"`, `"version":"2.0"`),
		without(`"version":"1.0"`, `"version":1.0`),
		without(`"condition":"Success"`, `"condition":""`),
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
		lambdatest.NewRecord("Success", "malformed-x", ""),
		lambdatest.NewRecord("Success", "malformed-x", `"text"`),
		lambdatest.NewRecord("RetriesExhausted", "", `{"errorMessage":"m"}`),
		lambdatest.NewRecord("EventAgeExceeded", "", ""),
		strings.Repeat("[", 1<<20),
		`{"version":"1.0","requestPayload":"` + strings.Repeat("x", 1<<20) + `"}`,
	}
}

// oversized sends records as large as Lambda lets them be, 1 MB, with one field that has all of it.
func (r *Run) oversized() {
	r.t.Helper()
	long := map[string]string{
		"ascii": strings.Repeat("x", 900<<10), "quotes": strings.Repeat(`'`, 900<<10),
		"wide": strings.Repeat("💌", 200<<10),
	}
	for _, kind := range slices.Sorted(maps.Keys(long)) {
		text, id := long[kind], "oversized-"+kind
		for status, event := range map[string]string{
			"SENT-body":     lambdatest.NewRecord("Success", id+"-body", result(id+"-body", contract.Sent, "p", "")),
			"SENT-provider": lambdatest.NewRecord("Success", id+"-provider", result(id+"-provider", contract.Sent, text, "")),
			"FAILED-error":  lambdatest.NewRecord("Success", id+"-error", result(id+"-error", contract.Failed, "", text)),
			"FAILED-said":   lambdatest.NewRecord("RetriesExhausted", id+"-said", fmt.Sprintf(`{"errorMessage":%q}`, text)),
			"FAILED-to": strings.Replace(lambdatest.NewRecord("EventAgeExceeded", id+"-to", ""),
				`"to":"topic"`, fmt.Sprintf(`"to":%q`, text), 1),
		} {
			status, field, _ := strings.Cut(status, "-")
			if field == "body" {
				event = strings.Replace(event, lambdatest.Body, text, 1)
			}
			r.events[id+"-"+field] = status
			r.hand(event)
		}
	}
}

func result(id string, status contract.Status, providerID, reason string) string {
	text, err := json.Marshal(contract.Result{
		ID:         id,
		Status:     status,
		ProviderID: providerID,
		SentAt:     lambdatest.Noon(),
		Error:      reason,
	})
	if err != nil {
		return err.Error()
	}
	return string(text)
}
