package message

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// The conditions under which Lambda hands a record to a destination. "Adding a destination" in AWS's documentation
// of Lambda shows the record; it does not list the conditions.
const (
	conditionSuccess          = "Success"
	conditionRetriesExhausted = "RetriesExhausted"
	conditionEventAgeExceeded = "EventAgeExceeded" // has no response fields: the function may not have run at all
)

// record is a destination record, version 1.0. The body of the message in it is never decoded.
type record struct {
	Version        string `json:"version"`
	Timestamp      string `json:"timestamp"`
	RequestContext struct {
		Condition              string `json:"condition"`
		ApproximateInvokeCount int    `json:"approximateInvokeCount"`
	} `json:"requestContext"`
	RequestPayload  json.RawMessage `json:"requestPayload"`
	ResponsePayload json.RawMessage `json:"responsePayload"`
}

// request is what of the sender's event the row keeps.
type request struct {
	ID      string  `json:"id"`
	Channel Channel `json:"channel"`
	To      string  `json:"to"`
	Subject string  `json:"subject"`
}

// DecodeRecord reads the record that Lambda hands to the destinations of the sender. An error names all that is
// wrong with it, and holds nothing of the message but its id.
func DecodeRecord(event []byte) (Outcome, error) {
	var r record
	if err := decode(event, &r); err != nil {
		return Outcome{}, err
	}
	var o Outcome
	problems := []error{o.readFrame(r)}
	var asked request
	// A message that the sender refused for a field of the wrong type still has an id, and Unmarshal reads on past
	// such a field. What else may be wrong with the request shows in the id.
	_ = json.Unmarshal(r.RequestPayload, &asked)
	o.Channel, o.To, o.Subject = asked.Channel, asked.To, asked.Subject
	switch condition := r.RequestContext.Condition; condition {
	case conditionSuccess:
		problems = append(problems, o.readResult(r.ResponsePayload, asked.ID))
	case conditionRetriesExhausted, conditionEventAgeExceeded:
		problems = append(problems, o.readFailure(r, asked.ID))
	default:
		problems = append(problems, fmt.Errorf("requestContext.condition is %s, want %s, %s or %s", shorten(condition),
			conditionSuccess, conditionRetriesExhausted, conditionEventAgeExceeded))
	}
	if err := oneLine(problems); err != nil {
		return Outcome{}, err
	}
	return o, nil
}

func (o *Outcome) readFrame(r record) error {
	var problems []error
	if r.Version != "1.0" {
		problems = append(problems, fmt.Errorf("version is %s, want \"1.0\"", shorten(r.Version)))
	}
	at, err := time.Parse(time.RFC3339Nano, r.Timestamp)
	if err != nil || !plausible(at) {
		problems = append(problems, fmt.Errorf("timestamp is %s, want a time such as 2026-01-02T15:04:05.678Z",
			shorten(r.Timestamp)))
	}
	o.At = at.UTC().Truncate(time.Millisecond)
	return oneLine(problems)
}

// plausible says whether a time is of the years that a DATETIME column has and that a message may be sent in.
func plausible(t time.Time) bool { return t.UTC().Year() >= 2000 && t.UTC().Year() < 9999 }

// decode is json.Unmarshal with errors that quote no value.
func decode(data []byte, into any) error {
	err := json.Unmarshal(data, into)
	if err == nil {
		return nil
	}
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && mismatch.Field != "" {
		kind, _, _ := strings.Cut(mismatch.Value, " ")
		return fmt.Errorf("%s is of JSON type %s", mismatch.Field, kind)
	}
	if _, ok := errors.AsType[*time.ParseError](err); ok {
		return errors.New("sentAt is no time")
	}
	return errors.New("is no JSON object")
}

// oneLine is errors.Join for a log line.
func oneLine(problems []error) error {
	var words []string
	for _, problem := range problems {
		if problem != nil {
			words = append(words, problem.Error())
		}
	}
	if words == nil {
		return nil
	}
	return errors.New(strings.Join(words, "; "))
}
