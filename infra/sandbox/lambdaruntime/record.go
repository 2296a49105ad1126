package lambdaruntime

import (
	"encoding/json"
	"fmt"
	"time"
)

// The conditions of a record that a function's own answers lead to. Lambda has others.
const (
	Success          = "Success"
	RetriesExhausted = "RetriesExhausted"
)

// Record is what Lambda hands to a destination about an asynchronous invocation, version 1.0.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
type Record struct {
	RequestID string
	At        time.Time
	Function  string // its ARN, without a qualifier
	Condition string
	Attempts  int
	Request   json.RawMessage // the event
	Response  json.RawMessage // the answer, a result or an error; empty where the function did not run
	Unhandled bool            // the answer is an error
}

// WithAnswer is the record with a function's answer, a result or an error.
func (r Record) WithAnswer(answer Answer) (Record, error) {
	r.Response = answer.Payload
	if answer.Error == nil {
		return r, nil
	}
	text, err := json.Marshal(answer.Error)
	r.Response, r.Unhandled = text, true
	return r, err
}

// MarshalJSON writes the record as Lambda does.
func (r Record) MarshalJSON() ([]byte, error) {
	type requestContext struct {
		RequestID   string `json:"requestId"`
		FunctionARN string `json:"functionArn"`
		Condition   string `json:"condition"`
		Attempts    int    `json:"approximateInvokeCount"`
	}
	type responseContext struct {
		StatusCode      int    `json:"statusCode"`
		ExecutedVersion string `json:"executedVersion"`
		FunctionError   string `json:"functionError,omitempty"`
	}
	record := struct {
		Version         string           `json:"version"`
		Timestamp       string           `json:"timestamp"`
		RequestContext  requestContext   `json:"requestContext"`
		RequestPayload  json.RawMessage  `json:"requestPayload"`
		ResponseContext *responseContext `json:"responseContext,omitempty"`
		ResponsePayload json.RawMessage  `json:"responsePayload,omitempty"`
	}{
		Version:         "1.0",
		Timestamp:       r.At.UTC().Format("2006-01-02T15:04:05.000Z"),
		RequestContext:  requestContext{r.RequestID, r.Function + ":$LATEST", r.Condition, r.Attempts},
		RequestPayload:  r.Request,
		ResponsePayload: r.Response,
	}
	if len(r.Response) > 0 {
		record.ResponseContext = &responseContext{StatusCode: 200, ExecutedVersion: "$LATEST"}
		if r.Unhandled {
			record.ResponseContext.FunctionError = "Unhandled"
		}
	}
	text, err := json.Marshal(record)
	if err != nil {
		return nil, fmt.Errorf("record: %w", err) // the function's answer is not JSON
	}
	return text, nil
}

// String is the record's JSON, or the reason why it has none.
func (r Record) String() string {
	text, err := r.MarshalJSON()
	if err != nil {
		return err.Error()
	}
	return string(text)
}
