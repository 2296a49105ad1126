package dataplane

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
)

// update replaces a schedule as a backend does.
func (f *fixture) update(s cloud.Schedule) {
	f.t.Helper()
	body, err := json.Marshal(s)
	if err != nil {
		f.t.Fatal(err)
	}
	f.ask("scheduler", http.MethodPut, "/schedules/"+s.Name, "application/json", nil, string(body))
}

func (f *fixture) count(message string, kind Kind) (n int) {
	f.t.Helper()
	for _, l := range f.lines(message) {
		if l.Kind == kind {
			n++
		}
	}
	return n
}

func updatedSchedules(t *testing.T, f *fixture) {
	later := scheduleOf("moved", at(time.Now().Add(time.Hour)), "scheduler", "worker")
	later.AfterCompletion = "NONE"
	if err := f.cloud.CreateSchedule(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	f.schedule("cancelled", at(time.Now().Add(time.Hour)), "scheduler", "worker")
	f.until("moved", Scheduled)
	f.until("cancelled", Scheduled)
	if err := f.cloud.DeleteSchedule(t.Context(), "g", "cancelled"); err != nil {
		t.Fatal(err)
	}
	f.until("cancelled", Deleted)

	later.Expression = at(time.Now())
	f.update(later)
	f.until("moved", Dead) // the worker's queue took its result
	// Completed, it stays, and fires again when it is set to another time, in another group's name or not.
	if due, message, err := Next(f.options.Folder, f.listed("moved")); err != nil || !due.IsZero() || message != "moved" {
		t.Errorf("it is due at %v, %q, %v", due, message, err)
	}
	later.Expression, later.AfterCompletion = at(time.Now().Add(time.Second)), "DELETE"
	f.update(later)
	eventually(t, "it is gone", func() bool { return cloud.NotFound(f.scheduleError("moved")) })
	eventually(t, "it fires twice", func() bool { return f.count("moved", Fired) == 2 })
	if n := f.count("cancelled", Fired); n != 0 {
		t.Errorf("the cancelled one fired %d times", n)
	}
}

func (f *fixture) scheduleError(name string) error {
	_, err := f.cloud.Schedule(f.t.Context(), "g", name)
	return err
}

func (f *fixture) listed(name string) cloud.Schedule {
	f.t.Helper()
	all, err := f.cloud.Schedules(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	for _, s := range all {
		if s.Name == name {
			return s
		}
	}
	f.t.Fatalf("no schedule %s", name)
	return cloud.Schedule{}
}

func recurring(t *testing.T, f *fixture) {
	s := scheduleOf("hourly", "rate(1 hour)", "scheduler", "worker")
	s.EndDate = float64(time.Now().Add(30 * time.Minute).Unix())
	if err := f.cloud.CreateSchedule(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is gone", func() bool { return cloud.NotFound(f.scheduleError("hourly")) })
	f.until("hourly", Dead)
	if n := f.count("hourly", Fired); n != 1 {
		t.Errorf("it fired %d times", n)
	}
}

// nothingInSilence holds what a former process may have left: an input that is no JSON, one for a target that the sandbox
// does not invoke, and one whose time is long over at an endpoint that is away.
func nothingInSilence(t *testing.T, f *fixture) {
	f.stop()
	queue := &queue[invocation]{folder: filepath.Join(f.options.Folder, invocationsFolder)}
	put := func(name, target, input string, received time.Time) {
		t.Helper()
		s := scheduleOf(name, at(received), "scheduler", "worker")
		s.ARN, s.Target.ARN, s.Target.Input = "arn:aws:scheduler:us-east-1:123456789012:schedule/g/"+name, target, input
		if err := queue.save(entry[invocation]{ID: idFor(name), Item: invocation{Schedule: s, Time: received, Received: received}}); err != nil {
			t.Fatal(err)
		}
	}
	put("no-json", lambdas+"worker", `hello "no-json"`, time.Now())
	put("no-target", "arn:aws:ecs:us-east-1:123456789012:cluster/c", `{"id": "no-target"}`, time.Now())
	f.start()
	if _, attributes := f.message("undelivered", "no-json"); attributes["ERROR_CODE"] != "InvalidRequestContentException" {
		t.Errorf("got %v", attributes)
	}
	if _, attributes := f.message("undelivered", "no-target"); !strings.Contains(attributes["ERROR_MESSAGE"], "not arn:aws:ecs") {
		t.Errorf("got %v", attributes)
	}
	f.stop()
	endpoint := f.options.Endpoint
	f.options.Endpoint = "http://127.0.0.1:9"
	put("young", lambdas+"worker", `{"id": "young"}`, time.Now())
	put("old", lambdas+"worker", `{"id": "old"}`, time.Now().Add(-2*time.Hour))
	f.start()
	if got := f.until("old", Lost); !strings.Contains(got.Text, "MaximumEventAgeInSeconds: ") || !strings.Contains(got.Text, "connection refused") {
		t.Errorf("got %+v", got)
	}
	eventually(t, "what waits is reported with its reason", func() bool {
		work, err := ReadWork(f.options.Folder)
		if err != nil {
			t.Fatal(err)
		}
		return len(work) == 1 && work[0].Message == "young" && work[0].Function == "worker" && strings.Contains(work[0].Problem, "connection refused")
	})
	f.stop()
	f.options.Endpoint = endpoint
	f.start()
	f.until("young", Fired)
}

// withoutProgram deploys what Lambda cannot start: its asynchronous retries and its destination are those of any failure.
func withoutProgram(t *testing.T, f *fixture) {
	code := f.code
	f.code = "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==" // a zip with nothing in it
	f.function("empty", "worker", `{"MaximumRetryAttempts": 1, "DestinationConfig": {"OnFailure": {"Destination": "`+queues+`failed"}}}`)
	f.code = code
	err := f.cloud.Invoke(t.Context(), "empty", map[string]string{"id": "sync"}, new(answered))
	if err == nil || !strings.Contains(err.Error(), "bootstrap") {
		t.Errorf("got %v", err)
	}
	f.send("empty", `{"id": "nowhere"}`)
	got := f.record("failed", "nowhere")
	if c := got.RequestContext; c.Condition != "RetriesExhausted" || c.ApproximateInvokeCount != 2 || !strings.Contains(got.ResponsePayload.ErrorMessage, "bootstrap") {
		t.Errorf("got %+v", got)
	}
	if files, err := os.ReadDir(filepath.Join(f.options.Folder, eventsFolder)); err != nil || len(files) != 0 {
		t.Errorf("%d events wait, %v", len(files), err)
	}
}
