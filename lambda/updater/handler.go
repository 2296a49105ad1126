package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"scheduled-messages/lambda/internal/database"
	"scheduled-messages/lambda/internal/secret"
	"scheduled-messages/lambda/message"
)

// margin is what is left of the function's time for handing an error back. Lambda would note a timeout as well, but
// without a word on what took so long.
const margin = 500 * time.Millisecond

type handler struct {
	pool *database.Pool
	log  *slog.Logger
}

// newHandler reads the environment, and connects to nothing: the secret cannot be read before the first event.
func newHandler(getenv func(string) string, log *slog.Logger) (*handler, error) {
	server, err := database.ServerFromEnv(getenv)
	problems := []error{err}
	arn := getenv(message.EnvDBSecretARN)
	if arn == "" {
		problems = append(problems, fmt.Errorf("%s is not set", message.EnvDBSecretARN))
	}
	idle, err := strconv.ParseUint(getenv(message.EnvDBMaxIdleSeconds), 10, 16)
	if err != nil || idle == 0 {
		problems = append(problems, fmt.Errorf("%s is %q, want a number of seconds",
			message.EnvDBMaxIdleSeconds, getenv(message.EnvDBMaxIdleSeconds)))
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	maxIdle := time.Duration(idle) * time.Second
	return &handler{database.NewPool(server, secret.NewClient(getenv), arn, maxIdle, nil), log}, nil
}

// Invoke handles one event and logs one line about it. An error is Lambda's to keep: it tries again, and hands the
// event to the dead letters in the end.
func (h *handler) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	start := time.Now()
	answer, about, err := h.handle(ctx, event)
	if call, ok := lambdacontext.FromContext(ctx); ok {
		about = append(about, slog.String("requestId", call.AwsRequestID))
	}
	about = append(about, slog.Float64("durationMs", milliseconds(time.Since(start))))
	if err != nil {
		h.log.LogAttrs(ctx, slog.LevelError, "failed", append(about, slog.String(message.LogError, err.Error()))...)
		return nil, message.Brief(err)
	}
	level, what := slog.LevelInfo, message.LogDone
	if ill, ok := answer.(unhealthy); ok {
		level, what, about = slog.LevelError, message.LogUnhealthy, append(about, slog.String(message.LogError, ill.Error))
	}
	h.log.LogAttrs(ctx, level, what, about...)
	return json.Marshal(answer)
}

func (h *handler) handle(ctx context.Context, event []byte) (answer any, about []slog.Attr, err error) {
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-margin))
		defer cancel()
	}
	if query, ok := decodeQuery(event); ok {
		if query.ID != "" {
			about = []slog.Attr{slog.String(message.LogMessageID, query.ID)}
		}
		answer, err := h.report(ctx, query)
		if err != nil {
			// Nothing is lost with a query, so it is no error: a retry or a dead letter would be of no use to anybody.
			// The first heartbeat of a new stack, for one, may come before its tables.
			return unhealthy{Error: err.Error()}, about, nil
		}
		return answer, about, nil
	}
	outcome, err := message.DecodeRecord(event)
	if err != nil {
		return nil, nil, fmt.Errorf("event is neither {}, {\"id\":\"...\"} nor a destination record: %w", err)
	}
	about = []slog.Attr{slog.String(message.LogMessageID, outcome.ID), slog.String(message.LogStatus, string(outcome.Status))}
	change, err := h.write(ctx, outcome)
	if err != nil {
		return nil, about, err
	}
	return written{outcome.ID, outcome.Status, change}, append(about, slog.String("row", change)), nil
}

// written is the answer to a destination record.
type written struct {
	ID     string         `json:"id"`
	Status message.Status `json:"status"` // of the record; the row's may be a later one
	Row    string         `json:"row"`    // inserted, updated or unchanged
}

func (h *handler) write(ctx context.Context, outcome message.Outcome) (change string, err error) {
	now := time.Now()
	err = h.pool.Do(ctx, func(ctx context.Context, db *sql.DB) error {
		moved, err := move(outcome, now).run(ctx, db)
		if err != nil || moved > 0 {
			change = "updated"
			return err
		}
		affected, err := upsert(outcome, now).run(ctx, db)
		change = [...]string{"unchanged", "inserted", "updated"}[min(affected, 2)]
		return err
	})
	return change, err
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
