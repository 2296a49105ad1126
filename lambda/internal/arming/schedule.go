package arming

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"scheduled-messages/lambda/contract"
)

// ScheduleAPI is what armer calls of EventBridge Scheduler.
type ScheduleAPI interface {
	CreateSchedule(context.Context, *scheduler.CreateScheduleInput, ...Option) (*scheduler.CreateScheduleOutput, error)
	GetSchedule(context.Context, *scheduler.GetScheduleInput, ...Option) (*scheduler.GetScheduleOutput, error)
	UpdateSchedule(context.Context, *scheduler.UpdateScheduleInput, ...Option) (*scheduler.UpdateScheduleOutput, error)
	DeleteSchedule(context.Context, *scheduler.DeleteScheduleInput, ...Option) (*scheduler.DeleteScheduleOutput, error)
}

// Option is one of the SDK's, for a single call.
type Option = func(*scheduler.Options)

const (
	// lead is how far ahead a schedule is set at least: a time that has passed becomes the next possible one, also when the
	// call is repeated.
	lead = 30 * time.Second
	// What Scheduler may spend on handing a message over to Lambda.
	handOverSeconds, handOverRetries = 3600, 3
)

// schedule is the one of a row.
func (a *Armer) schedule(c contract.Command, read time.Time, input string) *scheduler.CreateScheduleInput {
	return &scheduler.CreateScheduleInput{
		Name:                       aws.String(contract.ScheduleName(c.ID)),
		GroupName:                  aws.String(a.Group),
		Description:                aws.String(contract.ScheduleMark{Version: c.Version, Read: read}.String()),
		ScheduleExpressionTimezone: aws.String("UTC"),
		KmsKeyArn:                  aws.String(a.KeyARN),
		State:                      types.ScheduleStateEnabled,
		FlexibleTimeWindow:         &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
		// A schedule that has done its work keeps its name: what asks for it again meets a conflict.
		ActionAfterCompletion: types.ActionAfterCompletionNone,
		Target: &types.Target{
			Arn:              aws.String(a.SenderARN),
			RoleArn:          aws.String(a.RoleARN),
			Input:            aws.String(input),
			DeadLetterConfig: &types.DeadLetterConfig{Arn: aws.String(a.DeadLetterARN)},
			RetryPolicy: &types.RetryPolicy{
				MaximumEventAgeInSeconds: aws.Int32(handOverSeconds),
				MaximumRetryAttempts:     aws.Int32(handOverRetries),
			},
		},
	}
}

// create makes a schedule unless its name is taken.
func (a *Armer) create(ctx context.Context, s *scheduler.CreateScheduleInput, at time.Time) (taken bool, err error) {
	if err := a.Pace.wait(ctx); err != nil {
		return false, err
	}
	s.ScheduleExpression = a.expression(at)
	_, err = a.Schedules.CreateSchedule(ctx, s)
	if _, taken := errors.AsType[*types.ConflictException](err); taken {
		return true, nil
	}
	return false, err
}

// update replaces a schedule, with all that is not named.
func (a *Armer) update(ctx context.Context, s *scheduler.CreateScheduleInput, at time.Time) error {
	if err := a.Pace.wait(ctx); err != nil {
		return err
	}
	_, err := a.Schedules.UpdateSchedule(ctx, &scheduler.UpdateScheduleInput{
		Name: s.Name, GroupName: s.GroupName, Description: s.Description, State: s.State,
		ScheduleExpression: a.expression(at), ScheduleExpressionTimezone: s.ScheduleExpressionTimezone,
		FlexibleTimeWindow: s.FlexibleTimeWindow, ActionAfterCompletion: s.ActionAfterCompletion,
		KmsKeyArn: s.KmsKeyArn, Target: s.Target,
	})
	if isGone(err) {
		return errLater
	}
	return err
}

// expression is the time of a schedule that is made now.
func (a *Armer) expression(at time.Time) *string {
	if soonest := a.Now().Add(lead); at.Before(soonest) {
		at = soonest
	}
	return aws.String(contract.ScheduleExpression(at))
}
