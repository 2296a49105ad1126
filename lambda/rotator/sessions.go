package main

import (
	"context"
	"fmt"
	"log/slog"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/cluster"
)

// endSessions ends the sessions of a secret's user. It is for a password that was stolen: a rotation keeps it from opening
// new ones, and the open ones stay.
func (r *rotator) endSessions(ctx context.Context, arn string, log *slog.Logger) (did string, err error) {
	current, err := r.vault.stage(ctx, arn, contract.StageCurrent)
	if err != nil {
		return "", err
	}
	db, err := r.cluster.Connect(ctx, log)
	if err != nil {
		return "", err
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // so that the one that ends the sessions is not among them, were it the master user's
	ended, err := cluster.EndSessions(ctx, db, current.secret.Username)
	return fmt.Sprintf("ended %d sessions of %s", ended, current.secret.Username), err
}
