package main

import (
	"context"
	"regexp"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

func (f *fakeSQS) ReceiveMessage(ctx context.Context, in *sqs.ReceiveMessageInput, _ ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error) {
	most := int(in.MaxNumberOfMessages)
	if most < 1 || most > 10 || in.VisibilityTimeout < 0 || in.VisibilityTimeout > 43200 || in.WaitTimeSeconds < 0 || in.WaitTimeSeconds > 20 {
		f.t.Errorf("SQS refuses %d messages for %d s, waiting %d s", most, in.VisibilityTimeout, in.WaitTimeSeconds)
	}
	out := &sqs.ReceiveMessageOutput{}
	if aws.ToString(in.QueueUrl) != queueURL {
		return out, f.pass(ctx, time.Duration(in.WaitTimeSeconds)*time.Second)
	}
	f.receives++
	if err := f.pass(ctx, f.takes); err != nil {
		return nil, err
	}
	if f.onAnswer != nil {
		f.onAnswer()
	}
	if f.lapse(); len(f.visible) == 0 {
		wait := time.Duration(in.WaitTimeSeconds) * time.Second
		if len(f.flight) > 0 {
			wait = min(wait, time.Until(f.flight[0].until))
		}
		if err := f.pass(ctx, wait); err != nil {
			return nil, err
		}
		f.lapse()
	}
	// Too many in flight: an answer to a long poll without messages. See mostHeld.
	if len(f.visible) == 0 || f.inFlight() >= 120_000 || in.WaitTimeSeconds == 0 && f.random.IntN(2) == 0 {
		return out, nil
	}
	if f.few {
		most = 1 + f.random.IntN(most)
	}
	if again := f.again(); again != nil {
		out.Messages = append(out.Messages, f.deliver(again, in))
	}
	for len(out.Messages) < most && len(f.visible) > 0 {
		i, last := f.random.IntN(len(f.visible)), len(f.visible)-1
		m := f.visible[i]
		f.visible[i], f.visible = f.visible[last], f.visible[:last]
		out.Messages = append(out.Messages, f.deliver(m, in))
	}
	return out, nil
}

func (f *fakeSQS) deliver(m *fakeMessage, in *sqs.ReceiveMessageInput) types.Message {
	m.received++
	m.receipt = m.id + "#" + strconv.Itoa(m.received)
	f.receipts[m.receipt] = m
	f.hide(m, time.Duration(in.VisibilityTimeout)*time.Second)
	return types.Message{
		MessageId: aws.String("sqs-" + m.id), ReceiptHandle: aws.String(m.receipt), Body: aws.String(f.body(m.id)),
		MessageAttributes: m.attributes,
		Attributes: map[string]string{
			"SentTimestamp": strconv.FormatInt(m.sent.UnixMilli(), 10), "ApproximateReceiveCount": strconv.Itoa(m.received)},
	}
}

func (f *fakeSQS) DeleteMessage(ctx context.Context, in *sqs.DeleteMessageInput, _ ...func(*sqs.Options)) (*sqs.DeleteMessageOutput, error) {
	if err := f.pass(ctx, f.takes); err != nil {
		return nil, err
	}
	m := f.receipts[aws.ToString(in.ReceiptHandle)]
	if m == nil {
		return nil, &types.ReceiptHandleIsInvalid{}
	}
	// An older receipt, or one whose time is over, may do nothing.
	if m.receipt == aws.ToString(in.ReceiptHandle) && !m.gone && !m.until.IsZero() {
		m.gone = true
		f.alive--
		f.deleted = append(f.deleted, m)
	}
	return &sqs.DeleteMessageOutput{}, nil
}

var entryID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

func (f *fakeSQS) ChangeMessageVisibilityBatch(ctx context.Context, in *sqs.ChangeMessageVisibilityBatchInput, _ ...func(*sqs.Options)) (
	*sqs.ChangeMessageVisibilityBatchOutput, error) {
	if err := f.pass(ctx, f.takes); err != nil {
		return nil, err
	}
	if n := len(in.Entries); n < 1 || n > 10 {
		return nil, &types.TooManyEntriesInBatchRequest{}
	}
	ids := map[string]bool{}
	f.lapse()
	for _, entry := range in.Entries {
		id := aws.ToString(entry.Id)
		if ids[id] || !entryID.MatchString(id) {
			return nil, &types.BatchEntryIdsNotDistinct{}
		}
		ids[id] = true
		if m := f.receipts[aws.ToString(entry.ReceiptHandle)]; m != nil && !m.gone && m.receipt == aws.ToString(entry.ReceiptHandle) && !m.until.IsZero() {
			f.hide(m, time.Duration(entry.VisibilityTimeout)*time.Second)
		}
	}
	return &sqs.ChangeMessageVisibilityBatchOutput{}, nil
}

func (f *fakeSQS) GetQueueAttributes(ctx context.Context, in *sqs.GetQueueAttributesInput, _ ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error) {
	if err := f.pass(ctx, f.takes); err != nil {
		return nil, err
	}
	attributes := map[string]string{}
	if aws.ToString(in.QueueUrl) == queueURL {
		f.lapse()
		attributes["ApproximateNumberOfMessages"] = strconv.Itoa(len(f.visible))
		attributes["ApproximateNumberOfMessagesNotVisible"] = strconv.Itoa(f.inFlight())
	}
	return &sqs.GetQueueAttributesOutput{Attributes: attributes}, nil
}
