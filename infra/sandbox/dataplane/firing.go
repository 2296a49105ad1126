package dataplane

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
)

// longestBackoff is the longest pause between two attempts to hand a firing over; the first is a second. AWS says only
// that it backs off exponentially.
const longestBackoff = 5 * time.Minute

// firing is a schedule whose time has come, until its target has taken it. The schedule itself may be gone.
type firing struct {
	Schedule cloud.Schedule
	Time     time.Time // that was due
	Received time.Time
	Attempts int
}

// workFiring hands a firing to its function, as often as the schedule's policy says, and then to its dead letters.
func (p *plane) workFiring(ctx context.Context, e *entry[firing]) (time.Duration, bool) {
	f := &e.Item
	payload := json.RawMessage(f.Schedule.Target.Input)
	if len(payload) == 0 {
		payload = json.RawMessage("{}")
	}
	line := Line{Kind: Fired, Payload: payload, Function: cloud.FunctionName(f.Schedule.Target.ARN), Attempt: f.Attempts + 1}
	err := p.invokeTarget(ctx, e.ID, f.Schedule, payload)
	if err == nil {
		p.trace.write(line)
		return 0, true
	}
	reason := refusedFor(err)
	if reason == "" {
		return awayPause, false
	}
	f.Attempts++
	line.Kind, line.Text = Refused, reason
	policy := f.Schedule.Target.RetryPolicy
	pause := time.Duration(float64(min(time.Second<<min(f.Attempts-1, 20), longestBackoff)) / p.options.Speed)
	exhausted := ""
	switch {
	case f.Attempts > policy.Attempts:
		exhausted = "MaximumRetryAttempts"
	case time.Since(f.Received)+pause > time.Duration(policy.MaxAge)*time.Second:
		exhausted = "MaximumEventAgeInSeconds"
	default:
		line.Again = pause
		p.trace.write(line)
		return pause, false
	}
	if !p.bury(ctx, f, payload, exhausted, reason) {
		f.Attempts-- // the endpoint is away: this attempt comes again
		return awayPause, false
	}
	p.trace.write(line)
	return 0, true
}

// invokeTarget queues the event for its function, if the schedule's role lets Scheduler invoke it.
func (p *plane) invokeTarget(ctx context.Context, id string, s cloud.Schedule, payload []byte) error {
	if err := p.assumeFor(ctx, s); err != nil {
		return err
	}
	return p.deliver(ctx, s.Target.RoleARN, s.Target.ARN, id, string(payload), nil)
}

// assumeFor takes a schedule's role as Scheduler does: it presents the account and the schedule's group.
func (p *plane) assumeFor(ctx context.Context, s cloud.Schedule) error {
	return p.assume(ctx, s.Target.RoleARN, "scheduler.amazonaws.com", map[string]string{
		"aws:SourceAccount": account(s.ARN), "aws:SourceArn": s.GroupARN()})
}

// bury sends a dead letter, if the schedule names a queue and its role may send to it. Otherwise the firing is lost. It
// tells whether that is settled.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
func (p *plane) bury(ctx context.Context, f *firing, payload json.RawMessage, exhausted, reason string) bool {
	line := Line{Kind: Lost, Payload: payload, Text: "no dead-letter queue is named"}
	queue := f.Schedule.Target.DeadLetters.ARN
	if queue != "" {
		err := p.assumeFor(ctx, f.Schedule)
		if err == nil {
			err = p.deliver(ctx, f.Schedule.Target.RoleARN, queue, "", string(payload), map[string]string{
				"ERROR_CODE": "AWS.Scheduler.TargetRefused", "ERROR_MESSAGE": reason, "EXHAUSTED_RETRY_CONDITION": exhausted,
				"RETRY_ATTEMPTS": strconv.Itoa(f.Attempts - 1), "SCHEDULED_TIME": f.Time.UTC().Format(time.RFC3339),
				"SCHEDULE_ARN": f.Schedule.ARN, "TARGET_ARN": f.Schedule.Target.ARN,
			})
		}
		switch {
		case err == nil:
			line.Kind, line.Text = Dead, queue
		case refusedFor(err) != "":
			line.Text = refusedFor(err)
		default:
			return false
		}
	}
	p.trace.write(line)
	return true
}
