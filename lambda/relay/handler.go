package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/invocation"
	"scheduled-messages/lambda/internal/mysql"
	"scheduled-messages/lambda/internal/rows"
)

type handler struct {
	pool *mysql.Pool
	now  func() time.Time
	log  *slog.Logger
}

// newHandler reads the environment, and connects to nothing.
func newHandler(getenv func(string) string, log *slog.Logger) (*handler, error) {
	pool, err := mysql.PoolFromEnv(getenv, contract.EnvDBSecretARN)
	if err != nil {
		return nil, err
	}
	return &handler{pool, time.Now, log}, nil
}

// Invoke answers with one page of work. A database that cannot be asked is an error: armer has nothing to do without an answer,
// and its own error is the one that counts.
func (h *handler) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	return invocation.Run(ctx, h.log, invocation.Margin, func(ctx context.Context, i *invocation.Invocation) (any, error) {
		p, err := h.readPage(ctx, event)
		i.Add(slog.Int(contract.LogCommands, len(p.Commands)), slog.Bool(contract.LogMore, p.Next != nil))
		return p, err
	})
}

func (h *handler) readPage(ctx context.Context, event []byte) (p contract.Page, err error) {
	var query contract.RelayQuery
	if err := json.Unmarshal(event, &query); err != nil {
		return p, fmt.Errorf("the event is not a JSON object with a cursor: %w", err)
	}
	now := h.now()
	err = h.pool.Do(ctx, func(ctx context.Context, db *sql.DB) (err error) {
		p, err = rows.ReadPage(ctx, db, now, query.After)
		return err
	})
	return p, err
}
