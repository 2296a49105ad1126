package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"scheduled-messages/lambda/message"
)

const (
	namePrefix = "resend-"
	// leadTime is how far ahead a schedule is set: AWS refuses a time that has passed.
	leadTime = time.Minute
	// retrySeconds and retryAttempts are what Scheduler may spend on handing a message over.
	retrySeconds, retryAttempts = 3600, 3
	// letterLife is how long SQS keeps a letter of the stack's, and a day.
	letterLife = 15 * 24 * time.Hour
)

// schedule hands a message to Scheduler, in a minute. The schedule stays when it is through, under its name, until
// tidy finds that it is not needed any more.
//
// A letter of a schedule of ours that failed is the one reason to send again: it has the next number.
func (o *office) schedule(ctx context.Context, l *letter) (did string, stays, err error) {
	sum := sha256.Sum256([]byte(l.messageID))
	base := namePrefix + hex.EncodeToString(sum[:12]) + "-"
	number := 1
	if last, ours := strings.CutPrefix(l.schedule, base); ours {
		if n, err := strconv.Atoi(last); err == nil {
			number = n + 1
		}
	}
	name := base + strconv.Itoa(number)
	_, err = o.schedules.CreateSchedule(ctx, &scheduler.CreateScheduleInput{
		Name: aws.String(name), GroupName: aws.String(o.ScheduleGroupName),
		ScheduleExpression:         aws.String("at(" + time.Now().Add(leadTime).UTC().Format("2006-01-02T15:04:05") + ")"),
		ScheduleExpressionTimezone: aws.String("UTC"),
		FlexibleTimeWindow:         &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
		ActionAfterCompletion:      types.ActionAfterCompletionNone,
		Target: &types.Target{
			Arn: aws.String(o.SenderARN), RoleArn: aws.String(o.SchedulerRoleARN), Input: aws.String(string(l.event)),
			DeadLetterConfig: &types.DeadLetterConfig{Arn: aws.String(o.UndeliveredQueueARN)},
			RetryPolicy: &types.RetryPolicy{
				MaximumEventAgeInSeconds: aws.Int32(retrySeconds), MaximumRetryAttempts: aws.Int32(retryAttempts)},
		},
	})
	if _, taken := errors.AsType[*types.ConflictException](err); !taken {
		return "sent again, within two minutes", nil, err
	}
	there, err := o.schedules.GetSchedule(ctx, &scheduler.GetScheduleInput{
		Name: aws.String(name), GroupName: aws.String(o.ScheduleGroupName)})
	if err != nil {
		return "", nil, err
	}
	if aws.ToString(there.Target.Input) != string(l.event) {
		return "", errors.New("another message of the same id is being sent; drop one of them"), nil
	}
	return "deleted: it was sent again before, " + aws.ToString(there.ScheduleExpression), nil, nil
}

// tidy deletes the schedules of former runs that have done their work: Scheduler tries no more, and the row tells what
// came of it, or no letter is left from that time.
func (o *office) tidy(ctx context.Context, now time.Time) error {
	pages := scheduler.NewListSchedulesPaginator(o.schedules, &scheduler.ListSchedulesInput{
		GroupName: aws.String(o.ScheduleGroupName), NamePrefix: aws.String(namePrefix)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, s := range page.Schedules {
			age := now.Sub(aws.ToTime(s.CreationDate))
			if s.CreationDate == nil || age < leadTime+2*retrySeconds*time.Second {
				continue
			}
			over := age > letterLife
			if !over {
				if over, err = o.told(ctx, aws.ToString(s.Name)); err != nil {
					return fmt.Errorf("%s: %w", aws.ToString(s.Name), err)
				}
			}
			if !over {
				continue
			}
			_, err := o.schedules.DeleteSchedule(ctx, &scheduler.DeleteScheduleInput{Name: s.Name, GroupName: s.GroupName})
			if _, gone := errors.AsType[*types.ResourceNotFoundException](err); err != nil && !gone {
				return err
			}
		}
	}
	return nil
}

// told says whether the row of a schedule's message tells what became of it.
func (o *office) told(ctx context.Context, name string) (bool, error) {
	s, err := o.schedules.GetSchedule(ctx, &scheduler.GetScheduleInput{Name: aws.String(name), GroupName: aws.String(o.ScheduleGroupName)})
	if _, gone := errors.AsType[*types.ResourceNotFoundException](err); gone {
		return false, nil
	} else if err != nil {
		return false, err
	}
	var m message.Message
	if err := json.Unmarshal([]byte(aws.ToString(s.Target.Input)), &m); err != nil {
		return false, nil // the sender, which cannot read it either, has told
	}
	status, err := o.status(ctx, m.ID)
	return status == message.Sent || status == message.Failed, err
}
