package main

import (
	"context"
	"fmt"
	"log/slog"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/cluster"
)

// endSessions ends the sessions of a secret's user. It is for a password that was stolen: after a rotation it opens no new
// sessions, and the open ones stay.
func (h *handler) endSessions(ctx context.Context, arn string, log *slog.Logger) (result string, err error) {
	current, err := h.secrets.stage(ctx, arn, contract.StageCurrent)
	if err != nil {
		return "", err
	}
	db, err := h.cluster.Connect(ctx, log)
	if err != nil {
		return "", err
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // so that the session that ends the others is not among them if the user is the master user
	ended, err := cluster.EndSessions(ctx, db, current.secret.Username)
	return fmt.Sprintf("ended %d sessions of %s", ended, current.secret.Username), err
}
