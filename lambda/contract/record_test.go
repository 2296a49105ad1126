package contract

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
)

const (
	senderARN = "arn:aws:lambda:us-east-1:000000000000:function:sender"
	request1  = `{"id":"m-1","channel":"sns","to":"topic","subject":"Hello","body":"a body that no error may hold"}`
)

// frame is a destination record around a request and a response, which is left out if it is empty.
func frame(condition, request, response string) string {
	return lambdaruntime.Record{
		RequestID: "r",
		At:        time.Date(2026, 11, 21, 12, 0, 0, 123e6, time.UTC),
		Function:  senderARN,
		Condition: condition,
		Attempts:  3,
		Request:   json.RawMessage(request),
		Response:  json.RawMessage(response),
	}.String()
}

func TestRecordsOfAllConditionsAreRead(t *testing.T) {
	at := time.Date(2026, 11, 21, 12, 0, 0, 123e6, time.UTC)
	base := Outcome{ID: "m-1", At: at, Channel: SNS,
		FunctionARN: senderARN + ":$LATEST"}
	sent := func(providerID string, sentAt time.Time) Outcome {
		o := base
		o.Status, o.ProviderID, o.SentAt = Sent, providerID, sentAt
		return o
	}
	failed := func(reason string) Outcome {
		o := base
		o.Status, o.Error = Failed, reason
		return o
	}
	noRequest := failed("id is not a string")
	noRequest.Channel = ""
	cases := map[string]struct {
		event string
		want  Outcome
	}{
		"sent": {
			frame("Success", request1, `{"id":"m-1","status":"SENT","providerId":"p","sentAt":"2026-11-21T13:00:00.5+01:00"}`),
			sent("p", time.Date(2026, 11, 21, 12, 0, 0, 500e6, time.UTC))},
		"sent without a time: the record's": {
			frame("Success", request1, `{"id":"m-1","status":"SENT"}`), sent("", at)},
		"refused permanently": {
			frame("Success", request1, `{"id":"m-1","status":"FAILED","error":"no such channel"}`), failed("no such channel")},
		"refused without a reason": {
			frame("Success", request1, `{"id":"m-1","status":"FAILED"}`), failed("refused without a reason")},
		"refused, and the request is not an object": {
			frame("Success", `["m-1"]`, `{"id":"m-1","status":"FAILED","error":"id is not a string"}`), noRequest},
		"retries exhausted": {
			frame("RetriesExhausted", request1, `{"errorMessage":"the topic does not answer","errorType":"errorString"}`),
			failed("RetriesExhausted after 3 attempts: the topic does not answer")},
		"retries exhausted with a type only": {
			frame("RetriesExhausted", request1, `{"errorType":"Runtime.ExitError"}`),
			failed("RetriesExhausted after 3 attempts: Runtime.ExitError")},
		"retries exhausted with a text": {
			frame("RetriesExhausted", request1, `"text"`), failed("RetriesExhausted after 3 attempts")},
		"too old, without response fields": {
			frame("EventAgeExceeded", request1, ""), failed("EventAgeExceeded after 3 attempts")},
		"too old, with null in the response fields": {
			strings.TrimSuffix(frame("EventAgeExceeded", request1, ""), "}") + `,"responseContext":null,"responsePayload":null}`, failed("EventAgeExceeded after 3 attempts")},
		"a future condition, with an error's text": {
			frame("SomethingNew", request1, `{"errorMessage":"why","errorType":"t"}`), failed("SomethingNew after 3 attempts: why")},
		"a future condition, with a result": {
			frame("SomethingNew", request1, `{"id":"m-1","status":"SENT"}`), failed("SomethingNew after 3 attempts")},
		"a loop that Lambda stopped": {
			frame("RecursiveInvocation", request1, ""), failed("RecursiveInvocation after 3 attempts")},
		"a reason that would change a terminal": {
			frame("RetriesExhausted", request1, `{"errorMessage":"\u001b[2Jred\u202eder\nnext\u0085"}`),
			failed("RetriesExhausted after 3 attempts:  [2Jred der next ")},
		"a later version of the record": {
			strings.Replace(frame("EventAgeExceeded", request1, ""), `"1.0"`, `"1.17"`, 1), failed("EventAgeExceeded after 3 attempts")},
	}
	for name, c := range cases {
		got, err := DecodeRecord([]byte(c.event))
		if err != nil || got != c.want {
			t.Errorf("%s:\ngot  %+v, %v\nwant %+v", name, got, err, c.want)
		}
	}
}

// TestRecordsOfAThrottledFunctionAreRead reads what Lambda hands over while reserved concurrency is 0: no response at all.
func TestRecordsOfAThrottledFunctionAreRead(t *testing.T) {
	attempts := func(record string) string { return strings.Replace(record, `Count":3`, `Count":0`, 1) }
	throttled := attempts(frame("ZeroReservedConcurrency", request1, ""))
	unknown := attempts(frame("SomethingNew", request1, `{"id":"m-1","status":"SENT"}`))
	for event, reason := range map[string]string{
		throttled: "ZeroReservedConcurrency after 0 attempts", unknown: "SomethingNew after 0 attempts",
	} {
		got, err := DecodeRecord([]byte(event))
		if err != nil || got.ID != "m-1" || got.Status != Failed || got.Error != reason {
			t.Errorf("got %+v, %v, want FAILED with %q", got, err, reason)
		}
	}
}

func TestAFieldOfTheWrongTypeInARefusedMessageLeavesTheOthers(t *testing.T) {
	event := frame("Success", `{"subject":7,"to":[],"id":"m-1","channel":"sns"}`,
		`{"id":"m-1","status":"FAILED","error":"subject is of JSON type number"}`)
	got, err := DecodeRecord([]byte(event))
	if err != nil || got.ID != "m-1" || got.Channel != SNS {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestARecordThatCannotBeUnderstoodIsAnErrorThatNamesWhatIsWrong(t *testing.T) {
	sent := `{"id":"m-1","status":"SENT"}`
	good := frame("Success", request1, sent)
	cases := map[string]struct{ event, want string }{
		"nothing":            {"", "is not a JSON object"},
		"null":               {"null", `version is "": must be "1.0" or a later "1."`},
		"a list":             {"[1]", "is not a JSON object"},
		"cut off":            {good[:len(good)-1], "is not a JSON object"},
		"another version":    {strings.Replace(good, `"1.0"`, `"2.0"`, 1), `version is "2.0": must be "1.0" or a later`},
		"version ten":        {strings.Replace(good, `"1.0"`, `"10.0"`, 1), `version is "10.0": must be "1.0" or a later`},
		"a numeric version":  {strings.Replace(good, `"1.0"`, `1.0`, 1), "version is of JSON type number"},
		"no time":            {strings.Replace(good, "2026-11-21T", "yesterday ", 1), `timestamp is "yesterday 12:00:00.123Z": must be a time`},
		"no condition":       {frame("", request1, sent), `requestContext.condition is "": must be Success or the name of a failure`},
		"condition null":     {strings.Replace(good, `"Success"`, "null", 1), `requestContext.condition is "": must be Success or`},
		"throttled, no id":   {frame("ZeroReservedConcurrency", `{"to":"topic"}`, ""), `requestPayload.id is "", which is not the id of a message`},
		"no response":        {frame("Success", request1, ""), "responsePayload: is not a JSON object"},
		"an empty response":  {frame("Success", request1, `{}`), `responsePayload.id is "", which is not the id of a message; responsePayload.status is ""`},
		"another message":    {strings.Replace(good, `Payload":{"id":"m-1","st`, `Payload":{"id":"m-2","st`, 1), `responsePayload.id is "m-2", but requestPayload.id is "m-1"`},
		"another status":     {strings.Replace(good, "SENT", "SCHEDULED", 1), `responsePayload.status is "SCHEDULED": must be SENT or FAILED`},
		"a numeric status":   {strings.Replace(good, `"SENT"`, "7", 1), "responsePayload: status is of JSON type number"},
		"sent at no time":    {frame("Success", request1, `{"id":"m-1","status":"SENT","sentAt":"now"}`), "responsePayload: sentAt is not a time"},
		"sent in the year 0": {frame("Success", request1, `{"id":"m-1","status":"SENT","sentAt":"0000-01-01T00:00:00Z"}`), "responsePayload.sentAt is in the year 0"},
		"failed, no id":      {frame("RetriesExhausted", `{"to":"topic"}`, ""), `requestPayload.id is "", which is not the id of a message`},
		"failed, long id":    {frame("EventAgeExceeded", `{"id":"`+strings.Repeat("x", 65)+`"}`, ""), "requestPayload.id is \"xxxx"},
		"failed, id a list":  {frame("EventAgeExceeded", `{"id":["m-1"]}`, ""), `requestPayload.id is "", which is not the id of a message`},
		"failed, no request": {frame("EventAgeExceeded", `null`, ""), `requestPayload.id is "", which is not the id of a message`},
		"all wrong":          {frame("Eventually", request1, "")[1:], "is not a JSON object"},
	}
	for name, c := range cases {
		got, err := DecodeRecord([]byte(c.event))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %+v, %v, want an error with %s", name, got, err, c.want)
		} else if strings.Contains(err.Error(), "a body") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: the error holds a body or a line break: %v", name, err)
		}
	}
}
