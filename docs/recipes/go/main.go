// Command messages schedules, moves, cancels and lists messages with EventBridge Scheduler: go run . COMMAND ...
//
//	create ID AT CHANNEL TO SUBJECT BODY    AT is UTC: 2026-12-01T09:00:00
//	move ID AT
//	cancel ID
//	list
//
// It needs credentials with the policy schedulePolicyArn, and the stack's outputs in outputs.json:
// pulumi stack output --json > outputs.json
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
)

// messages are those of a stack.
type messages struct {
	client  *scheduler.Client
	outputs map[string]any
	group   *string
}

func (m *messages) output(name string) *string {
	text, _ := m.outputs[name].(string)
	return aws.String(text)
}

// create schedules once for an id, however often it is called. The id is the schedule's name: 1 to 64 of 0-9 a-z A-Z - _ . and it
// does not begin with "row-" or "row.", the names of the outbox.
func (m *messages) create(ctx context.Context, id, at, channel, to, subject, body string) (bool, error) {
	input, err := json.Marshal(map[string]string{"id": id, "channel": channel, "to": to, "subject": subject, "body": body})
	if err != nil {
		return false, err
	}
	_, err = m.client.CreateSchedule(ctx, &scheduler.CreateScheduleInput{
		Name:                       aws.String(id),
		GroupName:                  m.group,
		ScheduleExpression:         aws.String("at(" + at + ")"),
		ScheduleExpressionTimezone: aws.String("UTC"),
		FlexibleTimeWindow:         &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
		ActionAfterCompletion:      types.ActionAfterCompletionDelete,
		KmsKeyArn:                  m.output("scheduleKeyArn"),
		Target: &types.Target{
			Arn:              m.output("senderArn"),
			RoleArn:          m.output("schedulerRoleArn"),
			DeadLetterConfig: &types.DeadLetterConfig{Arn: m.output("undeliveredQueueArn")},
			RetryPolicy:      &types.RetryPolicy{MaximumRetryAttempts: aws.Int32(3), MaximumEventAgeInSeconds: aws.Int32(3600)},
			Input:            aws.String(string(input)),
		},
	})
	if _, scheduled := errors.AsType[*types.ConflictException](err); scheduled {
		return false, nil
	}
	return err == nil, err
}

// move is false if the message was sent, or was never scheduled. UpdateSchedule replaces everything: what is there goes with it.
func (m *messages) move(ctx context.Context, id, at string) (bool, error) {
	there, err := m.client.GetSchedule(ctx, &scheduler.GetScheduleInput{Name: aws.String(id), GroupName: m.group})
	if err != nil {
		return found(err)
	}
	_, err = m.client.UpdateSchedule(ctx, &scheduler.UpdateScheduleInput{
		Name:                       there.Name,
		GroupName:                  there.GroupName,
		ScheduleExpression:         aws.String("at(" + at + ")"),
		ScheduleExpressionTimezone: there.ScheduleExpressionTimezone,
		FlexibleTimeWindow:         there.FlexibleTimeWindow,
		ActionAfterCompletion:      there.ActionAfterCompletion,
		KmsKeyArn:                  there.KmsKeyArn,
		Description:                there.Description,
		State:                      there.State,
		Target:                     there.Target,
	})
	return found(err)
}

// cancel is false if the message was sent, or was never scheduled.
func (m *messages) cancel(ctx context.Context, id string) (bool, error) {
	_, err := m.client.DeleteSchedule(ctx, &scheduler.DeleteScheduleInput{Name: aws.String(id), GroupName: m.group})
	return found(err)
}

func found(err error) (bool, error) {
	if _, gone := errors.AsType[*types.ResourceNotFoundException](err); gone {
		return false, nil
	}
	return err == nil, err
}

// list is the ids of the messages to come, with those of the outbox.
func (m *messages) list(ctx context.Context) ([]string, error) {
	names := []string{}
	for pages := scheduler.NewListSchedulesPaginator(m.client, &scheduler.ListSchedulesInput{GroupName: m.group}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, schedule := range page.Schedules {
			names = append(names, *schedule.Name)
		}
	}
	return names, nil
}

func main() {
	answer, err := run(context.Background(), os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(answer)
}

func run(ctx context.Context, args []string) (string, error) {
	text, err := os.ReadFile("outputs.json")
	if err != nil {
		return "", err
	}
	m := &messages{}
	if err := json.Unmarshal(text, &m.outputs); err != nil {
		return "", err
	}
	m.group = m.output("scheduleGroupName")
	settings, err := config.LoadDefaultConfig(ctx, config.WithRegion(strings.Split(*m.output("senderArn"), ":")[3]))
	if err != nil {
		return "", err
	}
	m.client = scheduler.NewFromConfig(settings)
	var answer any
	switch command := strings.Join(args[:min(1, len(args))], ""); {
	case command == "create" && len(args) == 7:
		answer, err = m.create(ctx, args[1], args[2], args[3], args[4], args[5], args[6])
	case command == "move" && len(args) == 3:
		answer, err = m.move(ctx, args[1], args[2])
	case command == "cancel" && len(args) == 2:
		answer, err = m.cancel(ctx, args[1])
	case command == "list" && len(args) == 1:
		answer, err = m.list(ctx)
	default:
		return "", errors.New("usage: create ID AT CHANNEL TO SUBJECT BODY | move ID AT | cancel ID | list")
	}
	if err != nil {
		return "", err
	}
	printed, err := json.Marshal(answer)
	return string(printed), err
}
