package main

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

// deleteFinishedSchedules deletes the schedules of former runs that have done their work: Scheduler tries no more, and
// the row says what became of the message, or no dead-letter message is left from that time. One whose row cannot be read
// stays, and is reported.
func (c *client) deleteFinishedSchedules(ctx context.Context, now time.Time) error {
	pages := scheduler.NewListSchedulesPaginator(c.schedules, &scheduler.ListSchedulesInput{
		GroupName: aws.String(c.ScheduleGroupName), NamePrefix: aws.String(namePrefix)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, s := range page.Schedules {
			if s.CreationDate == nil {
				continue
			}
			if err := c.deleteFinished(ctx, s, now.Sub(*s.CreationDate)); err != nil {
				return fmt.Errorf("%s: %w", aws.ToString(s.Name), err)
			}
		}
	}
	return nil
}

func (c *client) deleteFinished(ctx context.Context, s types.ScheduleSummary, age time.Duration) error {
	if age < leadTime+2*retrySeconds*time.Second {
		return nil
	}
	if age <= retention {
		finished, err := c.hasOutcome(ctx, aws.ToString(s.Name))
		if err != nil && c.healthy(ctx) {
			c.printf("schedule %s stays: %v", aws.ToString(s.Name), err)
			return nil
		}
		if err != nil || !finished {
			return err
		}
	}
	_, err := c.schedules.DeleteSchedule(ctx, &scheduler.DeleteScheduleInput{Name: s.Name, GroupName: s.GroupName})
	if _, gone := errors.AsType[*types.ResourceNotFoundException](err); gone {
		return nil
	}
	return err
}

// hasOutcome reports whether the row of a schedule's message says what became of it.
func (c *client) hasOutcome(ctx context.Context, name string) (bool, error) {
	s, err := c.schedules.GetSchedule(ctx, &scheduler.GetScheduleInput{
		Name: aws.String(name), GroupName: aws.String(c.ScheduleGroupName)})
	if _, gone := errors.AsType[*types.ResourceNotFoundException](err); gone {
		return false, nil
	} else if err != nil {
		return false, err
	}
	var m contract.Message
	if err := json.Unmarshal([]byte(aws.ToString(s.Target.Input)), &m); err != nil {
		return false, nil // nor could the sender read it: there is no row
	}
	status, err := c.status(ctx, m.ID)
	return status == contract.Sent || status == contract.Failed, err
}
