package endpoint

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// scheduleWith is the input of a schedule, with one member set otherwise.
func scheduleWith(t *testing.T, member string, value any) string {
	t.Helper()
	target := map[string]any{"Arn": "arn:aws:lambda:us-east-1:123456789012:function:sender", "RoleArn": "arn:aws:iam::123456789012:role/scheduler", "Input": "{}"}
	input := map[string]any{"ScheduleExpression": "rate(1 hour)", "ScheduleExpressionTimezone": "UTC", "GroupName": "messages",
		"FlexibleTimeWindow": map[string]any{"Mode": "OFF"}, "Target": target}
	if _, ok := target[member]; ok {
		target[member] = value
	} else {
		input[member] = value
	}
	body, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// trusted makes a role that a service may take, under a condition of one's own, which may be empty.
func (c *client) trusted(name, service, condition string) {
	c.t.Helper()
	c.form("iam", "CreateRole", "RoleName", name, "AssumeRolePolicyDocument", fmt.Sprintf(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":%q},"Action":"sts:AssumeRole"%s}]}`, service, condition))
}

// wrongSchedules sends what moto accepts, or fails at with a page of HTML.
func wrongSchedules(c *client) {
	isJSON := http.Header{"Content-Type": {"application/json"}}
	c.ok("scheduler", http.MethodPost, "/schedule-groups/messages", isJSON, "{}")
	group := func(name string) string {
		return `,"Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"},"ArnLike":{"aws:SourceArn":"arn:aws:scheduler:us-east-1:123456789012:schedule-group/` + name + `"}}`
	}
	c.trusted("scheduler", "scheduler.amazonaws.com", group("messages"))
	c.trusted("other-group", "scheduler.amazonaws.com", group("others"))
	c.trusted("lambda", "lambda.amazonaws.com", "")
	for i, method := range []string{http.MethodPost, http.MethodPut} { // CreateSchedule, and UpdateSchedule of what that makes
		for _, refused := range []struct {
			member string
			value  any
			status int
			code   string
			says   string
		}{
			{"ScheduleExpression", "tomorrow", 400, "ValidationException", "Invalid Schedule Expression tomorrow."},
			{"ScheduleExpression", "at(2030-01-02T03:04:05Z)", 400, "ValidationException", "Invalid Schedule Expression at(2030-01-02T03:04:05Z)."},
			{"ScheduleExpressionTimezone", "Mars/Phobos", 400, "ValidationException", "Mars/Phobos"},
			{"Input", "hello", 400, "ValidationException", "JSON"},
			{"GroupName", "nobody", 404, "ResourceNotFoundException", "Schedule group nobody does not exist."},
			{"RoleArn", "arn:aws:iam::123456789012:role/nobody", 400, "ValidationException", "to assume the role"},
			{"RoleArn", "arn:aws:iam::123456789012:role/lambda", 400, "ValidationException", "to assume the role"},
			{"RoleArn", "arn:aws:iam::123456789012:role/other-group", 400, "ValidationException", "to assume the role"},
		} {
			status, answer := c.do("scheduler", method, "/schedules/message", isJSON, scheduleWith(c.t, refused.member, refused.value))
			if status != refused.status || !strings.Contains(answer, refused.says) {
				c.t.Errorf("%s with %s %v: %d %s", method, refused.member, refused.value, status, answer)
			}
		}
		passed := []string{"at(2020-01-02T03:04:05)", "rate(5 minutes)"}[i] // AWS takes a time that has passed
		c.ok("scheduler", method, "/schedules/message", isJSON, scheduleWith(c.t, "ScheduleExpression", passed))
	}
}

// inlinePolicies sends too much of them, which moto does not count.
func inlinePolicies(c *client) {
	c.trusted("sender", "lambda.amazonaws.com", "")
	put := func(name string, actions int) (int, string) {
		policy := `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", "Action": ["sns:Publish"` + strings.Repeat(`, "sns:Publish"`, actions) + `]}]}`
		return c.do("iam", http.MethodPost, "/", isForm, formOf("iam", "PutRolePolicy", "RoleName", "sender", "PolicyName", name, "PolicyDocument", policy))
	}
	for _, step := range []struct {
		name    string
		actions int
		status  int
	}{
		{"first", 600, http.StatusOK},        // some 8,500 characters without white space
		{"first", 620, http.StatusOK},        // takes the place of the other
		{"second", 300, http.StatusConflict}, // together more than 10,240
		{"second", 50, http.StatusOK},
	} {
		status, answer := put(step.name, step.actions)
		if status != step.status || status == http.StatusConflict && !strings.Contains(answer, "<Code>LimitExceeded</Code>") {
			c.t.Errorf("%s of %d actions: %d %s", step.name, step.actions, status, answer)
		}
	}
	if status, answer := c.do("iam", http.MethodPost, "/", isForm, formOf("iam", "PutRolePolicy", "RoleName", "nobody", "PolicyName", "p", "PolicyDocument", "{}")); status != http.StatusNotFound {
		c.t.Errorf("a role that is not there: %d %s", status, answer)
	}
}
