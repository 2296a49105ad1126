package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
)

const (
	namePrefix = "resend-"
	// leadTime is how far ahead a schedule is set: AWS refuses a time that has passed.
	leadTime = time.Minute
	// retrySeconds and retryAttempts are what Scheduler may spend on handing a message over.
	retrySeconds, retryAttempts = 3600, 3
	// retention is how long SQS keeps a message of the stack's queues, and a day.
	retention = 15 * 24 * time.Hour
)

// schedule hands a message to Scheduler, in a minute. The schedule stays when it has fired, under its name, until
// deleteFinishedSchedules finds that it is not needed any more. A message that Scheduler does not take for what is in it
// is kept; any other error would be that of all messages.
//
// A dead-letter message of a schedule of ours that failed is the one reason to send again: it has the next number.
func (c *client) schedule(ctx context.Context, m *deadLetter) (action string, keepReason, err error) {
	sum := sha256.Sum256([]byte(m.messageID))
	base := namePrefix + hex.EncodeToString(sum[:12]) + "-"
	number := 1
	if last, ours := strings.CutPrefix(m.schedule, base); ours {
		if n, err := strconv.Atoi(last); err == nil {
			number = n + 1
		}
	}
	name := base + strconv.Itoa(number)
	var key *string
	if c.ScheduleKeyARN != "" {
		key = aws.String(c.ScheduleKeyARN)
	}
	_, err = c.schedules.CreateSchedule(ctx, &scheduler.CreateScheduleInput{
		KmsKeyArn: key,
		Name:      aws.String(name), GroupName: aws.String(c.ScheduleGroupName),
		ScheduleExpression:         aws.String("at(" + time.Now().Add(leadTime).UTC().Format("2006-01-02T15:04:05") + ")"),
		ScheduleExpressionTimezone: aws.String("UTC"),
		FlexibleTimeWindow:         &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
		ActionAfterCompletion:      types.ActionAfterCompletionNone,
		Target: &types.Target{
			Arn: aws.String(c.SenderARN), RoleArn: aws.String(c.SchedulerRoleARN), Input: aws.String(string(m.event)),
			DeadLetterConfig: &types.DeadLetterConfig{Arn: aws.String(c.UndeliveredQueueARN)},
			RetryPolicy: &types.RetryPolicy{
				MaximumEventAgeInSeconds: aws.Int32(retrySeconds), MaximumRetryAttempts: aws.Int32(retryAttempts)},
		},
	})
	if _, refused := errors.AsType[*types.ValidationException](err); refused {
		return "", err, nil
	}
	if _, taken := errors.AsType[*types.ConflictException](err); !taken {
		return "sent again, within two minutes", nil, err
	}
	there, err := c.schedules.GetSchedule(ctx, &scheduler.GetScheduleInput{
		Name: aws.String(name), GroupName: aws.String(c.ScheduleGroupName)})
	if _, gone := errors.AsType[*types.ResourceNotFoundException](err); gone {
		return "", fmt.Errorf("schedule %s was there and is gone: another run may have deleted it", name), nil
	} else if err != nil {
		return "", nil, err
	}
	if aws.ToString(there.Target.Input) != string(m.event) {
		return "", errors.New("another message of the same id is being sent; drop one of them"), nil
	}
	return "deleted: it was sent again before, " + aws.ToString(there.ScheduleExpression), nil, nil
}
