package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/rogpeppe/go-internal/testscript"

	"scheduled-messages/infra/sandbox/process/processtest"
	"scheduled-messages/infra/sandbox/schedulertest"
	"scheduled-messages/lambda/contract"
)

func TestMain(m *testing.M) {
	testscript.Main(processtest.Checked{Tests: m}, map[string]func(){"overdue": main})
}

func TestTheCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata", Setup: processtest.Mark})
}

// functions answer as status and the updater do, and keep what the updater was told.
type functions struct {
	rows     []contract.OverdueRow
	reported []contract.ScheduleState
}

func (f *functions) Invoke(_ context.Context, in *lambda.InvokeInput, _ ...func(*lambda.Options)) (*lambda.InvokeOutput, error) {
	if *in.FunctionName == "updater" {
		var report contract.ScheduleReport
		err := json.Unmarshal(in.Payload, &report)
		f.reported = append(f.reported, report.Schedules...)
		return &lambda.InvokeOutput{Payload: []byte(`{"schedules":1,"rows":0}`)}, err
	}
	if string(in.Payload) != `{"overdue":true}` {
		return &lambda.InvokeOutput{Payload: []byte(`{"refused":"it"}`)}, nil
	}
	answer, err := json.Marshal(map[string]any{"ok": true, "overdue": f.rows})
	return &lambda.InvokeOutput{Payload: answer}, err
}

// stack is a command's client before fakes, with one message of each kind.
func stack(t *testing.T) (*client, *functions, *schedulertest.Fake, *bytes.Buffer) {
	t.Helper()
	now := time.Date(2031, 1, 2, 12, 0, 0, 0, time.UTC)
	f, out := &functions{}, &bytes.Buffer{}
	state := map[bool]types.ScheduleState{true: types.ScheduleStateDisabled, false: types.ScheduleStateEnabled}
	scheduled := now.Add(-2 * time.Hour)
	clock := scheduled.Add(-time.Hour)
	s := schedulertest.New("group", func() time.Time { return clock })
	for _, one := range []struct {
		id            string
		outbox, armed bool
		named         string // the schedule's
		at            time.Time
	}{
		{"fired", true, true, "row-fired", scheduled},
		{"coming", true, true, "row-coming", now.Add(time.Minute)},
		{"gone", true, true, "", scheduled},
		{"waiting", true, false, "", scheduled},
		{"held", true, true, "row-held", scheduled},
		{"theirs", false, false, "theirs", scheduled},
		{"their:own", false, false, "", scheduled},
	} {
		f.rows = append(f.rows, contract.OverdueRow{ID: one.id, ScheduledAt: scheduled, Version: scheduled, Outbox: one.outbox, Armed: one.armed})
		if one.named == "" {
			continue
		}
		if _, err := s.CreateSchedule(t.Context(), &scheduler.CreateScheduleInput{
			Name: aws.String(one.named), GroupName: aws.String("group"), Description: aws.String("mark"),
			ScheduleExpression: aws.String(contract.ScheduleExpression(one.at)), ScheduleExpressionTimezone: aws.String("UTC"),
			FlexibleTimeWindow:    &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
			ActionAfterCompletion: types.ActionAfterCompletionNone, State: state[one.id == "held"],
			KmsKeyArn: aws.String("arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
			Target: &types.Target{
				Arn: aws.String("arn:aws:lambda:us-east-1:111122223333:function:sender"), RoleArn: aws.String("arn:aws:iam::111122223333:role/scheduler"),
				Input:            aws.String(`{"id":"` + one.id + `","channel":"sns","to":"","subject":"","body":"b"}`),
				DeadLetterConfig: &types.DeadLetterConfig{Arn: aws.String("arn:aws:sqs:us-east-1:111122223333:undelivered")},
				RetryPolicy:      &types.RetryPolicy{MaximumEventAgeInSeconds: aws.Int32(3600), MaximumRetryAttempts: aws.Int32(3)},
			},
		}); err != nil {
			t.Fatal(err)
		}
	}
	clock = now
	s.Fire()
	return &client{statusName: "status", updaterName: "updater", group: "group", functions: f, schedules: s,
		now: func() time.Time { return now }, out: out}, f, s, out
}

func TestListSaysOfEachRowWhatSchedulerKnowsAndChangesNothing(t *testing.T) {
	c, f, s, out := stack(t)
	if err := c.list(t.Context()); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{
		"fired":     "scheduled by the outbox\n    Scheduler had it for at(2031-01-02T10:00:00): it fired.",
		"coming":    "scheduled by the outbox\n    Scheduler has it for at(2031-01-02T12:01:00), in 1m0s: wait",
		"gone":      "scheduled by the outbox\n    Scheduler has no schedule of it, although it was made",
		"waiting":   "scheduled by the outbox\n    Scheduler has no schedule of it, and its row waits for one",
		"held":      "scheduled by the outbox\n    Scheduler has it for at(2031-01-02T10:00:00), disabled",
		"theirs":    "scheduled by its backend\n    Scheduler had it for at(2031-01-02T10:00:00): it fired.",
		"their:own": "scheduled by its backend\n    Scheduler has no schedule of its id",
	} {
		if want := id + ": for 2031-01-02T10:00:00Z, 2h0m0s ago; " + want; !strings.Contains(out.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	if !strings.HasSuffix(out.String(), "\n7 overdue messages\n") || s.Calls("UpdateSchedule") > 0 || len(f.reported) > 0 {
		t.Errorf("%d updates, %v, and:\n%s", s.Calls("UpdateSchedule"), f.reported, out)
	}
}

func TestRearmSchedulesAgainWhatIsNamedAndNothingElse(t *testing.T) {
	c, f, s, out := stack(t)
	before, err := s.GetSchedule(t.Context(), &scheduler.GetScheduleInput{Name: aws.String("row-fired"), GroupName: aws.String("group")})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.rearm(t.Context(), []string{"fired"}); err != nil {
		t.Fatal(err)
	}
	after, err := s.GetSchedule(t.Context(), &scheduler.GetScheduleInput{Name: aws.String("row-fired"), GroupName: aws.String("group")})
	if err != nil {
		t.Fatal(err)
	}
	if want := "at(2031-01-02T12:01:00)"; *after.ScheduleExpression != want || out.String() != "fired: scheduled again, "+want+"\n" {
		t.Errorf("%s\n%s", *after.ScheduleExpression, out)
	}
	if *after.Description != *before.Description || *after.Target.Input != *before.Target.Input || *after.KmsKeyArn != *before.KmsKeyArn ||
		after.ActionAfterCompletion != before.ActionAfterCompletion || after.Target.DeadLetterConfig == nil {
		t.Errorf("it changes more than the time: %+v", after)
	}
	if s.Calls("UpdateSchedule") != 1 || len(f.reported) > 0 {
		t.Errorf("%d updates, %v", s.Calls("UpdateSchedule"), f.reported)
	}
}

func TestRearmOfAllLeavesWhatItCannotWithTheReason(t *testing.T) {
	c, f, s, out := stack(t)
	err := c.rearm(t.Context(), nil)
	for _, want := range []string{"coming: Scheduler has it for at(2031-01-02T12:01:00): wait", "their:own: Scheduler has no schedule with its message"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
	for _, want := range []string{"fired: scheduled again", "gone: asked for its schedule", "held: asked for its schedule", "waiting: its row waits", "theirs: scheduled again"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	// About a version that the row has not: the updater then asks for the schedule again.
	if len(f.reported) != 2 || f.reported[1].ID != "held" || f.reported[0].ID != "gone" || f.reported[0].Op != contract.Arm || !f.reported[0].Version.Before(f.rows[2].Version) {
		t.Errorf("reported: %+v", f.reported)
	}
	if s.Calls("UpdateSchedule") != 2 {
		t.Errorf("%d updates", s.Calls("UpdateSchedule"))
	}
}

func TestRearmRefusesAnIDThatIsNotOverdue(t *testing.T) {
	c, _, s, _ := stack(t)
	if err := c.rearm(t.Context(), []string{"sent"}); err == nil || !strings.Contains(err.Error(), "sent is not among the overdue messages") {
		t.Error(err)
	}
	if s.Calls("UpdateSchedule") > 0 {
		t.Error("it schedules something")
	}
}
