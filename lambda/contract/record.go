package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// conditionSuccess is the only condition of a destination record under which the function answered. Every other one is
// a failure: RetriesExhausted; EventAgeExceeded and ZeroReservedConcurrency (reserved concurrency 0, which the console's
// button Throttle sets), both without response fields, because the function may not have run at all;
// RecursiveInvocation; and whatever AWS adds. AWS documents the record, and does not list its conditions.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
const conditionSuccess = "Success"

// envelope is what Lambda itself writes into a destination record, version 1.
type envelope struct {
	Version        string `json:"version"`
	Timestamp      string `json:"timestamp"`
	RequestContext struct {
		FunctionARN            string `json:"functionArn"`
		Condition              string `json:"condition"`
		ApproximateInvokeCount int    `json:"approximateInvokeCount"`
	} `json:"requestContext"`
}

// request is what of the sender's event the row keeps. Recipient, subject and body are never decoded.
type request struct {
	ID      string  `json:"id"`
	Channel Channel `json:"channel"`
}

// failure is what Lambda makes of an error that the sender returned.
type failure struct {
	Message string `json:"errorMessage"`
	Type    string `json:"errorType"`
}

// DecodeRecord reads the record that Lambda hands to the destinations of the sender, under any condition. An error
// names everything that is wrong with it, and holds nothing of the message but its id.
func DecodeRecord(event []byte) (Outcome, error) {
	// Nearly every record is complete and read in one step, which is most of what the updater spends on an event.
	var all struct {
		envelope
		RequestPayload  request `json:"requestPayload"`
		ResponsePayload struct {
			Result
			failure
		} `json:"responsePayload"`
	}
	if json.Unmarshal(event, &all) == nil {
		o, err := outcome(all.envelope, all.RequestPayload, all.ResponsePayload.Result, nil, all.ResponsePayload.failure)
		if err == nil {
			return o, nil
		}
	}
	return decodeParts(event)
}

// decodeParts reads a record part by part, so that a fault in one part hides none in another, and a fault in what the
// sender was given, which it has refused already, is not an error of the record.
func decodeParts(event []byte) (Outcome, error) {
	var parts struct {
		envelope
		RequestPayload  json.RawMessage `json:"requestPayload"`
		ResponsePayload json.RawMessage `json:"responsePayload"`
	}
	if err := decode(event, &parts); err != nil {
		return Outcome{}, err
	}
	var asked request
	// A message that the sender refused for a field of the wrong type still has an id, and Unmarshal reads on past
	// such a field. What else may be wrong with the request shows in the id.
	_ = json.Unmarshal(parts.RequestPayload, &asked)
	var failed failure
	_ = json.Unmarshal(parts.ResponsePayload, &failed) // missing, or not an error's: then the condition is all there is
	var result Result
	err := decode(parts.ResponsePayload, &result)
	return outcome(parts.envelope, asked, result, err, failed)
}

// outcome is what a record reports. The result counts on success only, and so does the error of reading it.
func outcome(e envelope, asked request, result Result, resultErr error, failed failure) (Outcome, error) {
	o := Outcome{Channel: asked.Channel, FunctionARN: e.RequestContext.FunctionARN}
	problems := []error{o.readEnvelope(e)}
	switch condition := e.RequestContext.Condition; {
	case condition == conditionSuccess && resultErr != nil:
		problems = append(problems, fmt.Errorf("responsePayload: %w", resultErr))
	case condition == conditionSuccess:
		problems = append(problems, o.readResult(result, asked.ID))
	case condition == "":
		problems = append(problems, fmt.Errorf("requestContext.condition is %q: must be %s or the name of a failure",
			condition, conditionSuccess))
	default:
		problems = append(problems, o.readFailure(e, failed, asked.ID))
	}
	if err := oneLine(problems); err != nil {
		return Outcome{}, err
	}
	return o, nil
}

func (o *Outcome) readEnvelope(e envelope) error {
	var problems []error
	if !strings.HasPrefix(e.Version, "1.") {
		problems = append(problems, fmt.Errorf("version is %s: must be \"1.0\" or a later \"1.\"", shorten(e.Version)))
	}
	at, err := time.Parse(time.RFC3339Nano, e.Timestamp)
	if err != nil || !plausible(at) {
		problems = append(problems, fmt.Errorf("timestamp is %s: must be a time such as 2026-01-02T15:04:05.678Z",
			shorten(e.Timestamp)))
	}
	o.At = at.UTC().Truncate(time.Millisecond)
	return oneLine(problems)
}

// plausible reports whether a time is in the years that a DATETIME column has and that a message may be sent in.
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
		return errors.New("sentAt is not a time")
	}
	return errors.New("is not a JSON object")
}

// oneLine is errors.Join for a log line.
func oneLine(problems []error) error {
	var texts []string
	for _, problem := range problems {
		if problem != nil {
			texts = append(texts, problem.Error())
		}
	}
	if texts == nil {
		return nil
	}
	return errors.New(strings.Join(texts, "; "))
}
