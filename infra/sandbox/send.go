package main

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"scheduled-messages/infra/internal/command"
	"scheduled-messages/infra/sandbox/receiver"
	"scheduled-messages/infra/sandbox/state"
	"scheduled-messages/lambda/contract"
)

// anyID stands for an id that no other message has.
const anyID = "message-RANDOM"

// sendCommand sends one message, shows its way, and asks for its status as a backend does.
func sendCommand() *command.Command {
	var folder, stack, answers, channel string
	var m contract.Message
	var in time.Duration
	var channels []string
	for _, c := range contract.Channels() {
		channels = append(channels, string(c))
	}
	return &command.Command{
		Name: "send", Summary: "Sends a message through a sandbox that is up, and shows its way",
		Flags: func(f *command.Flags) {
			folderFlag(f, &folder)
			stackFlag(f, &stack)
			f.String(&m.ID, "id", anyID, "the message's `id`")
			f.OneOf(&channel, "channel", string(contract.Webhook), "the `channel` that it leaves by", channels...)
			f.String(&answers, "answers", "200", "the `statuses` that the local receiver answers a webhook with, one after the other")
			f.String(&m.Subject, "subject", "Hello", "the message's subject")
			f.String(&m.Body, "body", "It is time.", "the message's body")
			f.Duration(&in, "in", "3s", "when, from now")
		},
		Check: func([]string) (problems []error) {
			m.Channel = contract.Channel(channel)
			if err := contract.CheckID(m.ID); err != nil {
				problems = append(problems, err)
			}
			if _, err := receiver.ParseAnswers(answers); err != nil {
				problems = append(problems, err)
			}
			return problems
		},
		Run: func(ctx context.Context, out command.Streams, _ []string) error {
			s, err := running(ctx, folder, stack)
			if err != nil {
				return err
			}
			if m.ID == anyID {
				m.ID = "message-" + strings.ToLower(rand.Text()[:8])
			}
			if m.Channel == contract.Webhook {
				m.To = s.Webhook(answers)
			}
			f, err := newFollower(s, out.Out)
			if err != nil {
				return err
			}
			if _, err := s.Schedule(ctx, m, in); err != nil {
				return err
			}
			f.expect(m.ID)
			if err := f.follow(ctx, expected); err != nil {
				return err
			}
			return ask(ctx, out.Out, s, map[string]string{"id": m.ID})
		},
	}
}

// running is the sandbox in a folder, with a stack that is up.
func running(ctx context.Context, folder, stack string) (*state.State, error) {
	folder, err := absolute(folder)
	if err != nil {
		return nil, err
	}
	return state.Running(ctx, folder, stack)
}
