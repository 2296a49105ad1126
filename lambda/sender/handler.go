package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/channel"
)

const (
	// sendTimeout is what one delivery may take in all, the secret and the SDK's own retries included. The function's
	// timeout is above it, so that the sender can still report what went wrong.
	sendTimeout = 25 * time.Second
	// answerMargin is left of the invocation's time for that, should the function's timeout be shorter.
	answerMargin = 2 * time.Second
)

// sender is a channel.
type sender interface {
	// Send returns what the channel calls the message. Its error is a *channel.PermanentError when no retry can help.
	Send(ctx context.Context, m contract.Message) (providerID string, err error)
}

type handler struct {
	channels map[contract.Channel]sender
	now      func() time.Time
	log      *slog.Logger
}

// Invoke handles one event, which Lambda has checked to be JSON.
func (h *handler) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	result, err := h.handle(ctx, event)
	if err != nil {
		return nil, contract.Brief(err)
	}
	return json.Marshal(result)
}

// handle delivers one message. A result, SENT or FAILED, is final, and goes to the updater as it is. An error makes
// Lambda try again, and after its last try the updater gets the error's words. Lambda may hand over one event twice:
// what protects a receiver from a second delivery is the message's id, which every channel passes on.
//
// An event without a usable id is an error, too. No row can be written for it, so it has to end, unchanged, in the
// dead-letter queue.
func (h *handler) handle(ctx context.Context, event []byte) (contract.Result, error) {
	begin := h.now()
	m, err := contract.Decode(event)
	if err != nil && m.ID == "" {
		err = fmt.Errorf("message: %w", err)
	} else if err != nil {
		err = &channel.PermanentError{Reason: "message: " + err.Error()}
	}
	result := contract.Result{ID: m.ID}
	if err == nil {
		result.ProviderID, err = h.send(ctx, m)
		result.ProviderID = contract.Truncate(result.ProviderID, contract.MaxProviderIDLength)
	}
	switch _, refused := errors.AsType[*channel.PermanentError](err); {
	case err == nil:
		result.Status, result.SentAt = contract.Sent, h.now().UTC().Truncate(time.Microsecond)
	case refused:
		result.Status, result.Error = contract.Failed, contract.Truncate(err.Error(), contract.MaxReasonLength)
	}
	h.report(ctx, m, result.Status, h.now().Sub(begin), err)
	if result.Status == "" {
		return contract.Result{}, err
	}
	return result, nil
}

func (h *handler) send(ctx context.Context, m contract.Message) (string, error) {
	to, on := h.channels[m.Channel]
	if !on {
		return "", &channel.PermanentError{Reason: fmt.Sprintf("channel %q is switched off: on are %q",
			m.Channel, slices.Sorted(maps.Keys(h.channels)))}
	}
	end := time.Now().Add(sendTimeout)
	if deadline, ok := ctx.Deadline(); ok && deadline.Add(-answerMargin).Before(end) {
		end = deadline.Add(-answerMargin)
	}
	ctx, cancel := context.WithDeadline(ctx, end)
	defer cancel()
	return to.Send(ctx, m)
}

// report writes the event's one line. It has neither the recipient, whose URL may hold a token, nor subject or body.
func (h *handler) report(ctx context.Context, m contract.Message, status contract.Status, took time.Duration, err error) {
	attributes := []slog.Attr{
		slog.String(contract.LogMessageID, m.ID),
		slog.Float64("durationMs", float64(took.Microseconds())/1000),
	}
	if slices.Contains(contract.Channels, m.Channel) {
		attributes = append(attributes, slog.String("channel", string(m.Channel)))
	}
	if call, ok := lambdacontext.FromContext(ctx); ok {
		attributes = append(attributes, slog.String("requestId", call.AwsRequestID))
	}
	level, what := slog.LevelInfo, string(status)
	switch status {
	case contract.Failed:
		level = slog.LevelWarn
	case "":
		level, what = slog.LevelError, "ERROR"
	}
	attributes = append(attributes, slog.String(contract.LogStatus, what))
	if err != nil {
		attributes = append(attributes, slog.String(contract.LogError, err.Error()))
	}
	h.log.LogAttrs(ctx, level, "message", attributes...)
}
