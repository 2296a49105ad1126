package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"scheduled-messages/infra/internal/command"
	"scheduled-messages/lambda/contract"
)

// deadLetter is a message in a dead-letter queue, as far as it can be understood.
type deadLetter struct {
	sqsID    string // SQS's id of it
	receipt  string
	body     string
	since    time.Time // when it came into its queue
	received int       // how often it was received, this time included

	reason    string          // why it is here, in the words of Scheduler or of Lambda, which hold no message
	messageID string          // the row's key
	event     json.RawMessage // for the sender or the updater
	schedule  string          // the name of the schedule that could not hand it over
	status    string          // what a record in unwritten says of the message

	skipReason string // why nothing is lost with it
	parseErr   error  // why it can only be looked at
}

// label names the message in what the command prints: by SQS's id and, where there is one, the id of its row.
func (m *deadLetter) label() string {
	if m.messageID == "" {
		return m.sqsID
	}
	return fmt.Sprintf("%s, message %q", m.sqsID, m.messageID)
}

// decodeUndelivered reads what EventBridge Scheduler writes when it cannot invoke its target: in attributes, what went
// wrong; in the body, the request that it would have made.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
func (m *deadLetter) decodeUndelivered(attributes map[string]string, o *outputs) {
	m.reason = attributes["ERROR_CODE"]
	for _, more := range []struct{ format, name string }{
		{": %s", "ERROR_MESSAGE"}, {", %s reached", "EXHAUSTED_RETRY_CONDITION"}, {", after %s", "RETRY_ATTEMPTS"},
		{", scheduled for %s", "SCHEDULED_TIME"},
	} {
		value := attributes[more.name]
		if retries, err := strconv.Atoi(value); err == nil && more.name == "RETRY_ATTEMPTS" {
			value = command.Count(retries, "retry")
		}
		if value != "" {
			m.reason += fmt.Sprintf(more.format, value)
		}
	}
	m.schedule = attributes["SCHEDULE_ARN"][strings.LastIndexByte(attributes["SCHEDULE_ARN"], '/')+1:]
	m.event = invocationPayload([]byte(m.body))
	var heartbeat map[string]any
	switch target := attributes["TARGET_ARN"]; {
	case json.Unmarshal(m.event, &heartbeat) == nil && heartbeat != nil && len(heartbeat) == 0:
		m.skipReason = "a heartbeat: the next one comes by itself"
		return
	case target != "" && target != o.SenderARN:
		m.parseErr = fmt.Errorf("it is for %s", target)
		return
	case attributes["IS_PAYLOAD_TRUNCATED"] == "true":
		m.parseErr = errors.New("its payload was cut off by Scheduler")
		return
	}
	// What else is wrong with a message is for the sender to write into its row; without an id there is no row.
	decoded, err := contract.Decode(m.event)
	if m.messageID = decoded.ID; decoded.ID == "" {
		m.parseErr = err
	}
}

// invocationPayload is what the function would have got. AWS documents the body as a request of the target's API, by
// an example of SQS; Lambda's own is Invoke, with a payload in it: as an object, as text, or, since the API's is of bytes,
// in base64. A body that is no such request is the payload.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
func invocationPayload(body []byte) json.RawMessage {
	var request struct{ FunctionName, Payload json.RawMessage }
	if json.Unmarshal(body, &request) != nil || request.FunctionName == nil || request.Payload == nil {
		return body
	}
	var text string
	if json.Unmarshal(request.Payload, &text) != nil {
		return request.Payload
	}
	// No text is both: an object begins with a brace, which base64 does not have.
	if decoded, err := base64.StdEncoding.DecodeString(text); err == nil && json.Valid(decoded) {
		return decoded
	}
	return json.RawMessage(text)
}

// decodeUnwritten reads the record of an invocation of the updater that came to nothing.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
func (m *deadLetter) decodeUnwritten(o *outputs) {
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
	if json.Unmarshal([]byte(m.body), &record) != nil || record.RequestPayload == nil {
		m.parseErr = errors.New("it is no record of Lambda's")
		return
	}
	at := record.RequestContext
	m.reason = at.Condition + " after " + command.Count(at.ApproximateInvokeCount, "attempt")
	if output := record.ResponsePayload.Message; output != "" {
		m.reason += ": " + output
	}
	if !strings.Contains(at.FunctionARN+":", ":function:"+o.UpdaterName+":") {
		m.parseErr = fmt.Errorf("it is for %s", at.FunctionARN)
		return
	}
	var query map[string]json.RawMessage
	if json.Unmarshal(record.RequestPayload, &query) == nil && (len(query) == 0 || len(query) == 1 && query["id"] != nil) {
		m.skipReason = "a query or a heartbeat, and no status"
		return
	}
	m.event = record.RequestPayload
	outcome, err := contract.DecodeRecord(m.event)
	m.messageID, m.status, m.parseErr = outcome.ID, string(outcome.Status), err
}
