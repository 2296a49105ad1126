package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"scheduled-messages/lambda/contract"
)

// leadTime is how far ahead a schedule is set: Scheduler is precise to the minute.
const leadTime = time.Minute

// rearm schedules messages again: those with the ids, or all if there are none. One that cannot be holds up no other.
func (c *client) rearm(ctx context.Context, ids []string) error {
	rows, err := c.rows(ctx)
	if err != nil {
		return err
	}
	var problems []error
	for _, id := range ids {
		if !slices.ContainsFunc(rows, func(r contract.OverdueRow) bool { return r.ID == id }) {
			problems = append(problems, fmt.Errorf("%s is not among the overdue messages: list prints them", id))
		}
	}
	for _, row := range rows {
		if len(ids) > 0 && !slices.Contains(ids, row.ID) {
			continue
		}
		done, err := c.rearmOne(ctx, row)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", row.ID, err))
			continue
		}
		c.printf("%s: %s", row.ID, done)
	}
	return errors.Join(problems...)
}

func (c *client) rearmOne(ctx context.Context, row contract.OverdueRow) (done string, err error) {
	there, err := c.schedule(ctx, row)
	if err != nil {
		return "", err
	}
	if there != nil && there.State == types.ScheduleStateDisabled && row.Outbox {
		there = nil // it holds a place, and no message
	}
	if there != nil {
		if at, err := contract.ParseScheduleExpression(aws.ToString(there.ScheduleExpression)); err == nil && at.After(c.now()) {
			return "", fmt.Errorf("Scheduler has it for %s: wait", aws.ToString(there.ScheduleExpression))
		}
		at := c.now().Add(leadTime)
		if err := c.moveTo(ctx, there, at); err != nil {
			return "", err
		}
		return "scheduled again, " + contract.ScheduleExpression(at), nil
	}
	if !row.Outbox {
		return "", errors.New("Scheduler has no schedule with its message: its backend has to schedule it again")
	}
	if !row.Armed {
		return "its row waits for a schedule: the next round makes it", nil
	}
	// A report about another version than the row has makes the updater ask for the schedule again.
	var answer any
	err = c.invoke(ctx, c.updaterName, contract.ScheduleReport{Schedules: []contract.ScheduleState{
		{ID: row.ID, Op: contract.Arm, Version: row.Version.Add(-time.Microsecond)},
	}}, &answer)
	return "asked for its schedule: the next round makes it", err
}

// moveTo gives a schedule another time and leaves all else as it is. UpdateSchedule replaces what it does not name.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html
func (c *client) moveTo(ctx context.Context, s *scheduler.GetScheduleOutput, at time.Time) error {
	_, err := c.schedules.UpdateSchedule(ctx, &scheduler.UpdateScheduleInput{
		Name:                       s.Name,
		GroupName:                  s.GroupName,
		Description:                s.Description,
		ScheduleExpression:         aws.String(contract.ScheduleExpression(at)),
		ScheduleExpressionTimezone: aws.String("UTC"),
		FlexibleTimeWindow:         s.FlexibleTimeWindow,
		ActionAfterCompletion:      s.ActionAfterCompletion,
		KmsKeyArn:                  s.KmsKeyArn,
		State:                      types.ScheduleStateEnabled,
		Target:                     s.Target,
	})
	return err
}
