package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/invocation"
	"scheduled-messages/lambda/internal/mysql"
	"scheduled-messages/lambda/internal/outbox"
)

type handler struct {
	pool         *mysql.Pool
	now          func() time.Time
	overdueAfter time.Duration
	log          *slog.Logger
}

// newHandler reads the environment, and connects to nothing.
func newHandler(getenv func(string) string, log *slog.Logger) (*handler, error) {
	pool, err := mysql.PoolFromEnv(getenv, contract.EnvDBSecretARN)
	overdueAfter, wrong := mysql.OverdueAfter(getenv)
	if err := errors.Join(err, wrong); err != nil {
		return nil, err
	}
	return &handler{pool, time.Now, overdueAfter, log}, nil
}

// Invoke answers with one page of work. A database that cannot be asked is an error: armer has nothing to do without an answer,
// and its own error is the one that counts.
func (h *handler) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	return invocation.Run(ctx, h.log, invocation.Margin, func(ctx context.Context, i *invocation.Invocation) (any, error) {
		p, err := h.readPage(ctx, i, event)
		i.Add(slog.Int(contract.LogCommands, len(p.Commands)), slog.Bool(contract.LogMore, p.Next != nil))
		return p, err
	})
}

func (h *handler) readPage(ctx context.Context, i *invocation.Invocation, event []byte) (p contract.Page, err error) {
	var query contract.RelayQuery
	if err := json.Unmarshal(event, &query); err != nil {
		return p, fmt.Errorf("the event is not a JSON object with a cursor: %w", err)
	}
	now := h.now()
	var overdue mysql.Overdue
	err = h.pool.Do(ctx, func(ctx context.Context, db *sql.DB) (err error) {
		if query.After == nil { // once a round
			if overdue, err = mysql.ReadOverdue(ctx, db, now.Add(-h.overdueAfter)); err != nil {
				return err
			}
		}
		p, err = outbox.ReadPage(ctx, db, now, query.After)
		return err
	})
	if err == nil && query.After == nil {
		i.Add(slog.Int(contract.LogOverdue, overdue.Count))
	}
	return p, err
}
