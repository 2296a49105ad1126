package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/lambda/contract"
)

// runSend sends one message, shows its way, and asks for its status as a backend does.
func runSend(ctx context.Context, args []string) error {
	m := contract.Message{}
	var answers string
	var in time.Duration
	folder, err := parse("send", args, func(flags *flag.FlagSet) {
		flags.StringVar(&m.ID, "id", "message-"+strings.ToLower(rand.Text()[:8]), "the message's id")
		flags.StringVar((*string)(&m.Channel), "channel", string(contract.Webhook), "webhook or sns")
		flags.StringVar(&answers, "answers", "200", "what the local receiver answers a webhook with, one after the other")
		flags.StringVar(&m.Subject, "subject", "Hello", "the message's subject")
		flags.StringVar(&m.Body, "body", "It is time.", "the message's body")
		flags.DurationVar(&in, "in", 3*time.Second, "when, from now")
	})
	if err != nil {
		return err
	}
	if err := contract.CheckID(m.ID); err != nil {
		return err
	}
	if _, err := parseAnswers(answers); err != nil {
		return err
	}
	s, err := running(folder)
	if err != nil {
		return err
	}
	if m.Channel == contract.Webhook {
		m.To = s.webhook(answers)
	}
	f, err := newFollower(s, os.Stdout)
	if err != nil {
		return err
	}
	at, err := s.schedule(ctx, m, in)
	if err != nil {
		return err
	}
	f.expect(m, at)
	if err := f.follow(ctx); err != nil {
		return err
	}
	return s.ask(ctx, map[string]string{"id": m.ID})
}

// webhook is the address of a receiver that answers with the statuses.
func (s *state) webhook(statuses string) string { return "https://" + s.Receiver + "/" + statuses }

// schedule registers a message's schedule as a backend does.
func (s *state) schedule(ctx context.Context, m contract.Message, in time.Duration) (time.Time, error) {
	schedule, at, err := s.scheduleOf(m, in)
	if err != nil {
		return at, err
	}
	if err := s.cloud().CreateSchedule(ctx, schedule); err != nil {
		return at, fmt.Errorf("schedule %s: %w", m.ID, err)
	}
	return at, nil
}

// scheduleOf is a message's schedule, made of the stack's outputs alone.
func (s *state) scheduleOf(m contract.Message, in time.Duration) (schedule cloud.Schedule, at time.Time, err error) {
	at = time.Now().UTC().Add(in).Truncate(time.Second)
	input, err := json.Marshal(m)
	if err != nil {
		return schedule, at, err
	}
	schedule = cloud.Schedule{
		Name: m.ID, Group: s.Outputs["scheduleGroupName"], Expression: "at(" + at.Format("2006-01-02T15:04:05") + ")",
		Timezone: "UTC", AfterCompletion: "DELETE",
		Target: cloud.Target{ARN: s.Outputs["senderArn"], RoleARN: s.Outputs["schedulerRoleArn"], Input: string(input)},
	}
	schedule.FlexibleTimeWindow.Mode = "OFF"
	schedule.Target.DeadLetters.ARN = s.Outputs["undeliveredQueueArn"]
	schedule.Target.RetryPolicy.Attempts, schedule.Target.RetryPolicy.MaxAge = 3, 3600
	return schedule, at, nil
}
