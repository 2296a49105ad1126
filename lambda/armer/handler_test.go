package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"scheduled-messages/lambda/contract"
)

// environment is a whole one, with the variables of a function's role.
func environment(endpoint string) map[string]string {
	return map[string]string{
		contract.EnvScheduleGroup: "messages", contract.EnvSchedulerRoleARN: "arn:aws:iam::111122223333:role/schedules",
		contract.EnvSenderARN: "arn:aws:lambda:ap-northeast-2:111122223333:function:sender", contract.EnvUndeliveredQueueARN: "arn:aws:sqs:ap-northeast-2:111122223333:q",
		contract.EnvScheduleKeyARN: "arn:aws:kms:ap-northeast-2:111122223333:key/k", contract.EnvRelayName: "stack-relay", contract.EnvUpdaterName: "stack-updater",
		contract.EnvSchedulesPerSecond: "200", "AWS_REGION": "ap-northeast-2", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s", "AWS_ENDPOINT_URL": endpoint,
	}
}

func TestAMissingVariableStopsTheColdStartAndIsNamed(t *testing.T) {
	whole := environment("")
	if _, err := newHandler(func(name string) string { return whole[name] }, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	for name := range whole {
		if strings.HasPrefix(name, "AWS_") {
			continue
		}
		_, err := newHandler(func(asked string) string {
			if asked == name {
				return ""
			}
			return whole[asked]
		}, slog.New(slog.DiscardHandler))
		if err == nil || !strings.HasPrefix(err.Error(), name+" is ") {
			t.Errorf("without %s: %v", name, err)
		}
	}
	for _, value := range []string{"0", "-1", "5001", "many"} {
		_, err := newHandler(func(name string) string {
			if name == contract.EnvSchedulesPerSecond {
				return value
			}
			return whole[name]
		}, slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), `is "`+value+`": must be 1 to 5000`) {
			t.Errorf("%s a second: %v", value, err)
		}
	}
}

// call is a request of AWS's API, on one line.
type call struct{ line, body string }

// cloud answers Lambda's and Scheduler's API over HTTP, as the SDK calls them, and keeps what it was asked.
func cloud(t *testing.T, answer func(call) (status int, failure, body string)) (endpoint string, calls *[]call) {
	t.Helper()
	calls = &[]call{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		one := call{strings.TrimSpace(r.Method + " " + r.URL.Path + " " + r.Header.Get("X-Amz-Invocation-Type")), string(body)}
		*calls = append(*calls, one)
		status, failure, text := answer(one)
		if failure != "" {
			w.Header().Set("X-Amz-Function-Error", failure)
			w.Header().Set("X-Amzn-Errortype", failure)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}))
	t.Cleanup(server.Close)
	return server.URL, calls
}

const page = `{"read":"2031-01-02T12:00:00Z","commands":[{"id":"a","op":"arm","version":"2031-01-02T11:59:00.000001Z",` +
	`"at":"2099-01-02T12:00:00Z","message":{"id":"a","channel":"sns","to":"","body":"x"}}]`

func TestARoundAsksRelayMakesTheScheduleAndReportsToTheUpdater(t *testing.T) {
	endpoint, calls := cloud(t, func(c call) (int, string, string) {
		switch {
		case strings.HasSuffix(c.line, "stack-relay/invocations RequestResponse"), strings.HasSuffix(c.line, "stack-relay/invocations"):
			if strings.Contains(c.body, "after") {
				return 200, "", `{"read":"2031-01-02T12:00:00Z","commands":[]}`
			}
			return 200, "", page + `,"next":{"todo":1,"dueAt":"2099-01-02T12:00:00Z","id":"a"}}`
		case strings.HasPrefix(c.line, "POST /schedules/"):
			return 200, "", `{"ScheduleArn":"arn:aws:scheduler:ap-northeast-2:111122223333:schedule/messages/row-a"}`
		}
		return 202, "", ""
	})
	variables := environment(endpoint)
	h, err := newHandler(func(name string) string { return variables[name] }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := h.Invoke(t.Context(), []byte("{}"))
	if err != nil || !strings.HasPrefix(string(answer), `{"armed":1,`) {
		t.Errorf("got %s, %v", answer, err)
	}
	var lines []string
	for _, one := range *calls {
		lines = append(lines, one.line)
	}
	want := "POST /2015-03-31/functions/stack-relay/invocations; POST /schedules/row-a; " +
		"POST /2015-03-31/functions/stack-updater/invocations Event; POST /2015-03-31/functions/stack-relay/invocations"
	if strings.Join(lines, "; ") != want {
		t.Fatalf("got %q", lines)
	}
	if body := (*calls)[1].body; !strings.Contains(body, `"ActionAfterCompletion":"NONE"`) || !strings.Contains(body, `"ScheduleExpression":"at(2099-01-02T12:00:00)"`) {
		t.Errorf("made %s", body)
	}
	if body := (*calls)[2].body; body != `{"schedules":[{"id":"a","op":"arm","version":"2031-01-02T11:59:00.000001Z"}]}` {
		t.Errorf("reported %s", body)
	}
	if body := (*calls)[3].body; body != `{"after":{"todo":1,"dueAt":"2099-01-02T12:00:00Z","id":"a"}}` {
		t.Errorf("asked %s", body)
	}
}

func TestARelayThatFailsIsTheRoundsError(t *testing.T) {
	endpoint, _ := cloud(t, func(call) (int, string, string) { return 200, "Unhandled", `{"errorMessage":"no connection"}` })
	variables := environment(endpoint)
	h, err := newHandler(func(name string) string { return variables[name] }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Invoke(t.Context(), []byte("{}")); err == nil || err.Error() != `relay: Unhandled: {"errorMessage":"no connection"}` {
		t.Errorf("got %v", err)
	}
}

// A function's own time ends its round: what is begun late would be cut off.
func TestARoundThatRelayHoldsUpEndsBeforeTheFunctionDoes(t *testing.T) {
	endpoint, _ := cloud(t, func(call) (int, string, string) {
		time.Sleep(300 * time.Millisecond)
		return 200, "", page + "}"
	})
	variables := environment(endpoint)
	h, err := newHandler(func(name string) string { return variables[name] }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 600*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := h.Invoke(ctx, []byte("{}")); err == nil || time.Since(start) > 550*time.Millisecond {
		t.Errorf("after %s: %v", time.Since(start), err)
	}
}
