package overdue

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	schedulertypes "github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"scheduled-messages/lambda/contract"
)

// SendAgain has a message sent again, within two minutes, and returns what was done. Whoever asks for it has made sure that the
// message was not sent: that no dead-letter message has its outcome, and that its receiver does not have it. Asked twice, it
// finds the message waiting.
func (c *Client) SendAgain(ctx context.Context, m Message) (done string, err error) {
	switch m.State {
	case Waiting:
		return "", fmt.Errorf("%q waits for %s", m.ID, m.At.Format("2006-01-02 15:04:05 UTC"))
	case Due:
		return "", fmt.Errorf("%q has no schedule yet: if it stays so, look at the functions armer and relay", m.ID)
	case Unknown:
		return "", fmt.Errorf("%q has no schedule %s: whoever schedules it has the message", m.ID, m.Schedule)
	case Lost:
		return "the outbox makes its schedule anew", c.recheck(ctx, m)
	}
	s := m.schedule
	at := contract.ScheduleExpression(c.Now().Add(lead))
	_, err = c.Schedules.UpdateSchedule(ctx, &scheduler.UpdateScheduleInput{ // which replaces all that it does not name
		Name:                       s.Name,
		GroupName:                  aws.String(c.Group),
		Description:                s.Description,
		ScheduleExpression:         aws.String(at),
		ScheduleExpressionTimezone: aws.String("UTC"),
		FlexibleTimeWindow:         s.FlexibleTimeWindow,
		ActionAfterCompletion:      s.ActionAfterCompletion,
		KmsKeyArn:                  s.KmsKeyArn,
		State:                      schedulertypes.ScheduleStateEnabled,
		Target:                     s.Target,
	})
	if err != nil {
		return "", fmt.Errorf("schedule %s: %w", m.Schedule, err)
	}
	return "its schedule is set to " + at, nil
}

// recheck has the updater take back that the row's schedule is as the row says: a report about any other version of the row
// does that. The outbox looks at the row again, and makes the schedule.
func (c *Client) recheck(ctx context.Context, m Message) error {
	_, err := c.invoke(ctx, c.Updater, types.InvocationTypeRequestResponse, contract.ScheduleReport{
		Schedules: []contract.ScheduleState{{ID: m.ID, Op: contract.Arm, Version: m.Version.AddDate(0, 0, -1)}}})
	return err
}
