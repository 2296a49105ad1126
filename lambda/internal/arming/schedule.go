package arming

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"scheduled-messages/lambda/contract"
)

// ScheduleAPI is what armer calls of EventBridge Scheduler.
type ScheduleAPI interface {
	CreateSchedule(context.Context, *scheduler.CreateScheduleInput, ...func(*scheduler.Options)) (*scheduler.CreateScheduleOutput, error)
	GetSchedule(context.Context, *scheduler.GetScheduleInput, ...func(*scheduler.Options)) (*scheduler.GetScheduleOutput, error)
	UpdateSchedule(context.Context, *scheduler.UpdateScheduleInput, ...func(*scheduler.Options)) (*scheduler.UpdateScheduleOutput, error)
	DeleteSchedule(context.Context, *scheduler.DeleteScheduleInput, ...func(*scheduler.Options)) (*scheduler.DeleteScheduleOutput, error)
}

const (
	// lead is how far ahead a schedule is set at least: a time that has passed becomes the next possible one, also when the
	// call is repeated.
	lead = 30 * time.Second
	// closing is how long before its time a schedule is no longer moved. Scheduler is precise to the minute, and an update
	// close to the time may come after the old one was invoked, which would send the message twice.
	// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#one-time
	closing = time.Minute
	// What Scheduler may spend on handing a message over to Lambda.
	handOverSeconds, handOverRetries = 3600, 3
)

// errLater is why a command is left: the next round reads its row again.
var errLater = errors.New("the schedule changed meanwhile")

// existing is a schedule that is there.
type existing struct {
	at   time.Time
	mark contract.ScheduleMark
}

// arm has the message's schedule be as the row says. It reports false when that came too late: the message is on its way
// under its former time.
func (a *Armer) arm(ctx context.Context, c contract.Command, read time.Time) (inTime bool, err error) {
	mark := contract.ScheduleMark{Version: c.Version, Read: read}
	create := scheduler.CreateScheduleInput{
		Name: aws.String(contract.ScheduleName(c.ID)), GroupName: aws.String(a.Group), Description: aws.String(mark.String()),
		ScheduleExpressionTimezone: aws.String("UTC"), KmsKeyArn: aws.String(a.KeyARN), State: types.ScheduleStateEnabled,
		FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
		// A schedule that has done its work keeps its name: what asks for it again meets a conflict.
		ActionAfterCompletion: types.ActionAfterCompletionNone,
		Target: &types.Target{
			Arn: aws.String(a.SenderARN), RoleArn: aws.String(a.RoleARN), Input: aws.String(string(c.Message)),
			DeadLetterConfig: &types.DeadLetterConfig{Arn: aws.String(a.DeadLetterARN)},
			RetryPolicy: &types.RetryPolicy{
				MaximumEventAgeInSeconds: aws.Int32(handOverSeconds), MaximumRetryAttempts: aws.Int32(handOverRetries)},
		},
	}
	if err := a.Pace.wait(ctx); err != nil {
		return false, err
	}
	create.ScheduleExpression = a.expression(c.At)
	_, err = a.Schedules.CreateSchedule(ctx, &create)
	if _, taken := errors.AsType[*types.ConflictException](err); !taken {
		return true, err
	}
	there, err := a.get(ctx, c.ID)
	if err != nil {
		return false, err
	}
	switch {
	case there == nil, there.mark.Read.After(read):
		return false, errLater
	case there.mark.Version.Equal(c.Version):
		return true, nil
	case !there.at.After(a.Now().Add(closing)):
		return false, nil
	}
	if err := a.Pace.wait(ctx); err != nil {
		return false, err
	}
	_, err = a.Schedules.UpdateSchedule(ctx, &scheduler.UpdateScheduleInput{ // which replaces all that it does not name
		Name: create.Name, GroupName: create.GroupName, Description: create.Description, State: create.State,
		ScheduleExpression: a.expression(c.At), ScheduleExpressionTimezone: create.ScheduleExpressionTimezone,
		FlexibleTimeWindow: create.FlexibleTimeWindow, ActionAfterCompletion: create.ActionAfterCompletion,
		KmsKeyArn: create.KmsKeyArn, Target: create.Target,
	})
	if isGone(err) {
		return false, errLater
	}
	return true, err
}

// expression is the time of a schedule that is made now.
func (a *Armer) expression(at time.Time) *string {
	if soonest := a.Now().Add(lead); at.Before(soonest) {
		at = soonest
	}
	return aws.String(contract.ScheduleExpression(at))
}

// disarm deletes a schedule whose time has not come. One whose time has come stays until the message has its outcome, or until
// the row has been as it is for long enouga.
func (a *Armer) disarm(ctx context.Context, c contract.Command, read time.Time) error {
	there, err := a.get(ctx, c.ID)
	switch {
	case err != nil:
		return err
	case there == nil, !there.at.After(a.Now()):
		return nil
	case there.mark.Read.After(read):
		return errLater
	}
	return a.clear(ctx, c)
}

// clear deletes a schedule.
func (a *Armer) clear(ctx context.Context, c contract.Command) error {
	if err := a.Pace.wait(ctx); err != nil {
		return err
	}
	_, err := a.Schedules.DeleteSchedule(ctx, &scheduler.DeleteScheduleInput{
		Name: aws.String(contract.ScheduleName(c.ID)), GroupName: aws.String(a.Group)})
	if isGone(err) {
		return nil
	}
	return err
}

// get reads a message's schedule, nil if there is none. One that somebody else made under the name is an error.
func (a *Armer) get(ctx context.Context, id string) (*existing, error) {
	if err := a.Pace.wait(ctx); err != nil {
		return nil, err
	}
	name := contract.ScheduleName(id)
	got, err := a.Schedules.GetSchedule(ctx, &scheduler.GetScheduleInput{Name: aws.String(name), GroupName: aws.String(a.Group)})
	if isGone(err) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	var of struct{ ID string }
	if got.Target != nil {
		_ = json.Unmarshal([]byte(aws.ToString(got.Target.Input)), &of) // what is no JSON has no id
	}
	mark, err := contract.ParseScheduleMark(aws.ToString(got.Description))
	if err == nil && of.ID != id {
		err = fmt.Errorf("it is of another message, %.64q", of.ID)
	}
	if err != nil {
		return nil, fmt.Errorf("schedule %s is taken: %w", name, err)
	}
	at, err := contract.ParseScheduleExpression(aws.ToString(got.ScheduleExpression))
	if err != nil {
		return nil, fmt.Errorf("schedule %s: %w", name, err)
	}
	return &existing{at, mark}, nil
}

func isGone(err error) bool {
	_, gone := errors.AsType[*types.ResourceNotFoundException](err)
	return gone
}
