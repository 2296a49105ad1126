package dataplane

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
)

// inputOf is what a schedule's target gets: its input, in which Scheduler replaces the context attributes.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
func inputOf(s cloud.Schedule, executionID string, due time.Time, attempt int) string {
	at := due.UTC().Format(time.RFC3339)
	if s.Target.Input == "" {
		return notification(s, executionID, at)
	}
	return strings.NewReplacer(
		"<aws.scheduler.schedule-arn>", s.ARN,
		"<aws.scheduler.scheduled-time>", at,
		"<aws.scheduler.execution-id>", executionID,
		"<aws.scheduler.attempt-number>", strconv.Itoa(attempt),
	).Replace(s.Target.Input)
}

// notification is what a target gets whose schedule has no input.
func notification(s cloud.Schedule, id, at string) string {
	text, err := json.Marshal(map[string]any{
		"version": "0", "id": id, "detail-type": "Scheduled Event", "source": "aws.scheduler", "account": account(s.ARN), "time": at,
		"region": strings.Split(s.ARN+":::", ":")[3], "resources": []string{s.ARN}, "detail": "{}",
	})
	if err != nil {
		return "{}"
	}
	return string(text)
}
