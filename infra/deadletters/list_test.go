package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

func listed(t *testing.T, s *stack) {
	s.undelivered("l-1", "order")
	s.unwritten(sentRecord("l-2"))
	for range 2 {
		output := s.run("list")
		s.says(output, "undelivered: 1 dead-letter message\n", "message l-1",
			"reason: AWSLambdaException: Rate exceeded, MaximumRetryAttempts reached, after 3 retries, scheduled for 2026-11-21T12:00:00Z",
			"unwritten: 1 dead-letter message\n", "message l-2, which is SENT", "reason: RetriesExhausted after 3 attempts: database: gone", ", received ")
	}
	if output := s.run("list", "-body"); !strings.Contains(output, secretWords) {
		t.Errorf("-body does not print the body:\n%s", output)
	}
	got, err := s.queues.ReceiveMessage(context.Background(), &sqs.ReceiveMessageInput{QueueUrl: aws.String(s.outputs.UndeliveredQueueURL)})
	if err != nil || len(got.Messages) != 1 {
		t.Errorf("the message cannot be received after it was listed: %v", err)
	}
}

func dropped(t *testing.T, s *stack) {
	s.undelivered("p-1", "order")
	s.undelivered("p-2", "order")
	output := s.run("list")
	_, rest, _ := strings.Cut(output, "undelivered: ")
	id, rest, _ := strings.Cut(rest, ",")
	_, rest, _ = strings.Cut(rest, "message ")
	gone, _, _ := strings.Cut(rest, "\n")
	s.says(s.run("drop", id), "undelivered: "+id+" is deleted")
	if output := s.run("list"); strings.Contains(output, gone) || !strings.Contains(output, "undelivered: 1 dead-letter message\n") {
		t.Errorf("after %s was dropped:\n%s", gone, output)
	}
}

func manyListed(t *testing.T, s *stack) {
	const n = 45
	for i := range n {
		s.undelivered(fmt.Sprintf("n-%d", i), "order")
	}
	for range 2 {
		output := s.run("list")
		s.says(output, fmt.Sprintf("undelivered: %d dead-letter messages", n))
		for i := range n {
			if count := strings.Count(output, fmt.Sprintf("message n-%d\n", i)); count != 1 {
				t.Errorf("n-%d is printed %d times", i, count)
			}
		}
	}
	s.run("resend")
	if u := s.left(s.outputs.UndeliveredQueueURL); u != 0 || len(s.scheduled()) != n {
		t.Errorf("%d messages are left, %d schedules", u, len(s.scheduled()))
	}
}
