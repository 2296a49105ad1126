package main

import (
	"context"
	"crypto/rand"
	"flag"
	"os"
	"strings"
	"time"

	"scheduled-messages/infra/sandbox/receiver"
	"scheduled-messages/infra/sandbox/state"
	"scheduled-messages/lambda/contract"
)

// runSend sends one message, shows its way, and asks for its status as a backend does.
func runSend(ctx context.Context, args []string) error {
	m := contract.Message{}
	var answers, stack string
	var in time.Duration
	folder, err := parse("send", args, func(flags *flag.FlagSet) {
		stackFlag(flags, &stack)
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
	if _, err := receiver.ParseAnswers(answers); err != nil {
		return err
	}
	s, err := state.Running(ctx, folder, stack)
	if err != nil {
		return err
	}
	if m.Channel == contract.Webhook {
		m.To = s.Webhook(answers)
	}
	f, err := newFollower(s, os.Stdout)
	if err != nil {
		return err
	}
	at, err := s.Schedule(ctx, m, in)
	if err != nil {
		return err
	}
	f.expect(m, at)
	if err := f.follow(ctx); err != nil {
		return err
	}
	return ask(ctx, s, map[string]string{"id": m.ID})
}
