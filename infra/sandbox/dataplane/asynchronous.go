package dataplane

import (
	"context"
	"encoding/json"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/infra/sandbox/lambdaruntime"
)

// Lambda's waits before an event's first and second retry.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
const (
	firstWait  = time.Minute
	secondWait = 2 * time.Minute
)

// awayPause is how long work waits for an endpoint that does not answer.
const awayPause = time.Second

// event is an asynchronous invocation in Lambda's queue. Its entry's ID is the request's.
type event struct {
	Function string
	Payload  json.RawMessage
	Received time.Time
	Attempts int
	// Record and Destination are there once it is decided how the event ended.
	Record      json.RawMessage `json:",omitempty"`
	Destination string          `json:",omitempty"`
}

// accept queues an event. After it returned, the event is not lost.
func (p *plane) accept(id, function string, payload []byte) error {
	now := time.Now()
	return p.events.put(entry[event]{ID: id, Due: now, Item: event{Function: function, Payload: payload, Received: now}})
}

// workEvent is an attempt, or the delivery of the attempts' result.
func (p *plane) workEvent(ctx context.Context, e *entry[event]) (time.Duration, bool) {
	if e.Item.Record != nil {
		return p.deliverToDestination(ctx, e)
	}
	f, err := p.deployed.get(ctx, e.Item.Function)
	if cloud.NotFound(err) {
		p.functions.drop(e.Item.Function)
		p.trace.write(Line{Kind: Lost, Payload: e.Item.Payload, Function: e.Item.Function, Text: "the function is gone"})
		return 0, true
	}
	var rules cloud.Asynchronous
	if err == nil {
		rules, err = p.rules.get(ctx, e.Item.Function)
	}
	throttled := false
	if err == nil {
		throttled, err = p.throttled.get(ctx, e.Item.Function)
	}
	if err != nil {
		return postpone(p, e, err)
	}
	answer, condition, wait, err := p.attempt(ctx, e, f, rules, throttled)
	if err != nil {
		return postpone(p, e, err)
	}
	if condition == "" {
		return wait, false
	}
	e.Item.Record, err = newRecord(e, f.ARN, condition, answer)
	if err != nil {
		p.trace.write(Line{Kind: Lost, Payload: e.Item.Payload, Function: f.Name, Text: err.Error()})
		return 0, true
	}
	e.Item.Destination = rules.OnFailure
	if condition == lambdaruntime.Success {
		e.Item.Destination = rules.OnSuccess
	}
	if err := p.events.save(*e); err != nil { // from here on the function does not run again for this event
		p.log.Print(err)
	}
	return p.deliverToDestination(ctx, e)
}

// attempt has the function handle an event, where that is allowed, and returns the condition of the event's record. An
// empty one says that the event comes again, after a wait. Its error is none of the function's.
//
// While a function's reserved concurrency is 0, Lambda gives its events up at once, without a retry.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
func (p *plane) attempt(
	ctx context.Context, e *entry[event], f cloud.Function, rules cloud.Asynchronous, throttled bool,
) (*lambdaruntime.Answer, string, time.Duration, error) {
	tooOld := func(after time.Duration) bool {
		return time.Since(e.Item.Received)+after > time.Duration(rules.MaxAge)*time.Second
	}
	line := Line{Kind: Attempted, Payload: e.Item.Payload, Function: f.Name, Attempt: e.Item.Attempts + 1}
	for _, given := range []struct {
		up               bool
		condition, words string
	}{
		{throttled, "ZeroReservedConcurrency", "the function's reserved concurrency is 0"},
		{tooOld(0), "EventAgeExceeded", "the event is too old"},
	} {
		if given.up {
			line.Kind, line.Text, line.Last = Failed, given.words, rules.OnFailure == ""
			p.trace.write(line)
			return nil, given.condition, 0, nil
		}
	}
	got, err := p.functions.invoke(ctx, e.ID, f.Name, e.Item.Payload)
	if err != nil {
		return nil, "", 0, err
	}
	e.Item.Attempts++
	condition := lambdaruntime.Success
	line.Answer, line.Last = got.Payload, rules.OnSuccess == ""
	if got.Error != nil {
		condition = lambdaruntime.RetriesExhausted
		line.Kind, line.Text, line.Answer, line.Last = Failed, got.Error.Message, nil, false
		if e.Item.Attempts <= rules.Retries {
			wait := p.wait(e.Item.Attempts)
			if !tooOld(wait) {
				line.Again, e.Problem = wait, line.Text
				p.trace.write(line)
				return nil, "", wait, nil
			}
			condition = "EventAgeExceeded"
		}
		line.Last = rules.OnFailure == ""
	}
	p.trace.write(line)
	return &got, condition, 0, nil
}

// wait is how long Lambda waits after a number of attempts.
func (p *plane) wait(attempts int) time.Duration {
	wait := firstWait
	if attempts > 1 {
		wait = secondWait
	}
	return time.Duration(float64(wait) / p.options.Speed)
}

// newRecord is what destinations get.
func newRecord(e *entry[event], arn, condition string, answer *lambdaruntime.Answer) (json.RawMessage, error) {
	record := lambdaruntime.Record{
		RequestID: e.ID,
		At:        time.Now(),
		Function:  arn,
		Condition: condition,
		Attempts:  e.Item.Attempts,
		Request:   e.Item.Payload,
	}
	if answer != nil {
		var err error
		if record, err = record.WithAnswer(*answer); err != nil {
			return nil, err
		}
	}
	return record.MarshalJSON()
}
