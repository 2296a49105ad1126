package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// actions are the IAM actions of calls, where the two are not spelt alike. A call with a batch needs what one without does:
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
var actions = map[string]string{
	"lambda.Invoke":                    "lambda:InvokeFunction",
	"sqs.ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}

func policyAllows(t *testing.T, s *stack) {
	page, err := os.ReadFile("../../docs/dead-letters.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```json\n")
	text, _, _ := strings.Cut(rest, "```")
	var policy struct {
		Statement []struct{ Action []string }
	}
	if err := json.Unmarshal([]byte(text), &policy); err != nil {
		t.Fatal(err)
	}
	var allowed []string
	for _, statement := range policy.Statement {
		allowed = append(allowed, statement.Action...)
	}
	s.undelivered("q-1", "order")
	s.undelivered("q-1", "order")
	s.writeRow(failedRecord("q-2"))
	s.undelivered("q-2", "order")
	s.run("list")
	s.keeps(1, "resend")
	// Of the managed policy for backends, which the page says to attach as well: see infra's tests of it.
	backends := []string{"scheduler:CreateSchedule", "scheduler:GetSchedule", "scheduler:DeleteSchedule", "scheduler:ListSchedules"}
	called := map[string]bool{}
	for _, call := range s.calls {
		action, ok := actions[call]
		if !ok {
			action = strings.Replace(call, ".", ":", 1)
		}
		called[action] = true
		if !slices.Contains(allowed, action) && !slices.Contains(backends, action) {
			t.Errorf("%s is called and not allowed", action)
		}
	}
	for _, action := range allowed {
		if !called[action] && action != "kms:Decrypt" { // which SQS does for the caller
			t.Errorf("%s is allowed and never called", action)
		}
	}
}
