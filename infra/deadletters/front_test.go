package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"scheduled-messages/infra/sandbox/lambdaruntime"
)

// handler is the front: it does Lambda's Invoke itself, and leaves the rest to moto.
func (c *cloud) handler() http.Handler {
	proxy := c.keys.Proxy(c.moto)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		if err := c.keys.Verify(r, body); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		action := action(r)
		c.mu.Lock()
		c.calls = append(c.calls, action)
		call, kill := len(c.calls), c.kill
		c.mu.Unlock()
		if kill != nil && kill(call, action, false) {
			panic(http.ErrAbortHandler)
		}
		// The long poll is AWS's way to ask all its servers; moto is one, and answers at once.
		body = bytes.Replace(body, []byte(`"WaitTimeSeconds":2`), []byte(`"WaitTimeSeconds":0`), 1)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		answer := httptest.NewRecorder()
		if action == "lambda.Invoke" {
			c.invoke(answer, r, body)
		} else {
			proxy.ServeHTTP(answer, r)
		}
		c.keepReceipts(body, answer.Body.Bytes())
		if kill != nil && kill(call, action, true) {
			panic(http.ErrAbortHandler)
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		w.Write(answer.Body.Bytes())
	})
}

// action is a call's name in a policy.
func action(r *http.Request) string {
	if _, name, ok := strings.Cut(r.Header.Get("X-Amz-Target"), "."); ok {
		return "sqs." + name
	}
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case len(parts) == 4 && parts[3] == "invocations":
		return "lambda.Invoke"
	case parts[0] == "schedules" && len(parts) == 1:
		return "scheduler.ListSchedules"
	case parts[0] == "schedules":
		return map[string]string{"POST": "scheduler.CreateSchedule", "GET": "scheduler.GetSchedule", "DELETE": "scheduler.DeleteSchedule"}[r.Method]
	}
	return r.Method + " " + r.URL.Path
}

// invoke is a synchronous invocation of updater or status, the only functions that the command invokes itself.
func (c *cloud) invoke(w http.ResponseWriter, r *http.Request, event []byte) {
	function := map[string]*lambdaruntime.Process{"updater": c.updater, "status": c.status}[strings.Split(r.URL.Path, "/")[3]]
	if function == nil || r.Header.Get("X-Amz-Invocation-Type") == "Event" {
		http.Error(w, "not expected", http.StatusTeapot)
		return
	}
	answer, err := function.Invoke(context.Background(), event, timeout)
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	case answer.Error != nil:
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		json.NewEncoder(w).Encode(answer.Error)
	default:
		w.Write(answer.Payload)
	}
}

// keepReceipts remembers what was received, so that a test need not wait until it can be seen again.
func (c *cloud) keepReceipts(request, answer []byte) {
	var asked struct{ QueueURL string }
	var got struct {
		Messages []struct{ ReceiptHandle string }
	}
	if json.Unmarshal(request, &asked) != nil || json.Unmarshal(answer, &got) != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range got.Messages {
		c.receipts[m.ReceiptHandle] = asked.QueueURL
	}
}
