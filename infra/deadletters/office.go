package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// How long a letter that somebody has taken is hidden from others. Nothing depends on it but how soon the letters of a
// command that was killed can be seen again.
const (
	listSeconds   = 30
	resendSeconds = 900 // ten letters, each of which may wait out the updater's timeout of 60 seconds
)

// office has all that reaches the stack's dead letters.
type office struct {
	*outputs
	queues    *sqs.Client
	functions *lambda.Client
	schedules *scheduler.Client
	out       io.Writer
}

func newOffice(ctx context.Context, o *outputs, out io.Writer) (*office, error) {
	settings, err := config.LoadDefaultConfig(ctx, config.WithRegion(o.region()))
	if err != nil {
		return nil, err
	}
	return &office{o, sqs.NewFromConfig(settings), lambda.NewFromConfig(settings), scheduler.NewFromConfig(settings), out}, nil
}

func (o *office) say(format string, args ...any) { fmt.Fprintf(o.out, format+"\n", args...) }

// queue is one of the two.
type queue struct {
	name, url string
	read      func(l *letter, attributes map[string]string)
}

// both are in the order in which they are sent again: a status that waits to be written may be that of a message that
// waits to be sent.
func (o *office) both() []queue {
	return []queue{
		{"unwritten", o.UnwrittenQueueURL, func(l *letter, _ map[string]string) { l.readUnwritten(o.outputs) }},
		{"undelivered", o.UndeliveredQueueURL, func(l *letter, attributes map[string]string) { l.readUndelivered(attributes, o.outputs) }},
	}
}

// each takes the queue's letters one by one, and hides each for a time.
func (o *office) each(ctx context.Context, q queue, hiddenSeconds int32, do func(*letter) error) error {
	seen := map[string]bool{} // a standard queue may show a letter twice
	for {
		answer, err := o.queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: aws.String(q.url), MaxNumberOfMessages: 10, VisibilityTimeout: hiddenSeconds,
			WaitTimeSeconds:             2, // which asks all of SQS's servers; without, a letter may be missed
			MessageAttributeNames:       []string{"All"},
			MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
		})
		if err != nil || len(answer.Messages) == 0 {
			return err
		}
		for _, m := range answer.Messages {
			l := newLetter(m)
			if seen[l.letterID] {
				continue
			}
			seen[l.letterID] = true
			attributes := map[string]string{}
			for name, value := range m.MessageAttributes {
				attributes[name] = aws.ToString(value.StringValue)
			}
			q.read(l, attributes)
			if err := do(l); err != nil {
				return err
			}
		}
	}
}

func newLetter(m types.Message) *letter {
	sent, _ := strconv.ParseInt(m.Attributes["SentTimestamp"], 10, 64)
	received, _ := strconv.Atoi(m.Attributes["ApproximateReceiveCount"])
	return &letter{
		letterID: aws.ToString(m.MessageId), receipt: aws.ToString(m.ReceiptHandle), body: aws.ToString(m.Body),
		since: time.UnixMilli(sent).UTC(), received: received,
	}
}

func (o *office) delete(ctx context.Context, q queue, l *letter) error {
	_, err := o.queues.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: aws.String(q.url), ReceiptHandle: aws.String(l.receipt)})
	return err
}

// release lets letters be seen again at once. What cannot be released is seen again later.
func (o *office) release(ctx context.Context, q queue, letters []*letter) {
	for _, l := range letters {
		_, _ = o.queues.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{
			QueueUrl: aws.String(q.url), ReceiptHandle: aws.String(l.receipt), VisibilityTimeout: 0})
	}
}

// hidden is how many letters somebody else holds at this time, about.
func (o *office) hidden(ctx context.Context, q queue) (string, error) {
	name := types.QueueAttributeNameApproximateNumberOfMessagesNotVisible
	answer, err := o.queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: aws.String(q.url), AttributeNames: []types.QueueAttributeName{name}})
	if err != nil {
		return "", err
	}
	return answer.Attributes[string(name)], nil
}
