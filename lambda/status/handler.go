package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"log/slog"
	"time"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/invocation"
	"scheduled-messages/lambda/internal/mysql"
)

type handler struct {
	pool *mysql.Pool
	log  *slog.Logger
}

// newHandler reads the environment, and connects to nothing.
func newHandler(getenv func(string) string, log *slog.Logger) (*handler, error) {
	pool, err := mysql.PoolFromEnv(getenv, contract.EnvDBReaderSecretARN)
	if err != nil {
		return nil, err
	}
	return &handler{pool, log}, nil
}

// refused is the answer to a question that is none. It says nothing about the stack, and nothing asks the database.
type refused struct {
	Refused string `json:"refused"` // what is wrong with the question, and what is allowed
}

// Invoke answers one question and logs one line about it. It never fails: what is wrong with the database or with the
// question is in the answer, because nothing is lost with a question, and a retry or a dead-letter message would be of no
// use to anybody.
func (h *handler) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	start := time.Now()
	answer, about := h.handle(ctx, event)
	level, what := slog.LevelInfo, contract.LogDone
	switch answer := answer.(type) {
	case mysql.Unhealthy:
		level, what, about = slog.LevelError, contract.LogUnhealthy, append(about, slog.String(contract.LogError, answer.Error))
	case refused: // the caller's fault, which no alarm is to count: its words are in a field of their own
		what, about = contract.LogRefused, append(about, slog.String(contract.LogRefused, answer.Refused))
	}
	h.log.LogAttrs(ctx, level, what, invocation.Attrs(ctx, start, about...)...)
	return json.Marshal(answer)
}

func (h *handler) handle(ctx context.Context, event []byte) (answer any, about []slog.Attr) {
	ctx, cancel := invocation.WithMargin(ctx)
	defer cancel()
	q, err := decodeQuery(event)
	if err != nil {
		return refused{err.Error()}, nil
	}
	if q.ID != "" {
		about = []slog.Attr{slog.String(contract.LogMessageID, q.ID)}
	}
	err = h.pool.Do(ctx, func(ctx context.Context, db *sql.DB) (err error) {
		if q.ID != "" {
			answer, err = look(ctx, db, q.ID)
		} else {
			answer, err = survey(ctx, db)
		}
		return err
	})
	if err != nil {
		return mysql.Unhealthy{Error: err.Error()}, about
	}
	return answer, about
}
