package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"scheduled-messages/infra/internal/terminal"
)

// client has all that reaches the stack's dead-letter messages.
type client struct {
	*outputs
	sqs       queueAPI
	functions functionAPI
	schedules scheduleAPI
	out       io.Writer
}

// queueAPI is what the command calls of SQS.
type queueAPI interface {
	ReceiveMessage(context.Context, *sqs.ReceiveMessageInput, ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error)
	DeleteMessage(context.Context, *sqs.DeleteMessageInput, ...func(*sqs.Options)) (*sqs.DeleteMessageOutput, error)
	ChangeMessageVisibilityBatch(context.Context, *sqs.ChangeMessageVisibilityBatchInput, ...func(*sqs.Options)) (
		*sqs.ChangeMessageVisibilityBatchOutput, error)
	GetQueueAttributes(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error)
}

// functionAPI is what the command calls of Lambda.
type functionAPI interface {
	Invoke(context.Context, *lambda.InvokeInput, ...func(*lambda.Options)) (*lambda.InvokeOutput, error)
}

// scheduleAPI is what the command calls of EventBridge Scheduler.
type scheduleAPI interface {
	CreateSchedule(context.Context, *scheduler.CreateScheduleInput, ...func(*scheduler.Options)) (
		*scheduler.CreateScheduleOutput, error)
	GetSchedule(context.Context, *scheduler.GetScheduleInput, ...func(*scheduler.Options)) (*scheduler.GetScheduleOutput, error)
	ListSchedules(context.Context, *scheduler.ListSchedulesInput, ...func(*scheduler.Options)) (
		*scheduler.ListSchedulesOutput, error)
	DeleteSchedule(context.Context, *scheduler.DeleteScheduleInput, ...func(*scheduler.Options)) (
		*scheduler.DeleteScheduleOutput, error)
}

func newClient(ctx context.Context, o *outputs, out io.Writer) (*client, error) {
	settings, err := config.LoadDefaultConfig(ctx, config.WithRegion(o.region()))
	if err != nil {
		return nil, err
	}
	return &client{o, sqs.NewFromConfig(settings), lambda.NewFromConfig(settings), scheduler.NewFromConfig(settings), out}, nil
}

// printf prints one line. What it prints comes from outside for the most part.
func (c *client) printf(format string, args ...any) {
	fmt.Fprintln(c.out, terminal.Printable(fmt.Sprintf(format, args...)))
}

// queue is one of the two.
type queue struct {
	name, url string
	decode    func(m *deadLetter, attributes map[string]string)
	// shortest is for how long the command hides a message from others at least, once it has it: until it has read ten,
	// or until it is done with ten.
	shortest time.Duration
}

// How long a message is hidden at least. Nothing depends on it but how soon the messages of a command that was killed
// can be received again.
const (
	listing   = 30 * time.Second
	resending = 15 * time.Minute // ten messages, each of which may wait out the updater's timeout of 60 seconds
)

// queues are in the order in which they are resent: a status that waits to be written may be that of a message that
// waits to be sent.
func (c *client) queues(shortest time.Duration) []queue {
	return []queue{
		{"unwritten", c.UnwrittenQueueURL, func(m *deadLetter, _ map[string]string) { m.decodeUnwritten(c.outputs) }, shortest},
		{"undelivered", c.UndeliveredQueueURL, func(m *deadLetter, attributes map[string]string) {
			m.decodeUndelivered(attributes, c.outputs)
		}, shortest},
	}
}
