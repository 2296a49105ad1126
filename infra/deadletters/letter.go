package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"scheduled-messages/lambda/message"
)

// letter is a dead letter, as far as it can be understood.
type letter struct {
	letterID string // SQS's
	receipt  string // of its last reception
	body     string
	since    time.Time // when it came into its queue
	received int       // how often it was looked at, this time included

	why       string          // it is here: the words of Scheduler or of Lambda, which hold no message
	messageID string          // the row's key
	event     json.RawMessage // for the sender or the updater
	schedule  string          // that could not hand it over: the name
	status    string          // what the record of an unwritten letter says became of the message

	empty   string // why nothing is lost with it
	unclear error  // why it can only be looked at
}

// readUndelivered reads what EventBridge Scheduler writes when it cannot invoke its target: in attributes, what went
// wrong; in the body, the request that it would have made.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
func (l *letter) readUndelivered(attributes map[string]string, o *outputs) {
	l.why = attributes["ERROR_CODE"]
	for _, more := range []struct{ format, name string }{
		{": %s", "ERROR_MESSAGE"}, {", %s reached", "EXHAUSTED_RETRY_CONDITION"}, {", after %s retries", "RETRY_ATTEMPTS"},
		{", scheduled for %s", "SCHEDULED_TIME"},
	} {
		if value := attributes[more.name]; value != "" {
			l.why += fmt.Sprintf(more.format, value)
		}
	}
	l.schedule = attributes["SCHEDULE_ARN"][strings.LastIndexByte(attributes["SCHEDULE_ARN"], '/')+1:]
	l.event = invocationPayload([]byte(l.body))
	var heartbeat map[string]any
	switch target := attributes["TARGET_ARN"]; {
	case json.Unmarshal(l.event, &heartbeat) == nil && heartbeat != nil && len(heartbeat) == 0:
		l.empty = "a heartbeat: the next one comes by itself"
		return
	case target != "" && target != o.SenderARN:
		l.unclear = fmt.Errorf("it is for %s", target)
		return
	case attributes["IS_PAYLOAD_TRUNCATED"] == "true":
		l.unclear = errors.New("Scheduler has cut its payload off")
		return
	}
	// What else is wrong with a message is for the sender to tell its row; without an id there is no row.
	m, err := message.Decode(l.event)
	if l.messageID = m.ID; m.ID == "" {
		l.unclear = err
	}
}

// invocationPayload is what the function would have got. AWS documents the body as a request of the target's API, by
// an example of SQS; Lambda's own is Invoke, with a payload in it. A body that is no such request is the payload.
func invocationPayload(body []byte) json.RawMessage {
	var request struct{ FunctionName, Payload json.RawMessage }
	if json.Unmarshal(body, &request) != nil || request.FunctionName == nil || request.Payload == nil {
		return body
	}
	var text string
	if json.Unmarshal(request.Payload, &text) == nil {
		return json.RawMessage(text)
	}
	return request.Payload
}

// readUnwritten reads the record of an invocation of the updater that came to nothing.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
func (l *letter) readUnwritten(o *outputs) {
	var record struct {
		RequestContext struct {
			FunctionARN            string `json:"functionArn"`
			Condition              string `json:"condition"`
			ApproximateInvokeCount int    `json:"approximateInvokeCount"`
		} `json:"requestContext"`
		RequestPayload  json.RawMessage `json:"requestPayload"`
		ResponsePayload struct {
			Message string `json:"errorMessage"`
		} `json:"responsePayload"`
	}
	if json.Unmarshal([]byte(l.body), &record) != nil || record.RequestPayload == nil {
		l.unclear = errors.New("it is no record of Lambda's")
		return
	}
	at := record.RequestContext
	l.why = fmt.Sprintf("%s after %d attempts", at.Condition, at.ApproximateInvokeCount)
	if said := record.ResponsePayload.Message; said != "" {
		l.why += ": " + said
	}
	if !strings.Contains(at.FunctionARN+":", ":function:"+o.UpdaterName+":") {
		l.unclear = fmt.Errorf("it is for %s", at.FunctionARN)
		return
	}
	var query map[string]json.RawMessage
	if json.Unmarshal(record.RequestPayload, &query) == nil && (len(query) == 0 || len(query) == 1 && query["id"] != nil) {
		l.empty = "a query or a heartbeat, and no status"
		return
	}
	l.event = record.RequestPayload
	outcome, err := message.DecodeRecord(l.event)
	l.messageID, l.status, l.unclear = outcome.ID, string(outcome.Status), err
}
