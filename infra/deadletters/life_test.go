package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"scheduled-messages/lambda/contract"
)

// fire is Scheduler and Lambda: each new schedule invokes the sender once, and what that comes to is the updater's.
func (s *stack) fire() {
	s.t.Helper()
	for _, name := range s.scheduled() {
		if s.fired[name] {
			continue
		}
		s.fired[name] = true
		got, err := s.schedules.GetSchedule(context.Background(), &scheduler.GetScheduleInput{
			GroupName: aws.String(s.outputs.ScheduleGroupName), Name: aws.String(name)})
		if err != nil {
			s.t.Fatal(err)
		}
		answer, err := s.sender.Invoke(context.Background(), []byte(aws.ToString(got.Target.Input)), timeout)
		if err != nil || answer.Error != nil {
			s.t.Fatalf("the sender: %v %v", err, answer.Error)
		}
		var m contract.Message
		if err := json.Unmarshal([]byte(aws.ToString(got.Target.Input)), &m); err != nil {
			s.t.Fatal(err)
		}
		s.writeRow(record(m.ID, "Success", string(answer.Payload)))
	}
}

// scheduled are the names of the group's schedules.
func (s *stack) scheduled() (names []string) {
	s.t.Helper()
	list, err := s.schedules.ListSchedules(context.Background(), &scheduler.ListSchedulesInput{GroupName: aws.String(s.outputs.ScheduleGroupName)})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, schedule := range list.Schedules {
		names = append(names, aws.ToString(schedule.Name))
	}
	slices.Sort(names)
	return names
}

// lapse lets the time pass until every message that somebody received is visible again.
func (s *stack) lapse() {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for receipt, queue := range s.receipts { // those of deleted messages are refused
		_, _ = s.queues.ChangeMessageVisibility(context.Background(), &sqs.ChangeMessageVisibilityInput{
			QueueUrl: aws.String(queue), ReceiptHandle: aws.String(receipt), VisibilityTimeout: 0})
	}
	clear(s.receipts)
}

// left is how many messages a queue has, visible or in flight.
func (s *stack) left(url string) int {
	s.t.Helper()
	s.lapse()
	got, err := s.queues.GetQueueAttributes(context.Background(), &sqs.GetQueueAttributesInput{
		QueueUrl: aws.String(url), AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll}})
	if err != nil {
		s.t.Fatal(err)
	}
	seen, err := strconv.Atoi(got.Attributes["ApproximateNumberOfMessages"])
	if err != nil {
		s.t.Fatal(err)
	}
	held, err := strconv.Atoi(got.Attributes["ApproximateNumberOfMessagesNotVisible"])
	if err != nil {
		s.t.Fatal(err)
	}
	return seen + held
}

// sent is how often a message was published.
func (s *stack) sent(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.published[id]
}

func (s *stack) status(id string) string {
	s.t.Helper()
	var status string
	if err := s.rows.QueryRow("SELECT status FROM messages WHERE id = ?", id).Scan(&status); err != nil && !errors.Is(err, sql.ErrNoRows) {
		s.t.Fatal(err)
	}
	return status
}

// says fails the test unless the words are in the output of the command, and the message's are not.
func (s *stack) says(output string, words ...string) {
	s.t.Helper()
	for _, w := range words {
		if !strings.Contains(output, w) {
			s.t.Errorf("does not say %q:\n%s", w, output)
		}
	}
	if strings.Contains(output, `message ""`) || strings.Contains(output, " 1 messages") {
		s.t.Errorf("names no message, or one in the plural:\n%s", output)
	}
	if strings.Contains(output, secretWords) {
		s.t.Errorf("prints a message's words:\n%s", output)
	}
}
