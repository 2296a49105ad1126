package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/lambda/contract"
)

const (
	senderARN   = "arn:aws:lambda:us-east-1:123456789012:function:sender"
	updaterARN  = "arn:aws:lambda:us-east-1:123456789012:function:updater"
	secretWords = "Words-of-a-message-that-nobody-else-may-see"
)

// stack is a stack with queues and a schedule group of its own in the cloud.
type stack struct {
	*cloud
	t         *testing.T
	outputs   outputs
	queues    *sqs.Client
	schedules *scheduler.Client
	fired     map[string]bool // schedules, by name
}

func (c *cloud) newStack(t *testing.T) *stack {
	t.Helper()
	options := aws.Config{Region: "us-east-1", BaseEndpoint: aws.String(c.moto.String()), Credentials: c.keys}
	s := &stack{cloud: c, t: t, queues: sqs.NewFromConfig(options), schedules: scheduler.NewFromConfig(options), fired: map[string]bool{}}
	name := strings.Map(func(r rune) rune {
		if r == '/' || r == '#' {
			return '-'
		}
		return r
	}, fmt.Sprintf("%.40s-%d", filepath.Base(t.Name()), time.Now().UnixNano()))
	undelivered, unwritten := s.newQueue(name+"-u"), s.newQueue(name+"-w")
	if _, err := s.schedules.CreateScheduleGroup(context.Background(), &scheduler.CreateScheduleGroupInput{Name: aws.String(name)}); err != nil {
		t.Fatal(err)
	}
	s.outputs = outputs{
		UndeliveredQueueURL: undelivered, UnwrittenQueueURL: unwritten,
		UndeliveredQueueARN: "arn:aws:sqs:us-east-1:123456789012:" + name + "-u",
		ScheduleGroupName:   name, SchedulerRoleARN: "arn:aws:iam::123456789012:role/scheduler", SenderARN: senderARN, UpdaterName: "updater", StatusName: "status",
	}
	return s
}

func (s *stack) newQueue(name string) string {
	s.t.Helper()
	made, err := s.queues.CreateQueue(context.Background(), &sqs.CreateQueueInput{QueueName: aws.String(name)})
	if err != nil {
		s.t.Fatal(err)
	}
	return aws.ToString(made.QueueUrl)
}

// environment is the command's: AWS is the front, and the stack's outputs are in a file, which it returns.
func (s *stack) environment() (outputs string) {
	s.t.Helper()
	all := map[string]string{}
	for _, field := range s.outputs.fields() {
		all[field.Name] = *field.Value
	}
	text, err := json.Marshal(all)
	if err != nil {
		s.t.Fatal(err)
	}
	outputs = filepath.Join(s.t.TempDir(), "outputs.json")
	if err := os.WriteFile(outputs, text, 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.t.Setenv("AWS_ENDPOINT_URL", s.front.String())
	s.t.Setenv("AWS_ACCESS_KEY_ID", s.keys.ID)
	s.t.Setenv("AWS_SECRET_ACCESS_KEY", s.keys.Secret)
	s.t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	s.t.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	s.t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	return outputs
}

// run runs the command in this process and returns what it prints.
func (s *stack) run(args ...string) string {
	s.t.Helper()
	out := new(lambdaruntime.Output)
	if err := run(context.Background(), append([]string{"-outputs", s.environment()}, args...), out); err != nil {
		s.t.Fatalf("deadletters %v: %v\n%s", args, err, out)
	}
	return out.String()
}

// keeps runs the command, whose error says that so many messages stay, and returns what it prints.
func (s *stack) keeps(n int, args ...string) string {
	s.t.Helper()
	out := new(lambdaruntime.Output)
	err := run(context.Background(), append([]string{"-outputs", s.environment()}, args...), out)
	want := fmt.Sprintf("%d dead-letter messages stay, each for the reason above", n)
	if n == 1 {
		want = "1 dead-letter message stays, for the reason above"
	}
	if err == nil || err.Error() != want {
		s.t.Errorf("deadletters %v: %v, want %s\n%s", args, err, want, out)
	}
	return out.String()
}

func (s *stack) put(url, body string, attributes map[string]string) {
	s.t.Helper()
	input := &sqs.SendMessageInput{QueueUrl: aws.String(url), MessageBody: aws.String(body), MessageAttributes: map[string]types.MessageAttributeValue{}}
	for name, value := range attributes {
		input.MessageAttributes[name] = types.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String(value)}
	}
	if _, err := s.queues.SendMessage(context.Background(), input); err != nil {
		s.t.Fatal(err)
	}
}

// undelivered puts a message as Scheduler does when it may not invoke the sender.
func (s *stack) undelivered(id, schedule string) {
	s.t.Helper()
	request, err := json.Marshal(map[string]string{"FunctionName": senderARN, "InvocationType": "Event", "Payload": event(id)})
	if err != nil {
		s.t.Fatal(err)
	}
	s.put(s.outputs.UndeliveredQueueURL, string(request), schedulerAttributes(s.outputs.ScheduleGroupName+"/"+schedule))
}

func schedulerAttributes(schedule string) map[string]string {
	return map[string]string{
		"ERROR_CODE": "AWSLambdaException", "ERROR_MESSAGE": "Rate exceeded", "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
		"RETRY_ATTEMPTS": "3", "SCHEDULED_TIME": "2026-11-21T12:00:00Z", "TARGET_ARN": senderARN, "IS_PAYLOAD_TRUNCATED": "false",
		"EXECUTION_ID": "e-1", "SCHEDULE_ARN": "arn:aws:scheduler:us-east-1:123456789012:schedule/" + schedule,
	}
}

// unwritten puts the record of an invocation of the updater with an event that came to nothing.
func (s *stack) unwritten(event string) {
	s.t.Helper()
	s.put(s.outputs.UnwrittenQueueURL, unwrittenRecord(event), nil)
}

func unwrittenRecord(event string) string { return updaterRecord(event).String() }

// updaterRecord is what Lambda puts into the queue when the updater has failed with an event.
func updaterRecord(event string) lambdaruntime.Record {
	return lambdaruntime.Record{
		RequestID: "r",
		At:        lambdatest.Noon().Add(5 * time.Minute),
		Function:  updaterARN,
		Condition: lambdaruntime.RetriesExhausted,
		Attempts:  3,
		Request:   json.RawMessage(event),
		Response:  json.RawMessage(`{"errorMessage":"database: gone","errorType":"errorString"}`),
		Unhandled: true,
	}
}

func event(id string) string {
	text, err := json.Marshal(contract.Message{ID: id, Channel: contract.SNS, To: "everyone", Subject: "s", Body: secretWords})
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// record is what Lambda hands to the updater when the sender is through.
func record(id, condition, response string) string {
	return senderRecord(id, condition, response).String()
}

func senderRecord(id, condition, response string) lambdaruntime.Record {
	return lambdaruntime.Record{
		RequestID: "r",
		At:        lambdatest.Noon().Add(time.Second),
		Function:  senderARN,
		Condition: condition,
		Attempts:  1,
		Request:   json.RawMessage(event(id)),
		Response:  json.RawMessage(response),
	}
}

func sentRecord(id string) string {
	return record(id, "Success", fmt.Sprintf(`{"id":%q,"status":"SENT","providerId":"p","sentAt":"2026-11-21T12:00:00Z"}`, id))
}

func failedRecord(id string) string {
	return record(id, "RetriesExhausted", `{"errorMessage":"the topic does not answer","errorType":"errorString"}`)
}

// writeRow writes a row, as a delivery does.
func (s *stack) writeRow(record string) {
	s.t.Helper()
	if answer, err := s.updater.Invoke(context.Background(), []byte(record), timeout); err != nil || answer.Error != nil {
		s.t.Fatalf("%v %v", err, answer.Error)
	}
}
