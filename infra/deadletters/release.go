package main

import (
	"context"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"scheduled-messages/infra/internal/command"
)

// releaseLimit is how long a command that is interrupted still takes to let others have its messages.
const releaseLimit = 20 * time.Second

// release lets the messages that are held be received again at once. What cannot be released is received again when its
// visibility timeout ends.
func (r *reading) release(ctx context.Context) {
	if ctx.Err() != nil {
		rest, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseLimit)
		defer cancel()
		ctx = rest
	}
	var entries []types.ChangeMessageVisibilityBatchRequestEntry
	send := func() error {
		_, err := r.client.sqs.ChangeMessageVisibilityBatch(ctx, &sqs.ChangeMessageVisibilityBatchInput{
			QueueUrl: aws.String(r.queue.url), Entries: entries})
		entries = nil
		return err
	}
	for id, h := range r.held {
		delete(r.held, id)
		if time.Now().After(h.until) {
			continue
		}
		entries = append(entries, types.ChangeMessageVisibilityBatchRequestEntry{
			Id: aws.String(strconv.Itoa(len(entries))), ReceiptHandle: aws.String(h.receipt), VisibilityTimeout: 0})
		if len(entries) == batch && send() != nil {
			return // nor would the others be
		}
	}
	if len(entries) > 0 {
		_ = send()
	}
}

func (c *client) attributes(
	ctx context.Context, q queue, names ...types.QueueAttributeName,
) (*sqs.GetQueueAttributesOutput, error) {
	return c.sqs.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: aws.String(q.url), AttributeNames: names})
}

// reportInFlight reports how many messages the command will not see, about.
func (c *client) reportInFlight(ctx context.Context, q queue) error {
	hidden := types.QueueAttributeNameApproximateNumberOfMessagesNotVisible
	answer, err := c.attributes(ctx, q, hidden)
	if err != nil {
		return err
	}
	if count, err := strconv.Atoi(answer.Attributes[string(hidden)]); err == nil && count > 0 {
		c.printf("%s: in flight, with another run or one that was killed: about %s; visible again when that run ends, "+
			"or the visibility timeout does", q.name, command.Count(count, "message"))
	}
	return nil
}
