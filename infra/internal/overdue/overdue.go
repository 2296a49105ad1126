// Package overdue finds out what has become of messages that are SCHEDULED long after their time, and has single ones sent
// again. It does nothing by itself: a message whose outcome was lost may have been sent.
package overdue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	schedulertypes "github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"scheduled-messages/lambda/contract"
)

// Functions is what is called of Lambda: the function status is asked, and the updater gets a report.
type Functions interface {
	Invoke(context.Context, *lambda.InvokeInput, ...func(*lambda.Options)) (*lambda.InvokeOutput, error)
}

// Schedules is what is called of EventBridge Scheduler.
type Schedules interface {
	GetSchedule(context.Context, *scheduler.GetScheduleInput, ...func(*scheduler.Options)) (*scheduler.GetScheduleOutput, error)
	UpdateSchedule(context.Context, *scheduler.UpdateScheduleInput, ...func(*scheduler.Options)) (
		*scheduler.UpdateScheduleOutput, error)
}

// Client looks at one stack.
type Client struct {
	Functions Functions
	Schedules Schedules
	Status    string // the functions' names
	Updater   string
	Group     string // the schedules'
	Now       func() time.Time
}

// lead is how far ahead a schedule is set that is invoked again.
const lead = time.Minute

// State is what Scheduler has of a message.
type State string

// The states.
const (
	Waiting State = "waiting" // its schedule is of a time to come: the message was moved when it was on its way, or is armed again
	Due     State = "due"     // it has no schedule, and the outbox is to make one within a minute or two
	Lost    State = "lost"    // the outbox has made its schedule, and it is gone
	Invoked State = "invoked" // its schedule's time has come, and no outcome was written
	Unknown State = "unknown" // it has no schedule by its id: whoever made one knows its name and the message
)

// Message is an overdue message.
type Message struct {
	contract.OverdueRow
	State    State
	Schedule string    // the name that it has, or would have
	At       time.Time // the schedule's, if there is one

	schedule *scheduler.GetScheduleOutput
}

// List finds the messages that are overdue for longest, at most 100, with what Scheduler has of each.
func (c *Client) List(ctx context.Context) ([]Message, error) {
	answer, err := c.invoke(ctx, c.Status, types.InvocationTypeRequestResponse, map[string]bool{"overdue": true})
	if err != nil {
		return nil, err
	}
	var listed struct {
		OK      bool
		Error   string
		Overdue []contract.OverdueRow
	}
	if err := json.Unmarshal(answer, &listed); err != nil {
		return nil, fmt.Errorf("%s: %w", c.Status, err)
	}
	if !listed.OK {
		return nil, fmt.Errorf("%s cannot read the table: %s", c.Status, listed.Error)
	}
	var all []Message
	for _, row := range listed.Overdue {
		m, err := c.look(ctx, row)
		if err != nil {
			return nil, fmt.Errorf("schedule of %q: %w", row.ID, err)
		}
		all = append(all, m)
	}
	return all, nil
}

// look asks Scheduler for a message's schedule. Backends name theirs by the id, as the documents do.
func (c *Client) look(ctx context.Context, row contract.OverdueRow) (m Message, err error) {
	m = Message{OverdueRow: row, Schedule: row.ID}
	if row.Outbox {
		m.Schedule = contract.ScheduleName(row.ID)
	}
	m.schedule, err = c.Schedules.GetSchedule(ctx, &scheduler.GetScheduleInput{
		Name: aws.String(m.Schedule), GroupName: aws.String(c.Group)})
	_, gone := errors.AsType[*schedulertypes.ResourceNotFoundException](err)
	_, impossible := errors.AsType[*schedulertypes.ValidationException](err) // an id that cannot be a name
	switch {
	case (gone || impossible) && !row.Outbox:
		m.State = Unknown
		return m, nil
	case gone && row.Armed:
		m.State = Lost
		return m, nil
	case gone:
		m.State = Due
		return m, nil
	case err != nil:
		return m, err
	}
	m.State = Waiting
	if m.At, err = contract.ParseScheduleExpression(aws.ToString(m.schedule.ScheduleExpression)); err != nil {
		m.State = Unknown // a backend's own, of another kind
		return m, nil
	}
	if !m.At.After(c.Now()) {
		m.State = Invoked
	}
	return m, nil
}

func (c *Client) invoke(ctx context.Context, function string, how types.InvocationType, event any) ([]byte, error) {
	payload, err := json.Marshal(event)
	if err != nil {
		return nil, err
	}
	got, err := c.Functions.Invoke(ctx, &lambda.InvokeInput{
		FunctionName: aws.String(function), InvocationType: how, Payload: payload})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", function, err)
	}
	if got.FunctionError != nil {
		return nil, fmt.Errorf("%s: %s: %s", function, *got.FunctionError, got.Payload)
	}
	return got.Payload, nil
}
