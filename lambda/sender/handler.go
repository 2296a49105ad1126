package main

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/channel"
	"scheduled-messages/lambda/internal/invocation"
)

const (
	// sendTimeout is what one delivery may take in all, the secret and the SDK's own retries included. The function's
	// timeout is above it, so that the sender can still report what went wrong.
	sendTimeout = 25 * time.Second
	// margin is kept of the invocation's time for that, should the function's timeout be shorter.
	margin = 2 * time.Second
)

type handler struct {
	channels map[contract.Channel]channel.Sender
	now      func() time.Time
	log      *slog.Logger
}

// newHandler makes the handler with the channels that the environment switches on.
func newHandler(getenv func(string) string, log *slog.Logger) (*handler, error) {
	channels, err := channel.FromEnv(getenv, log)
	if err != nil {
		return nil, err
	}
	return &handler{channels: channels, now: time.Now, log: log}, nil
}

// Invoke handles one event, which Lambda has checked to be JSON.
func (h *handler) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	answer, err := invocation.Run(ctx, h.log, margin, func(ctx context.Context, i *invocation.Invocation) (any, error) {
		return h.deliver(ctx, i, event)
	})
	return answer, contract.Brief(err)
}

// deliver delivers one message. A result, SENT or FAILED, is final, and goes to the updater as it is. An error makes
// Lambda try again, and after its last try the updater gets the error's text. Lambda may hand over one event twice:
// what protects a receiver from a second delivery is the message's id, which every channel passes on.
//
// An event without a usable id is an error, too. No row can be written for it, so it has to end, unchanged, in the
// dead-letter queue.
//
// The log has neither the recipient, whose URL may hold a token, nor subject or body.
func (h *handler) deliver(ctx context.Context, i *invocation.Invocation, event []byte) (any, error) {
	m, err := contract.Decode(event)
	i.Add(slog.String(contract.LogMessageID, m.ID))
	if slices.Contains(contract.Channels(), m.Channel) {
		i.Add(slog.String(contract.LogChannel, string(m.Channel)))
	}
	if err != nil && m.ID == "" {
		return nil, fmt.Errorf("message: %w", err)
	} else if err != nil {
		err = &channel.PermanentError{Reason: "message: " + err.Error()}
	}
	result := contract.Result{ID: m.ID, Status: contract.Sent}
	if err == nil {
		result.ProviderID, err = h.send(ctx, m)
		result.ProviderID = contract.Truncate(result.ProviderID, contract.MaxProviderIDLength)
	}
	switch {
	case err == nil:
		result.SentAt = h.now().UTC().Truncate(time.Microsecond)
	case channel.IsPermanent(err):
		result.Status, result.Error = contract.Failed, contract.Truncate(err.Error(), contract.MaxReasonLength)
		i.Report(slog.LevelWarn, contract.LogDone, slog.String(contract.LogError, err.Error()))
	default:
		return nil, err
	}
	i.Add(slog.String(contract.LogStatus, string(result.Status)))
	return result, nil
}

func (h *handler) send(ctx context.Context, m contract.Message) (string, error) {
	to, on := h.channels[m.Channel]
	if !on {
		return "", &channel.PermanentError{Reason: fmt.Sprintf("channel %q is switched off: on are %q",
			m.Channel, slices.Sorted(maps.Keys(h.channels)))}
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	return to.Send(ctx, m)
}
