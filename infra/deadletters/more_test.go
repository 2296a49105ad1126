package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
)

func unclearStay(t *testing.T, s *stack) {
	s.put(s.outputs.UndeliveredQueueURL, `{"body":"`+secretWords+`"}`, schedulerAttributes("g/order"))
	cut := schedulerAttributes("g/order")
	cut["IS_PAYLOAD_TRUNCATED"] = "true"
	s.put(s.outputs.UndeliveredQueueURL, event("x-1"), cut)
	other := schedulerAttributes("g/order")
	other["TARGET_ARN"] = "arn:aws:sqs:us-east-1:123456789012:elsewhere"
	s.put(s.outputs.UndeliveredQueueURL, event("x-2"), other)
	s.put(s.outputs.UnwrittenQueueURL, secretWords, nil)
	s.unwritten(`{"version":"2.0","body":"` + secretWords + `"}`)
	output := s.keeps(5, "resend")
	s.says(output, "stays: it is no record of Lambda's", `stays: version is "2.0"`, `stays: id is ""`,
		"stays: its payload was cut off by Scheduler", "stays: it is for arn:aws:sqs:us-east-1:123456789012:elsewhere",
		"unwritten: 0 done, 2 stay", "undelivered: 0 done, 3 stay")
	if u, w := s.left(s.outputs.UndeliveredQueueURL), s.left(s.outputs.UnwrittenQueueURL); u != 3 || w != 2 || len(s.scheduled()) != 0 {
		t.Errorf("%d and %d messages are left, scheduled: %v", u, w, s.scheduled())
	}
}

func heartbeats(t *testing.T, s *stack) {
	attributes := schedulerAttributes("beats/heartbeat")
	attributes["TARGET_ARN"] = updaterARN
	s.put(s.outputs.UndeliveredQueueURL, "{}", attributes)
	s.unwritten("{}")
	s.unwritten(`{"id":"h-1"}`)
	s.says(s.run("resend"), "deleted: a heartbeat: the next one comes by itself", "deleted: a query or a heartbeat, and no status")
	if u, w := s.left(s.outputs.UndeliveredQueueURL), s.left(s.outputs.UnwrittenQueueURL); u != 0 || w != 0 || len(s.scheduled()) != 0 {
		t.Errorf("%d and %d messages are left, scheduled: %v", u, w, s.scheduled())
	}
}

func databaseGone(t *testing.T, s *stack) {
	s.undelivered("d-1", "order")
	s.database.Exec(t, "RENAME TABLE messages.messages TO messages.away")
	err := run(context.Background(), []string{"-outputs", s.environment(), "resend"}, io.Discard)
	s.database.Exec(t, "RENAME TABLE messages.away TO messages.messages")
	if err == nil || !strings.Contains(err.Error(), "message \"d-1\": status cannot read its row") {
		t.Errorf("got %v", err)
	}
	if len(s.scheduled()) != 0 || s.left(s.outputs.UndeliveredQueueURL) != 1 {
		t.Errorf("scheduled: %v, %d left", s.scheduled(), s.left(s.outputs.UndeliveredQueueURL))
	}
}

func twoRuns(t *testing.T, s *stack) {
	var ids []string
	for i := range 6 { // each twice, so that both runs receive it
		ids = append(ids, fmt.Sprintf("r-%d", i))
		s.undelivered(ids[i], "order")
		s.undelivered(ids[i], "order")
	}
	outputs := s.environment()
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if err := run(context.Background(), []string{"-outputs", outputs, "resend"}, io.Discard); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	s.fire()
	for _, id := range ids {
		if s.sent(id) != 1 || s.status(id) != "SENT" {
			t.Errorf("%s was sent %d times and is %q", id, s.sent(id), s.status(id))
		}
	}
	if n := s.left(s.outputs.UndeliveredQueueURL); n != 0 {
		t.Errorf("%d messages are left", n)
	}
}

func tidied(t *testing.T, s *stack) {
	for _, id := range []string{"y-1", "y-2", "y-3"} {
		s.undelivered(id, "order")
	}
	s.run("resend")
	s.writeRow(sentRecord("y-1"))
	s.writeRow(failedRecord("y-2"))
	s.run("resend")
	if n := len(s.scheduled()); n != 3 {
		t.Errorf("of young schedules %d are left", n)
	}
	c, err := newClient(context.Background(), &s.outputs, io.Discard) // with the front that the last run had
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		later time.Duration
		left  int
	}{{2 * time.Hour, 3}, {3 * time.Hour, 1}, {14 * 24 * time.Hour, 1}, {16 * 24 * time.Hour, 0}} {
		if err := c.deleteFinishedSchedules(context.Background(), time.Now().Add(step.later)); err != nil {
			t.Fatal(err)
		}
		if n := len(s.scheduled()); n != step.left {
			t.Errorf("after %v %d schedules are left, want %d", step.later, n, step.left)
		}
	}
	// A schedule of a backend's is none of ours, however old.
	if _, err := s.schedules.CreateSchedule(context.Background(), &scheduler.CreateScheduleInput{
		Name: aws.String("order-1"), GroupName: aws.String(s.outputs.ScheduleGroupName), ScheduleExpression: aws.String("at(2026-01-01T00:00:00)"),
		FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
		Target:             &types.Target{Arn: aws.String(senderARN), RoleArn: aws.String(s.outputs.SchedulerRoleARN), Input: aws.String(event("y-4"))},
	}); err != nil {
		t.Fatal(err)
	}
	if err := c.deleteFinishedSchedules(context.Background(), time.Now().Add(365*24*time.Hour)); err != nil || len(s.scheduled()) != 1 {
		t.Errorf("a backend's schedule is gone, %v", err)
	}
}
