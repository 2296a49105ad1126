package dataplane

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/lambda/contract"
)

// answered is what the test's function answers.
type answered struct {
	ID, Version, ARN string
	Tries, Process   int
}

// record is what a destination gets.
type record struct {
	Version, Timestamp string
	RequestContext     struct {
		RequestID, FunctionARN, Condition string
		ApproximateInvokeCount            int
	}
	RequestPayload  struct{ ID string }
	ResponseContext struct {
		StatusCode                     int
		ExecutedVersion, FunctionError string
	}
	ResponsePayload struct {
		answered
		ErrorType, ErrorMessage string
	}
}

// TestDataPlane is one AWS and one data plane for all.
func TestDataPlane(t *testing.T) {
	f := world(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, *fixture)
	}{
		{"an event is retried and its record goes to its destination", retried},
		{"a destination that the role may not reach gets nothing", notPermitted},
		{"an event that is too old is not tried", tooOld},
		{"an event of a function whose reserved concurrency is 0 is given up at once", throttled},
		{"a warm environment is kept until the function changes", warm},
		{"a schedule's target is invoked at its time and the schedule deleted", onTime},
		{"a schedule that may not or cannot invoke its target ends as a dead-letter message", undelivered},
		{"an updated schedule fires at its new time, and one that is deleted before it does not", updatedSchedules},
		{"a recurring schedule fires until its end date and is deleted then", recurring},
		{"what cannot be done is reported and not retried in silence", nothingInSilence},
		{"a function without a program fails as its other failures do", withoutProgram},
	} {
		t.Run(test.name, func(t *testing.T) { f.t = t; test.run(t, f) })
	}
	f.t = t
}

// world is a fixture with a function, worker, whose results go to queues, and all the roles that it takes.
func world(t *testing.T) *fixture {
	t.Helper()
	f := newFixture(t)
	f.role("worker", "lambda.amazonaws.com", "sqs:SendMessage")
	f.role("bound", "lambda.amazonaws.com", "logs:PutLogEvents")
	f.role("scheduler", "scheduler.amazonaws.com", "lambda:InvokeFunction", "sqs:SendMessage")
	f.role("stranger", "scheduler.amazonaws.com", "lambda:InvokeFunction", "sqs:SendMessage")
	for _, queue := range []string{"succeeded", "failed", "undelivered"} {
		f.queue(queue)
	}
	f.ask("scheduler", "POST", "/schedule-groups/g", "application/json", nil, "{}")
	rules := `{"MaximumRetryAttempts": %d, "DestinationConfig": {"OnSuccess": {"Destination": "` + queues + `succeeded"}, "OnFailure": {"Destination": "` + queues + `failed"}}}`
	f.function("worker", "worker", fmt.Sprintf(rules, 2))
	f.function("bound", "bound", fmt.Sprintf(rules, 0))
	return f
}

func (f *fixture) record(queue, about string) (r record) {
	f.t.Helper()
	body, _ := f.message(queue, about)
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		f.t.Fatal(err)
	}
	return r
}

func retried(t *testing.T, f *fixture) {
	f.send("worker", `{"id": "third-time", "fail": 2}`)
	got := f.record("succeeded", "third-time")
	if c := got.RequestContext; got.Version != "1.0" || c.Condition != "Success" || c.ApproximateInvokeCount != 3 ||
		c.FunctionARN != lambdas+"worker:$LATEST" || len(c.RequestID) != 36 || got.RequestPayload.ID != "third-time" ||
		got.ResponseContext.StatusCode != 200 || got.ResponseContext.FunctionError != "" || got.ResponsePayload.Tries != 3 ||
		got.ResponsePayload.ARN != lambdas+"worker" {
		t.Errorf("got %+v", got)
	}
	f.until("third-time", Dead) // traced after the queue has it
	lines := f.lines("third-time")
	if len(lines) != 4 || lines[0].Again != time.Minute/1000 || lines[1].Again != 2*time.Minute/1000 || lines[3].Kind != Dead || lines[3].Text != "succeeded" {
		t.Errorf("got %+v", lines)
	}

	f.send("worker", `{"id": "never", "fail": 9}`)
	got = f.record("failed", "never")
	if c := got.RequestContext; c.Condition != "RetriesExhausted" || c.ApproximateInvokeCount != 3 || got.RequestPayload.ID != "never" ||
		got.ResponseContext.FunctionError != "Unhandled" || got.ResponsePayload.ErrorMessage != "told to fail" {
		t.Errorf("got %+v", got)
	}
	if said := f.until("never", Dead).Text; said != "failed: RetriesExhausted after 3 attempts: told to fail" {
		t.Errorf("the trace says %q of why it went there", said)
	}
}

func notPermitted(t *testing.T, f *fixture) {
	f.send("bound", `{"id": "bound"}`)
	if got := f.until("bound", Lost); !strings.Contains(got.Text, "role/bound may not sqs:SendMessage on "+queues+"succeeded") {
		t.Errorf("got %+v", got)
	}
}

func tooOld(t *testing.T, f *fixture) {
	f.stop()
	old := entry[event]{ID: "00000000-0000-0000-0000-000000000000", Item: event{
		Function: "worker", Payload: json.RawMessage(`{"id": "old"}`), Received: time.Now().Add(-7 * time.Hour)}}
	if err := (&queue[event]{folder: f.options.Folder + "/events"}).save(old); err != nil {
		t.Fatal(err)
	}
	f.start()
	got := f.record("failed", "old")
	if c := got.RequestContext; c.Condition != "EventAgeExceeded" || c.ApproximateInvokeCount != 0 || got.ResponseContext.StatusCode != 0 {
		t.Errorf("got %+v", got)
	}
}

func throttled(t *testing.T, f *fixture) {
	f.ask("lambda", "PUT", "/2017-10-31/functions/worker/concurrency", "application/json", nil, `{"ReservedConcurrentExecutions": 0}`)
	if err := f.cloud.Invoke(t.Context(), "worker", struct{}{}, new(answered)); err == nil || !strings.Contains(err.Error(), "TooManyRequestsException") {
		t.Errorf("got %v", err)
	}
	f.send("worker", `{"id": "held"}`)
	body, _ := f.message("failed", "held")
	got, err := contract.DecodeRecord([]byte(body))
	if err != nil || got.ID != "held" || got.Status != contract.Failed || got.Error != "ZeroReservedConcurrency after 0 attempts" ||
		strings.Contains(body, "responsePayload") {
		t.Errorf("got %+v, %v of %s", got, err, body)
	}
	f.until("held", Dead)
	if lines := f.lines("held"); len(lines) != 2 || lines[0].Kind != Failed || lines[0].Again != 0 {
		t.Errorf("got %+v", lines)
	}
	f.ask("lambda", "DELETE", "/2017-10-31/functions/worker/concurrency", "application/json", nil, "")
	if err := f.cloud.Invoke(t.Context(), "worker", map[string]string{"id": "free"}, new(answered)); err != nil {
		t.Error(err)
	}
}

func warm(t *testing.T, f *fixture) {
	invoke := func(id string) (a answered) {
		t.Helper()
		if err := f.cloud.Invoke(t.Context(), "worker", map[string]string{"id": id}, &a); err != nil {
			t.Fatal(err)
		}
		return a
	}
	first, second := invoke("a"), invoke("b")
	if first.Process != second.Process || first.Version != "1" {
		t.Errorf("got %+v, then %+v", first, second)
	}
	f.ask("lambda", "PUT", "/2015-03-31/functions/worker/configuration", "application/json", nil,
		fmt.Sprintf(`{"Environment": {"Variables": {"TRIES": %q, "VERSION": "2"}}}`, f.tries))
	if third := invoke("c"); third.Process == first.Process || third.Version != "2" {
		t.Errorf("got %+v", third)
	}
	err := f.cloud.Invoke(t.Context(), "worker", map[string]any{"id": "d", "fail": 1}, new(answered))
	if err == nil || !strings.Contains(err.Error(), "told to fail") {
		t.Errorf("got %v", err)
	}
	if err := f.cloud.Invoke(t.Context(), "nobody", struct{}{}, new(answered)); !cloud.NotFound(err) {
		t.Errorf("got %v", err)
	}
}

func (f *fixture) schedule(name, expression, role, target string) {
	f.t.Helper()
	if err := f.cloud.CreateSchedule(f.t.Context(), scheduleOf(name, expression, role, target)); err != nil {
		f.t.Fatal(err)
	}
}

func scheduleOf(name, expression, role, target string) cloud.Schedule {
	s := cloud.Schedule{Name: name, Group: "g", Expression: expression, Timezone: "UTC", AfterCompletion: "DELETE", Target: cloud.Target{
		ARN: lambdas + target, RoleARN: self + role, Input: fmt.Sprintf(`{"id": %q}`, name)}}
	s.FlexibleTimeWindow.Mode = "OFF"
	s.Target.DeadLetters.ARN = queues + "undelivered"
	s.Target.RetryPolicy.Attempts, s.Target.RetryPolicy.MaxAge = 1, 3600
	return s
}

func onTime(t *testing.T, f *fixture) {
	f.stop()
	f.schedule("missed", at(time.Now().Add(-time.Hour)), "scheduler", "worker") // its time passes while nobody is there
	f.schedule("later", at(time.Now().Add(time.Hour)), "scheduler", "worker")
	f.start()
	f.schedule("soon", at(time.Now().Add(2*time.Second)), "scheduler", "worker")
	f.until("missed", Dead) // the worker's queue took its result
	f.until("soon", Dead)
	eventually(t, "the two schedules are gone", func() bool {
		left, err := f.cloud.Schedules(t.Context())
		return err == nil && len(left) == 1 && left[0].Name == "later"
	})
	if lines := f.lines("soon"); len(lines) != 4 || lines[0].Kind != Scheduled || lines[1].Kind != Fired || lines[2].Kind != Attempted {
		t.Errorf("got %+v", lines)
	}
}

func undelivered(t *testing.T, f *fixture) {
	f.schedule("no-function", at(time.Now()), "scheduler", "nobody")
	body, attributes := f.message("undelivered", "no-function")
	var request struct{ FunctionName, InvocationType, Payload string }
	if err := json.Unmarshal([]byte(body), &request); err != nil || request.Payload != `{"id": "no-function"}` ||
		request.FunctionName != lambdas+"nobody" || request.InvocationType != "Event" {
		t.Errorf("got %s, %v", body, err)
	}
	id, due := attributes["EXECUTION_ID"], attributes["SCHEDULED_TIME"]
	if _, err := time.Parse(time.RFC3339, due); err != nil || len(id) != 36 {
		t.Errorf("got %v", attributes)
	}
	// All that AWS documents. https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
	if want := map[string]string{
		"ERROR_CODE": "ResourceNotFoundException", "ERROR_MESSAGE": "there is no function nobody", "EXECUTION_ID": id,
		"EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts", "IS_PAYLOAD_TRUNCATED": "false", "RETRY_ATTEMPTS": "1", "SCHEDULED_TIME": due,
		"SCHEDULE_ARN": "arn:aws:scheduler:us-east-1:123456789012:schedule/g/no-function", "TARGET_ARN": lambdas + "nobody",
	}; !maps.Equal(attributes, want) {
		t.Errorf("got %v, want %v", attributes, want)
	}
	// A role that Scheduler may take no more sends no dead-letter message either.
	f.schedule("stranger", at(time.Now().Add(3*time.Second)), "stranger", "worker")
	f.trust("stranger", "events.amazonaws.com")
	if got := f.until("stranger", Lost); !strings.Contains(got.Text, "does not trust scheduler.amazonaws.com") {
		t.Errorf("got %+v", got)
	}
}
