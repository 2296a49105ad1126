package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/invocation"
	"scheduled-messages/lambda/internal/mysql"
	"scheduled-messages/lambda/internal/outbox"
)

type handler struct {
	pool         *mysql.Pool
	sender       string // the ARN of the function whose records it takes
	overdueAfter time.Duration
	log          *slog.Logger
}

// newHandler reads the environment, and connects to nothing.
func newHandler(getenv func(string) string, log *slog.Logger) (*handler, error) {
	pool, err := mysql.PoolFromEnv(getenv, contract.EnvDBSecretARN)
	h := &handler{pool: pool, sender: getenv(contract.EnvSenderARN), log: log}
	if h.sender == "" {
		err = errors.Join(err, fmt.Errorf("%s is not set", contract.EnvSenderARN))
	}
	var wrong error
	h.overdueAfter, wrong = mysql.OverdueAfter(getenv)
	err = errors.Join(err, wrong)
	if err != nil {
		return nil, err
	}
	return h, nil
}

// Invoke handles one event: {} or a destination record.
func (h *handler) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	answer, err := invocation.Run(ctx, h.log, invocation.Margin, func(ctx context.Context, i *invocation.Invocation) (any, error) {
		if isHeartbeat(event) {
			return h.readHealth(ctx, i), nil
		}
		if states, ok, err := outbox.DecodeReport(event); ok {
			return h.recordSchedules(ctx, i, states, err)
		}
		return h.record(ctx, i, event)
	})
	return answer, contract.Brief(err)
}

// isHeartbeat recognises {}.
func isHeartbeat(event []byte) bool {
	inside, opens := strings.CutPrefix(strings.TrimSpace(string(event)), "{")
	return opens && strings.TrimSpace(inside) == "}"
}

// readHealth is the answer to {}, which the stack's own schedule sends: the state of the path by which statuses are written. It
// writes nothing. A database that cannot be asked is no error: a retry or a dead-letter message would be of no use to
// anybody, and the first heartbeat of a new stack may come before its tables.
func (h *handler) readHealth(ctx context.Context, i *invocation.Invocation) (answer any) {
	overdue := 0
	err := h.pool.Do(ctx, func(ctx context.Context, db *sql.DB) error {
		health, err := mysql.ReadHealth(ctx, db, h.overdueAfter)
		answer, overdue = health, health.Count
		return err
	})
	if err != nil {
		return i.Unhealthy(err)
	}
	i.Add(slog.Int(contract.LogOverdue, overdue))
	return answer
}

// recordSchedules writes what armer reports of the schedules of rows.
func (h *handler) recordSchedules(ctx context.Context, i *invocation.Invocation, states []contract.ScheduleState, invalid error) (
	any, error) {
	if invalid != nil {
		return nil, invalid
	}
	now := time.Now()
	var recorded outbox.Recorded
	err := h.pool.Do(ctx, func(ctx context.Context, db *sql.DB) (err error) {
		recorded, err = outbox.Record(ctx, db, states, now)
		return err
	})
	i.Add(slog.Int(contract.LogSchedules, recorded.Schedules), slog.Int(contract.LogRows, recorded.Rows))
	return recorded, err
}

// written is the answer to a destination record.
type written struct {
	ID     string          `json:"id"`
	Status contract.Status `json:"status"` // of the record; the row's may be a later one
	Row    string          `json:"row"`    // inserted, updated or unchanged
}

// record writes what a destination record reports.
func (h *handler) record(ctx context.Context, i *invocation.Invocation, event []byte) (any, error) {
	outcome, err := contract.DecodeRecord(event)
	if err != nil {
		return nil, fmt.Errorf("event is neither {} nor a destination record: %w", err)
	}
	i.Add(slog.String(contract.LogMessageID, outcome.ID), slog.String(contract.LogStatus, string(outcome.Status)))
	if !outcome.IsOf(h.sender) {
		return nil, fmt.Errorf("the record is about %.170q: must be about the sender, %s", outcome.FunctionARN, h.sender)
	}
	change, err := h.write(ctx, outcome)
	if err != nil {
		return nil, err
	}
	i.Add(slog.String(contract.LogRow, change))
	return written{outcome.ID, outcome.Status, change}, nil
}

func (h *handler) write(ctx context.Context, outcome contract.Outcome) (change string, err error) {
	now := time.Now()
	err = h.pool.Do(ctx, func(ctx context.Context, db *sql.DB) error {
		change, err = writeOutcome(ctx, db, outcome, now)
		return err
	})
	return change, err
}

// writeOutcome writes an outcome into its row, and returns how the row changed.
func writeOutcome(ctx context.Context, db *sql.DB, outcome contract.Outcome, now time.Time) (change string, err error) {
	updated, err := updateExisting(outcome, now).run(ctx, db)
	if err != nil || updated > 0 {
		return "updated", err
	}
	affected, err := upsert(outcome, now).run(ctx, db)
	return [...]string{"unchanged", "inserted", "updated"}[min(affected, 2)], err
}
