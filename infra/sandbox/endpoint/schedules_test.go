package endpoint

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// scheduleAnswer is what Scheduler says of a schedule.
type scheduleAnswer struct {
	State, ActionAfterCompletion, ScheduleExpressionTimezone, Description string
	Target                                                                struct {
		RetryPolicy struct{ MaximumRetryAttempts, MaximumEventAgeInSeconds int }
	}
}

// schedulesInGroups makes, changes and deletes groups and schedules as a backend does.
func schedulesInGroups(c *client) {
	isJSON := http.Header{"Content-Type": {"application/json"}}
	send := func(method, path, body string, status int, says string) string {
		c.t.Helper()
		got, answer := c.do("scheduler", method, path, isJSON, body)
		if got != status || !strings.Contains(answer, says) {
			c.t.Errorf("%s %s: %d %s, want %d %s", method, path, got, answer, status, says)
		}
		return answer
	}
	send(http.MethodPost, "/schedule-groups/orders", "{}", 200, "orders")
	send(http.MethodPost, "/schedule-groups/orders", "{}", 409, "already exists")
	send(http.MethodDelete, "/schedule-groups/nobody", "", 404, "does not exist")
	send(http.MethodDelete, "/schedule-groups/default", "", 400, "default")
	send(http.MethodGet, "/schedules?ScheduleGroup=nobody", "", 404, "does not exist")
	send(http.MethodGet, "/schedules?ScheduleGroup=orders", "", 200, "[]")
	c.trusted("of-orders", "scheduler.amazonaws.com", "")
	with := func(more string) string {
		return `{"ScheduleExpression": "at(2030-01-02T03:04:05)", "GroupName": "orders", "FlexibleTimeWindow": {"Mode": "OFF"},
			"Target": {"Arn": "arn:aws:lambda:us-east-1:123456789012:function:sender", "RoleArn": "arn:aws:iam::123456789012:role/of-orders"}` + more + `}`
	}
	read := func() (one scheduleAnswer) {
		c.t.Helper()
		if err := json.Unmarshal([]byte(send(http.MethodGet, "/schedules/o-1?groupName=orders", "", 200, "")), &one); err != nil {
			c.t.Fatal(err)
		}
		var list struct{ Schedules []scheduleAnswer }
		if err := json.Unmarshal([]byte(send(http.MethodGet, "/schedules?ScheduleGroup=orders", "", 200, "")), &list); err != nil {
			c.t.Fatal(err)
		}
		if len(list.Schedules) != 1 || list.Schedules[0].ActionAfterCompletion != one.ActionAfterCompletion {
			c.t.Errorf("listed as %+v, read as %+v", list.Schedules, one)
		}
		return one
	}
	want := scheduleAnswer{State: "ENABLED", ActionAfterCompletion: "NONE", ScheduleExpressionTimezone: "UTC"}
	want.Target.RetryPolicy.MaximumRetryAttempts, want.Target.RetryPolicy.MaximumEventAgeInSeconds = 185, 86400

	// The same request again is the same schedule; another of its name is none, nor is another with its token.
	first := send(http.MethodPost, "/schedules/o-1", with(`, "ClientToken": "t-1", "ActionAfterCompletion": "DELETE", "State": "DISABLED", "Description": "first"`), 200, "o-1")
	if again := send(http.MethodPost, "/schedules/o-1", with(`, "ClientToken": "t-1", "ActionAfterCompletion": "DELETE", "State": "DISABLED", "Description": "first"`), 200, "o-1"); again != first {
		c.t.Errorf("again it answers %s, at first %s", again, first)
	}
	send(http.MethodPost, "/schedules/o-1", with(`, "ClientToken": "t-1"`), 409, "token")
	send(http.MethodPost, "/schedules/o-1", with(`, "ClientToken": "t-2"`), 409, "already exists")
	if got := read(); got.ActionAfterCompletion != "DELETE" || got.State != "DISABLED" || got.Description != "first" {
		c.t.Errorf("it is made as %+v", got)
	}
	// An update sets what it leaves out to the defaults.
	send(http.MethodPut, "/schedules/o-1", with(""), 200, "o-1")
	if got := read(); got != want {
		c.t.Errorf("after an empty update it is %+v, want %+v", got, want)
	}
	send(http.MethodPut, "/schedules/o-1", with(`, "ActionAfterCompletion": "DELETE"`), 200, "o-1")
	if got := read(); got.ActionAfterCompletion != "DELETE" {
		c.t.Errorf("after an update it is %+v", got)
	}
	send(http.MethodPut, "/schedules/o-2", with(""), 404, "o-2")
	// A new one of its name has nothing of it.
	send(http.MethodDelete, "/schedules/o-1?groupName=orders", "", 200, "")
	send(http.MethodPost, "/schedules/o-1", with(""), 200, "o-1")
	if got := read(); got != want {
		c.t.Errorf("made anew it is %+v, want %+v", got, want)
	}
	// A group takes its schedules along.
	send(http.MethodDelete, "/schedule-groups/orders", "", 200, "")
	send(http.MethodGet, "/schedules/o-1?groupName=orders", "", 404, "")
}

func TestAMemberThatIsSetIsNotOverwrittenByItsDefault(t *testing.T) {
	input := map[string]any{"State": "DISABLED", "Target": map[string]any{"RetryPolicy": map[string]any{"MaximumRetryAttempts": 0}}}
	complete(input)
	policy := input["Target"].(map[string]any)["RetryPolicy"].(map[string]any)
	if input["State"] != "DISABLED" || policy["MaximumRetryAttempts"] != 0 || policy["MaximumEventAgeInSeconds"] != 86400 {
		t.Errorf("got %v", input)
	}
}
