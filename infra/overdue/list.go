package main

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"scheduled-messages/infra/internal/command"
	"scheduled-messages/lambda/contract"
)

// list describes each overdue message.
func (c *client) list(ctx context.Context) error {
	rows, err := c.rows(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		there, err := c.schedule(ctx, row)
		if err != nil {
			return fmt.Errorf("schedule %s: %w", nameOf(row), err)
		}
		by := "its backend"
		if row.Outbox {
			by = "the outbox"
		}
		c.printf("%s: for %s, %s ago; scheduled by %s", row.ID, row.ScheduledAt.UTC().Format(time.RFC3339),
			c.now().Sub(row.ScheduledAt).Truncate(time.Second), by)
		c.printf("    %s", c.known(row, there))
	}
	c.printf("%s", command.Count(len(rows), "overdue message"))
	return nil
}

// known is what Scheduler knows of a message.
func (c *client) known(row contract.OverdueRow, there *scheduler.GetScheduleOutput) string {
	switch {
	case there == nil && !row.Outbox:
		return "Scheduler has no schedule of its id: it fired and was deleted, has another name, or was never made. Its backend can " +
			"schedule it again"
	case there == nil && row.Armed:
		return "Scheduler has no schedule of it, although it was made: somebody deleted it. rearm has it made again"
	case there == nil:
		return "Scheduler has no schedule of it, and its row waits for one: read armer's and relay's logs"
	}
	expression := aws.ToString(there.ScheduleExpression)
	at, err := contract.ParseScheduleExpression(expression)
	switch {
	case there.State == types.ScheduleStateDisabled:
		return fmt.Sprintf("Scheduler has it for %s, disabled", expression)
	case err != nil:
		return fmt.Sprintf("Scheduler has it for %s", expression)
	case at.After(c.now()):
		return fmt.Sprintf("Scheduler has it for %s, in %s: wait", expression, at.Sub(c.now()).Truncate(time.Second))
	}
	return fmt.Sprintf("Scheduler had it for %s: it fired. The message may have been sent, and its status lost: read the "+
		"sender's log, and "+
		"go run ./infra/deadletters list", expression)
}
