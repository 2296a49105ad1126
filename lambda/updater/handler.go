package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/invocation"
	"scheduled-messages/lambda/internal/mysql"
)

type handler struct {
	pool   *mysql.Pool
	sender string // the ARN of the function whose records it takes
	log    *slog.Logger
}

// newHandler reads the environment, and connects to nothing.
func newHandler(getenv func(string) string, log *slog.Logger) (*handler, error) {
	pool, err := mysql.PoolFromEnv(getenv, contract.EnvDBSecretARN)
	h := &handler{pool, getenv(contract.EnvSenderARN), log}
	if h.sender == "" {
		err = errors.Join(err, fmt.Errorf("%s is not set", contract.EnvSenderARN))
	}
	if err != nil {
		return nil, err
	}
	return h, nil
}

// Invoke handles one event and logs one line about it. An error is Lambda's to keep: it tries again, and hands the
// event to the dead letters in the end.
func (h *handler) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	start := time.Now()
	answer, about, err := h.handle(ctx, event)
	about = invocation.Attrs(ctx, start, about...)
	if err != nil {
		h.log.LogAttrs(ctx, slog.LevelError, "failed", append(about, slog.String(contract.LogError, err.Error()))...)
		return nil, contract.Brief(err)
	}
	level, what := slog.LevelInfo, contract.LogDone
	if ill, ok := answer.(mysql.Unhealthy); ok {
		level, what, about = slog.LevelError, contract.LogUnhealthy, append(about, slog.String(contract.LogError, ill.Error))
	}
	h.log.LogAttrs(ctx, level, what, about...)
	return json.Marshal(answer)
}

func (h *handler) handle(ctx context.Context, event []byte) (answer any, about []slog.Attr, err error) {
	ctx, cancel := invocation.WithMargin(ctx)
	defer cancel()
	if isHeartbeat(event) {
		return h.beat(ctx), nil, nil
	}
	outcome, err := contract.DecodeRecord(event)
	if err != nil {
		return nil, nil, fmt.Errorf("event is neither {} nor a destination record: %w", err)
	}
	about = []slog.Attr{slog.String(contract.LogMessageID, outcome.ID), slog.String(contract.LogStatus, string(outcome.Status))}
	if !outcome.IsOf(h.sender) {
		return nil, about, fmt.Errorf("the record is about %.170q: allowed is the sender, %s", outcome.FunctionARN, h.sender)
	}
	change, err := h.write(ctx, outcome)
	if err != nil {
		return nil, about, err
	}
	return written{outcome.ID, outcome.Status, change}, append(about, slog.String("row", change)), nil
}

// isHeartbeat recognises {}.
func isHeartbeat(event []byte) bool {
	inside, opens := strings.CutPrefix(strings.TrimSpace(string(event)), "{")
	return opens && strings.TrimSpace(inside) == "}"
}

// beat is the answer to {}, which the stack's own schedule sends: how the path is by which statuses are written. It
// writes nothing. A database that cannot be asked is no error: a retry or a dead-letter message would be of no use to
// anybody, and the first heartbeat of a new stack may come before its tables.
func (h *handler) beat(ctx context.Context) (answer any) {
	err := h.pool.Do(ctx, func(ctx context.Context, db *sql.DB) error {
		health, err := mysql.Measure(ctx, db)
		answer = health
		return err
	})
	if err != nil {
		return mysql.Unhealthy{Error: err.Error()}
	}
	return answer
}

// written is the answer to a destination record.
type written struct {
	ID     string          `json:"id"`
	Status contract.Status `json:"status"` // of the record; the row's may be a later one
	Row    string          `json:"row"`    // inserted, updated or unchanged
}

func (h *handler) write(ctx context.Context, outcome contract.Outcome) (change string, err error) {
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
