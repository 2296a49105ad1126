package main

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/invocation"
	"scheduled-messages/lambda/internal/mysql"
)

type handler struct {
	pool         *mysql.Pool
	overdueAfter time.Duration
	log          *slog.Logger
}

// newHandler reads the environment, and connects to nothing.
func newHandler(getenv func(string) string, log *slog.Logger) (*handler, error) {
	pool, err := mysql.PoolFromEnv(getenv, contract.EnvDBReaderSecretARN)
	overdueAfter, wrong := mysql.OverdueAfter(getenv)
	if err := errors.Join(err, wrong); err != nil {
		return nil, err
	}
	return &handler{pool, overdueAfter, log}, nil
}

// refused is the answer to what is no question. It says nothing about the stack, and nothing asks the database.
type refused struct {
	Refused string `json:"refused"` // what is wrong with the question, and what it must be
}

// Invoke answers one question. It never fails: what is wrong with the database or with the question is in the answer, because
// nothing is lost with a question, and a retry or a dead-letter message would be of no use to anybody.
func (h *handler) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	return invocation.Run(ctx, h.log, invocation.Margin, func(ctx context.Context, i *invocation.Invocation) (answer any, _ error) {
		q, err := decodeQuery(event)
		if err != nil { // the caller's fault, which no alarm is to count: the reason is in a field of its own
			i.Report(slog.LevelInfo, contract.LogRefused, slog.String(contract.LogRefused, err.Error()))
			return refused{err.Error()}, nil
		}
		if q.ID != "" {
			i.Add(slog.String(contract.LogMessageID, q.ID))
		}
		err = h.pool.Do(ctx, func(ctx context.Context, db *sql.DB) (err error) {
			before := time.Now().Add(-h.overdueAfter)
			switch {
			case q.ID != "":
				answer, err = selectMessage(ctx, db, q.ID)
			case q.Overdue:
				answer, err = selectOverdue(ctx, db, before)
			default:
				var all overview
				all, err = selectOverview(ctx, db, h.overdueAfter)
				answer = all
				i.Add(slog.Int(contract.LogOverdue, all.Count))
			}
			return err
		})
		if err != nil {
			answer = i.Unhealthy(err)
		}
		return answer, nil
	})
}
