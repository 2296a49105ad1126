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

const (
	// closing is how long before its time a schedule is no longer moved. Scheduler is precise to the minute, and an update
	// close to the time may come after the old one was invoked, which would send the message twice.
	// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#one-time
	closing = time.Minute
	// settling is how long a disabled schedule is not enabled again: a message that left all the same has its outcome then.
	settling = 5 * time.Minute
)

// errLater is why a command is left: the next round reads its row again.
var errLater = errors.New("the schedule changed meanwhile")

// existing is a schedule that is there.
type existing struct {
	at       time.Time
	mark     contract.ScheduleMark
	disabled bool
}

// arm has the message's schedule be as the row says. It reports false when that came too late: the message is on its way
// under its former time.
func (a *Armer) arm(ctx context.Context, c contract.Command, read time.Time) (inTime bool, err error) {
	s := a.schedule(c, read, string(c.Message))
	taken, err := a.create(ctx, s, c.At)
	if !taken {
		return true, err
	}
	there, err := a.get(ctx, c.ID)
	if err != nil {
		return false, err
	}
	switch {
	case there == nil, there.mark.Read.After(read):
		return false, errLater
	case there.mark.Version.Equal(c.Version) && !there.disabled: // which somebody else may have done
		return true, nil
	case there.disabled && there.mark.Read.After(read.Add(-settling)):
		return false, errLater
	case !there.disabled && !there.at.After(a.Now().Add(closing)):
		return false, nil
	}
	return true, a.update(ctx, s, c.At)
}

// disarm disables a schedule, and makes a disabled one where there is none: a command that is older, and makes or moves it,
// finds the name taken by a later one. The schedule of a message whose time has come stays as it is.
func (a *Armer) disarm(ctx context.Context, c contract.Command, read time.Time) error {
	input, err := json.Marshal(map[string]string{"id": c.ID})
	if err != nil {
		return err
	}
	s := a.schedule(c, read, string(input))
	s.State = types.ScheduleStateDisabled
	there, err := a.get(ctx, c.ID)
	switch {
	case err != nil:
		return err
	case there == nil:
		taken, err := a.create(ctx, s, c.At)
		if taken {
			return errLater
		}
		return err
	case there.mark.Read.After(read):
		return errLater
	case there.disabled, !there.at.After(a.Now()):
		return nil
	}
	return a.update(ctx, s, c.At)
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
	return &existing{at, mark, got.State == types.ScheduleStateDisabled}, nil
}

func isGone(err error) bool {
	_, gone := errors.AsType[*types.ResourceNotFoundException](err)
	return gone
}
