package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

const (
	// batch is how many messages one call to SQS takes at most.
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
	batch = 10
	// pollSeconds asks all of SQS's servers; without it, a message may be missed.
	pollSeconds = 2
	// longest is for how long SQS hides a message at most.
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
	longest = 12 * time.Hour
	// mostHeld is below the 120,000 messages or so that a queue has in flight at most; with more, it answers a long poll
	// as if it were empty. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
	mostHeld = 100_000
	// knownAnswers is after how many answers in a row with nothing new in them a queue counts as read.
	knownAnswers = 10
	// countEvery is after how many answers a queue is asked again how many messages wait in it.
	countEvery = 50
)

// reading is one pass over the messages that a queue has when it begins. Each is hidden from others until the end of the
// pass, since SQS would hand it out again otherwise, and for as long as the rest is likely to take, so that the messages
// of a command that was killed can soon be received again. What becomes visible before that is known and hidden again.
// A message's text is not kept.
type reading struct {
	client  *client
	queue   queue
	began   time.Time // by SQS's clock: what comes later is left, since something may be filling the queue
	started time.Time // by this machine's
	known   map[string]bool
	removed map[string]bool
	held    map[string]hold
	waiting int // how many were visible when the queue was last asked, about
	counted int // how many were received since
	took    int // how many were received in all
}

// hold is a message that this command hides.
type hold struct {
	receipt string // of its last reception: an older one need not do
	until   time.Time
}

// errStop ends a reading from within, and is no error of it.
var errStop = errors.New("stop")

// read hands each message of a queue to do, once, and lets it be received again when all are read, unless do has removed
// it. It ends at any size of the queue, and although messages may be handed out twice.
func (c *client) read(ctx context.Context, q queue, do func(*reading, *deadLetter) error) error {
	r := &reading{client: c, queue: q,
		known: map[string]bool{}, removed: map[string]bool{}, held: map[string]hold{}}
	defer func() { r.release(ctx) }()
	if err := r.count(ctx); err != nil {
		return err
	}
	r.started = time.Now()
	known := 0
	for answers := 1; known < knownAnswers; answers++ {
		if answers%countEvery == 0 {
			if err := r.count(ctx); err != nil {
				return err
			}
		}
		received, fresh, err := r.receive(ctx, do)
		if errors.Is(err, errStop) {
			return nil
		}
		if err != nil || received == 0 {
			return err
		}
		if known++; fresh > 0 {
			known = 0
		}
		if len(r.held) > mostHeld {
			return fmt.Errorf("%s: stopped at %d messages, the most that one run can hold back; there are more", q.name, len(r.held))
		}
	}
	c.printf("%s: %d answers in a row had nothing new: others receive from it, or it is being filled; run it again for the rest",
		q.name, knownAnswers)
	return nil
}

// receive handles one answer of the queue, and reports how many messages were in it, and how many of them were new.
func (r *reading) receive(ctx context.Context, do func(*reading, *deadLetter) error) (received, fresh int, err error) {
	hidden := r.visibility()
	answer, err := r.client.sqs.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: aws.String(r.queue.url), MaxNumberOfMessages: batch, WaitTimeSeconds: pollSeconds,
		VisibilityTimeout:           int32(hidden / time.Second),
		MessageAttributeNames:       []string{"All"},
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
	})
	if err != nil {
		return 0, 0, err
	}
	until := time.Now().Add(hidden)
	for _, m := range answer.Messages { // all, before any of them is handled and fails
		r.held[aws.ToString(m.MessageId)] = hold{aws.ToString(m.ReceiptHandle), until}
	}
	r.took += len(answer.Messages)
	r.counted += len(answer.Messages)
	for _, message := range answer.Messages {
		m := newDeadLetter(message)
		switch {
		case r.removed[m.sqsID]: // a server that was away at the time has it still
			if err := r.remove(ctx, m); err != nil {
				return 0, 0, err
			}
			continue
		case r.known[m.sqsID] || m.since.After(r.began):
			continue
		}
		r.known[m.sqsID] = true
		fresh++
		attributes := map[string]string{}
		for name, value := range message.MessageAttributes {
			attributes[name] = aws.ToString(value.StringValue)
		}
		r.queue.decode(m, attributes)
		if err := do(r, m); err != nil {
			return 0, 0, err
		}
	}
	return len(answer.Messages), fresh, nil
}

// visibility is for how long the next messages are hidden: twice what the rest takes at the pace so far, and at least
// the queue's shortest.
func (r *reading) visibility() time.Duration {
	hidden := r.queue.shortest
	if rest := r.waiting - r.counted; rest > 0 && r.took > 0 {
		pace := time.Since(r.started) / time.Duration(r.took)
		hidden += min(2*time.Duration(rest)*pace, longest)
	}
	return min(hidden, longest).Round(time.Second)
}

// count asks how many messages wait to be received. The first time, the answer's date is when the pass begins.
func (r *reading) count(ctx context.Context) error {
	visible := types.QueueAttributeNameApproximateNumberOfMessages
	answer, err := r.client.attributes(ctx, r.queue, visible)
	if err != nil {
		return err
	}
	r.waiting, _ = strconv.Atoi(answer.Attributes[string(visible)]) // about: without a number, nothing is known of the rest
	r.counted = 0
	if r.began.IsZero() {
		now, dated := middleware.GetServerTime(answer.ResultMetadata)
		if !dated {
			now = time.Now()
		}
		r.began = now.Add(time.Second) // it has no parts of a second
	}
	return nil
}

// remove deletes a message that is done with.
func (r *reading) remove(ctx context.Context, m *deadLetter) error {
	_, err := r.client.sqs.DeleteMessage(ctx, &sqs.DeleteMessageInput{
		QueueUrl: aws.String(r.queue.url), ReceiptHandle: aws.String(m.receipt)})
	if err == nil {
		r.removed[m.sqsID] = true
		delete(r.held, m.sqsID)
	}
	return err
}

func newDeadLetter(m types.Message) *deadLetter {
	sent, _ := strconv.ParseInt(m.Attributes["SentTimestamp"], 10, 64)
	received, _ := strconv.Atoi(m.Attributes["ApproximateReceiveCount"])
	return &deadLetter{
		sqsID: aws.ToString(m.MessageId), receipt: aws.ToString(m.ReceiptHandle), body: aws.ToString(m.Body),
		since: time.UnixMilli(sent).UTC(), received: received,
	}
}
