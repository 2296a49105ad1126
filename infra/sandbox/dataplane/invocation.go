package dataplane

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
)

// longestBackoff is the longest pause between two attempts to invoke a target; the first is a second. AWS says only that it
// backs off exponentially. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
const longestBackoff = 5 * time.Minute

// invocation is a schedule whose time has come, until its target has taken it. The schedule itself may be gone.
type invocation struct {
	Schedule cloud.Schedule
	Time     time.Time // that was due
	Received time.Time
	Attempts int
}

// workInvocation invokes a schedule's target, as often as the schedule's retry policy says. Then it goes to the schedule's
// dead-letter queue.
func (p *plane) workInvocation(ctx context.Context, e *entry[invocation]) (time.Duration, bool) {
	i := &e.Item
	payload := inputOf(i.Schedule, e.ID, i.Time, i.Attempts+1)
	line := Line{
		Kind: Fired, Schedule: i.Schedule.Name, Payload: json.RawMessage(payload),
		Function: cloud.FunctionName(i.Schedule.Target.ARN), Attempt: i.Attempts + 1,
	}
	err := p.invokeTarget(ctx, e.ID, i.Schedule, payload)
	if err == nil {
		p.trace.write(line)
		return 0, true
	}
	policy := i.Schedule.Target.RetryPolicy
	tooOld := func(after time.Duration) bool {
		return time.Since(i.Received)+after > time.Duration(policy.MaxAge)*time.Second
	}
	refusal := asRefused(err)
	if refusal == nil && !tooOld(0) {
		return postpone(p, e, err)
	}
	if refusal == nil { // nor would the queue be reached
		line.Kind, line.Text = Lost, "MaximumEventAgeInSeconds: "+err.Error()
		p.trace.write(line)
		return 0, true
	}
	i.Attempts++
	line.Kind, line.Text = Refused, refusal.Error()
	pause := time.Duration(float64(min(time.Second<<min(i.Attempts-1, 20), longestBackoff)) / p.options.Speed)
	exhausted := ""
	switch {
	case i.Attempts > policy.Attempts:
		exhausted = "MaximumRetryAttempts"
	case tooOld(pause):
		exhausted = "MaximumEventAgeInSeconds"
	default:
		line.Again, e.Problem = pause, line.Text
		p.trace.write(line)
		return pause, false
	}
	end, err := p.sendToDLQ(ctx, e, payload, exhausted, refusal)
	if err != nil {
		i.Attempts-- // this attempt comes again
		return postpone(p, e, err)
	}
	p.trace.write(line)
	p.trace.write(end)
	return 0, true
}

// invokeTarget invokes a target on behalf of its schedule's role.
func (p *plane) invokeTarget(ctx context.Context, id string, s cloud.Schedule, payload string) error {
	if err := p.assumeFor(ctx, s); err != nil {
		return err
	}
	return p.deliver(ctx, s.Target.RoleARN, s.Target.ARN, id, payload, nil)
}

// assumeFor takes a schedule's role as Scheduler does: it presents the account and the schedule's group.
func (p *plane) assumeFor(ctx context.Context, s cloud.Schedule) error {
	return p.assume(ctx, s.Target.RoleARN, "scheduler.amazonaws.com", map[string]string{
		"aws:SourceAccount": account(s.ARN), "aws:SourceArn": s.GroupARN()})
}

// sendToDLQ sends a dead-letter message, if the schedule names a queue and its role may send to it. Otherwise the invocation
// is lost. It returns what there is to trace.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
func (p *plane) sendToDLQ(ctx context.Context, e *entry[invocation], payload, exhausted string, refusal *refused) (Line, error) {
	i := e.Item
	line := Line{Kind: Lost, Schedule: i.Schedule.Name, Payload: json.RawMessage(payload), Text: "no dead-letter queue is named"}
	queue := i.Schedule.Target.DeadLetters.ARN
	if queue == "" {
		return line, nil
	}
	body, err := request(i.Schedule.Target.ARN, payload)
	if err == nil {
		err = p.assumeFor(ctx, i.Schedule)
	}
	if err == nil {
		err = p.deliver(ctx, i.Schedule.Target.RoleARN, queue, "", body, map[string]string{
			"ERROR_CODE":                refusal.code,
			"ERROR_MESSAGE":             refusal.message,
			"EXECUTION_ID":              e.ID,
			"EXHAUSTED_RETRY_CONDITION": exhausted,
			"IS_PAYLOAD_TRUNCATED":      "false",
			"RETRY_ATTEMPTS":            strconv.Itoa(i.Attempts - 1),
			"SCHEDULED_TIME":            i.Time.UTC().Format(time.RFC3339),
			"SCHEDULE_ARN":              i.Schedule.ARN,
			"TARGET_ARN":                i.Schedule.Target.ARN,
		})
	}
	if denied := asRefused(err); denied != nil {
		line.Text = denied.Error()
		return line, nil
	}
	if err == nil {
		line.Kind, line.Text = Dead, queue[strings.LastIndexByte(queue, ':')+1:]+": "+refusal.Error()
	}
	return line, err
}

// request is the request of the target's API that failed, which a dead-letter message holds; of others than functions it is
// the input alone.
func request(target, payload string) (string, error) {
	if !strings.Contains(target, ":lambda:") {
		return payload, nil
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(map[string]string{"FunctionName": target, "InvocationType": "Event", "Payload": payload})
	return strings.TrimSpace(body.String()), err
}
