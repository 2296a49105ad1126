package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"scheduled-messages/infra/internal/stackoutputs"
	"scheduled-messages/infra/internal/terminal"
	"scheduled-messages/lambda/contract"
)

// client has all that reaches overdue messages.
type client struct {
	statusName, updaterName, group string

	functions functionAPI
	schedules scheduleAPI
	now       func() time.Time
	out       io.Writer
}

// functionAPI is what the command calls of Lambda.
type functionAPI interface {
	Invoke(context.Context, *lambda.InvokeInput, ...func(*lambda.Options)) (*lambda.InvokeOutput, error)
}

// scheduleAPI is what the command calls of EventBridge Scheduler.
type scheduleAPI interface {
	GetSchedule(context.Context, *scheduler.GetScheduleInput, ...func(*scheduler.Options)) (*scheduler.GetScheduleOutput, error)
	UpdateSchedule(
		context.Context, *scheduler.UpdateScheduleInput, ...func(*scheduler.Options),
	) (*scheduler.UpdateScheduleOutput, error)
}

func newClient(ctx context.Context, stack, file string, out io.Writer) (*client, error) {
	outputs, err := stackoutputs.Read(ctx, stack, file)
	if err != nil {
		return nil, err
	}
	c := &client{now: time.Now, out: out}
	if err := stackoutputs.Fill(outputs, []stackoutputs.Field{
		{Name: contract.OutputStatusName, Value: &c.statusName},
		{Name: contract.OutputUpdaterName, Value: &c.updaterName},
		{Name: contract.OutputScheduleGroupName, Value: &c.group},
	}); err != nil {
		return nil, err
	}
	settings, err := config.LoadDefaultConfig(ctx, config.WithRegion(stackoutputs.Region(outputs[contract.OutputSenderARN])))
	if err != nil {
		return nil, err
	}
	c.functions, c.schedules = lambda.NewFromConfig(settings), scheduler.NewFromConfig(settings)
	return c, nil
}

// printf prints one line. What it prints comes from outside for the most part.
func (c *client) printf(format string, args ...any) {
	fmt.Fprintln(c.out, terminal.Printable(fmt.Sprintf(format, args...)))
}

// rows are the overdue ones, oldest first.
func (c *client) rows(ctx context.Context) ([]contract.OverdueRow, error) {
	var answer struct {
		OK             bool
		Error, Refused string
		Overdue        []contract.OverdueRow
	}
	if err := c.invoke(ctx, c.statusName, map[string]bool{"overdue": true}, &answer); err != nil {
		return nil, err
	}
	if !answer.OK {
		return nil, fmt.Errorf("status cannot read the rows: %s%s", answer.Error, answer.Refused)
	}
	return answer.Overdue, nil
}

// invoke invokes a function and waits for its answer.
func (c *client) invoke(ctx context.Context, name string, event, into any) error {
	text, err := json.Marshal(event)
	if err != nil {
		return err
	}
	answer, err := c.functions.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String(name), Payload: text})
	if err != nil {
		return err
	}
	if answer.FunctionError != nil {
		return fmt.Errorf("%s: %s: %s", name, *answer.FunctionError, answer.Payload)
	}
	return json.Unmarshal(answer.Payload, into)
}

// nameOf is what a message's schedule is called. A backend that makes its own is asked to name it by the message's id.
func nameOf(row contract.OverdueRow) string {
	if row.Outbox {
		return contract.ScheduleName(row.ID)
	}
	return row.ID
}

// schedule is a message's schedule, or nil if there is none.
func (c *client) schedule(ctx context.Context, row contract.OverdueRow) (*scheduler.GetScheduleOutput, error) {
	there, err := c.schedules.GetSchedule(ctx, &scheduler.GetScheduleInput{
		Name:      aws.String(nameOf(row)),
		GroupName: aws.String(c.group),
	})
	if _, gone := errors.AsType[*types.ResourceNotFoundException](err); gone {
		return nil, nil
	}
	if _, impossible := errors.AsType[*types.ValidationException](err); impossible && !row.Outbox {
		return nil, nil // no schedule can have the message's id for a name
	}
	return there, err
}
