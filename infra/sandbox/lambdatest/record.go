package lambdatest

import (
	"encoding/json"
	"fmt"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/lambda/contract"
)

// SenderARN is the function whose records the tests' updaters take.
const SenderARN = "arn:aws:lambda:us-east-1:000000000000:function:sender"

// Body is in every message of NewRecord.
const Body = "Body-of-a-message-that-no-log-may-hold"

// Noon is when records are made.
func Noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

// MessageRecord is the record of the sender's invocation with a message. An empty response is left out.
func MessageRecord(condition string, m contract.Message, response string) string {
	request, err := json.Marshal(m)
	if err != nil {
		return err.Error()
	}
	return lambdaruntime.Record{
		RequestID: "00000000-0000-0000-0000-000000000000",
		At:        Noon(),
		Function:  SenderARN,
		Condition: condition,
		Attempts:  3,
		Request:   request,
		Response:  json.RawMessage(response),
	}.String()
}

// NewRecord is the record of a message with the id.
func NewRecord(condition, id, response string) string {
	m := contract.Message{ID: id, Channel: contract.SNS, To: "topic", Subject: "Hello", Body: Body}
	return MessageRecord(condition, m, response)
}

// SentRecord is the record of a message that was sent.
func SentRecord(id string) string {
	return NewRecord(lambdaruntime.Success, id,
		fmt.Sprintf(`{"id":%q,"status":"SENT","providerId":"p-%s","sentAt":"2026-11-21T12:00:00Z"}`, id, id))
}

// FailedRecord is the record of a message whose last attempt failed.
func FailedRecord(id string) string {
	return NewRecord(lambdaruntime.RetriesExhausted, id, `{"errorMessage":"the topic does not answer","errorType":"errorString"}`)
}
