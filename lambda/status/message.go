package main

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"scheduled-messages/lambda/contract"
)

// found is the answer to {"id":"..."}.
type found struct {
	OK      bool   `json:"ok"`      // true
	Message *state `json:"message"` // null if there is no such row
}

// state is the part of a row that may be shown: neither the recipient nor the subject.
type state struct {
	ID          string          `json:"id"`
	Status      contract.Status `json:"status"`
	ProviderID  string          `json:"providerId,omitempty"`
	LastError   string          `json:"lastError,omitempty"`
	ScheduledAt *time.Time      `json:"scheduledAt,omitempty"`
	SentAt      *time.Time      `json:"sentAt,omitempty"`
	UpdatedAt   time.Time       `json:"updatedAt"`
}

// selectMessage reads one row by its key, and nothing else.
func selectMessage(ctx context.Context, db *sql.DB, id string) (any, error) {
	s := state{ID: id}
	var providerID, lastError sql.NullString
	err := db.QueryRowContext(ctx,
		"SELECT status, provider_id, last_error, scheduled_at, sent_at, updated_at FROM messages WHERE id = ?", id,
	).Scan(&s.Status, &providerID, &lastError, &s.ScheduledAt, &s.SentAt, &s.UpdatedAt)
	if errors.Is(err, sql.ErrNoRows) {
		return found{OK: true}, nil
	}
	if err != nil {
		return nil, err
	}
	s.ProviderID, s.LastError = providerID.String, lastError.String
	return found{true, &s}, nil
}
