package endpoint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
)

// schedules keeps what moto forgets of Scheduler's requests: it changes no ActionAfterCompletion, sets an update's missing
// members to nothing instead of their defaults, and knows no client tokens.
type schedules struct {
	next http.RoundTripper

	mu     sync.Mutex
	after  map[string]any      // ActionAfterCompletion, by region and the schedule's path
	tokens map[string]answered // by region, operation and client token
}

// answered is a request that was answered, which the same request again gets.
type answered struct {
	input  string
	answer []byte
}

func scheduling(next http.RoundTripper) http.RoundTripper {
	return &schedules{next: next, after: map[string]any{}, tokens: map[string]answered{}}
}

// RoundTrip sends a request on, and puts into its answer what moto forgot.
func (s *schedules) RoundTrip(r *http.Request) (*http.Response, error) {
	region, service := scope(r)
	name, isSchedule := strings.CutPrefix(r.URL.Path, "/schedules")
	switch {
	case service != "scheduler":
	case r.Method == http.MethodPost || r.Method == http.MethodPut:
		return s.write(r, region, isSchedule)
	case r.Method == http.MethodGet && isSchedule:
		return s.read(r, region, name == "" || name == "/")
	}
	return s.next.RoundTrip(r)
}

// write completes an input, and answers a repeated request as the first time.
func (s *schedules) write(r *http.Request, region string, isSchedule bool) (*http.Response, error) {
	body, err := readAll(r.Body)
	if err != nil {
		return nil, err
	}
	input := map[string]any{}
	if err := json.Unmarshal(body, &input); err != nil && len(body) > 0 {
		setRequestBody(r, body)
		return s.next.RoundTrip(r)
	}
	token, _ := input["ClientToken"].(string)
	delete(input, "ClientToken")
	if isSchedule {
		complete(input)
	}
	if body, err = json.Marshal(input); err != nil {
		return nil, err
	}
	// One at a time: of two requests with one token, the second has the first's answer.
	s.mu.Lock()
	defer s.mu.Unlock()
	key := strings.Join([]string{region, r.Method, r.URL.Path, token}, " ")
	if first, again := s.tokens[key]; again && token != "" {
		if first.input != string(body) {
			return conflict(r, "The client token was used by a request with other parameters."), nil
		}
		return respond(r, http.StatusOK, first.answer), nil
	}
	setRequestBody(r, body)
	response, err := s.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer, err := readAll(response.Body)
	if err != nil {
		return nil, err
	}
	setResponseBody(response, answer)
	if response.StatusCode >= 300 {
		if bytes.Contains(answer, []byte("ConflictException")) {
			response.StatusCode = http.StatusConflict // 400 is moto's
		}
		return response, nil
	}
	s.tokens[key] = answered{string(body), answer}
	if isSchedule {
		s.after[region+scheduleKey(input["GroupName"], r.URL.Path[len("/schedules/"):])] = input["ActionAfterCompletion"]
	}
	return response, nil
}

// complete sets what a request leaves out to AWS's defaults, of which an update keeps nothing that was set before.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html
func complete(input map[string]any) {
	defaults(input, map[string]any{
		"State": "ENABLED", "ActionAfterCompletion": "NONE", "ScheduleExpressionTimezone": "UTC", "GroupName": "default",
	})
	target, ok := input["Target"].(map[string]any)
	if !ok {
		return
	}
	policy, _ := target["RetryPolicy"].(map[string]any)
	if policy == nil {
		policy = map[string]any{}
	}
	defaults(policy, map[string]any{"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185})
	target["RetryPolicy"] = policy
}

func defaults(members, values map[string]any) {
	for name, value := range values {
		if members[name] == nil {
			members[name] = value
		}
	}
}

// read answers with one schedule or a list, each with its ActionAfterCompletion and without members that are not set.
func (s *schedules) read(r *http.Request, region string, list bool) (*http.Response, error) {
	response, err := s.next.RoundTrip(r)
	if err != nil || response.StatusCode >= 300 {
		return response, err
	}
	body, err := readAll(response.Body)
	if err != nil {
		return nil, err
	}
	output := map[string]any{}
	if err := json.Unmarshal(body, &output); err != nil {
		return nil, err
	}
	all := []any{output}
	if list {
		all, _ = output["Schedules"].([]any)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range all {
		schedule, _ := one.(map[string]any)
		name, _ := schedule["Name"].(string)
		if after, kept := s.after[region+scheduleKey(schedule["GroupName"], name)]; kept {
			schedule["ActionAfterCompletion"] = after
		}
		for member, value := range schedule {
			if value == nil {
				delete(schedule, member)
			}
		}
	}
	if body, err = json.Marshal(output); err != nil {
		return nil, err
	}
	setResponseBody(response, body)
	return response, nil
}

func scheduleKey(group any, name string) string {
	if group == nil {
		group = "default"
	}
	return fmt.Sprintf(" %v/%s", group, name)
}

func conflict(r *http.Request, says string) *http.Response {
	body, _ := json.Marshal(map[string]string{"Message": says}) // a map of texts
	response := respond(r, http.StatusConflict, body)
	response.Header.Set("X-Amzn-Errortype", "ConflictException")
	return response
}

func respond(r *http.Request, status int, body []byte) *http.Response {
	response := &http.Response{
		Status: http.StatusText(status), StatusCode: status, Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(body)),
	}
	setResponseBody(response, body)
	return response
}
