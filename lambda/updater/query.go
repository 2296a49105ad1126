package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"scheduled-messages/lambda/message"
)

// query asks for the database's health and, with an ID, for a message's row.
type query struct{ ID string }

// maxQuery is more bytes than a query has, with the longest of ids and each of its characters escaped. It saves
// reading a large record twice.
const maxQuery = 512

// decodeQuery recognises {} and {"id":"..."}. All else is for DecodeRecord to read or to refuse.
func decodeQuery(event []byte) (query, bool) {
	var q query
	if len(event) > maxQuery {
		return q, false
	}
	fields := map[string]json.RawMessage{}
	if json.Unmarshal(event, &fields) != nil || fields == nil {
		return q, false
	}
	id, asked := fields["id"]
	switch {
	case len(fields) == 0:
		return q, true
	case len(fields) == 1 && asked:
		return q, json.Unmarshal(id, &q.ID) == nil && q.ID != ""
	}
	return q, false
}

// health is the answer to {}.
type health struct {
	OK            bool                   `json:"ok"`
	ServerVersion string                 `json:"serverVersion"`
	ConnectionID  int64                  `json:"connectionId"`
	RoundTripMS   float64                `json:"roundTripMs"` // of one small statement on an open connection
	Counts        map[message.Status]int `json:"counts"`      // rows by status
}

// unhealthy is the answer to either query when the database cannot be asked. The log has it at the level ERROR.
type unhealthy struct {
	OK    bool   `json:"ok"` // false
	Error string `json:"error"`
}

// status is the answer to {"id":"..."}.
type status struct {
	health
	Message *state `json:"message"` // null if there is no such row
}

// state is what of a row may be shown: not who got the message, nor what it said.
type state struct {
	ID          string         `json:"id"`
	Status      message.Status `json:"status"`
	ProviderID  string         `json:"providerId,omitempty"`
	LastError   string         `json:"lastError,omitempty"`
	ScheduledAt *time.Time     `json:"scheduledAt,omitempty"`
	SentAt      *time.Time     `json:"sentAt,omitempty"`
	UpdatedAt   time.Time      `json:"updatedAt"`
}

func (h *handler) report(ctx context.Context, q query) (answer any, err error) {
	err = h.pool.Do(ctx, func(ctx context.Context, db *sql.DB) error {
		health, err := measure(ctx, db)
		if err != nil {
			return err
		}
		answer = health
		if q.ID == "" {
			return nil
		}
		state, err := look(ctx, db, q.ID)
		answer = status{health, state}
		return err
	})
	return answer, err
}

func measure(ctx context.Context, db *sql.DB) (health, error) {
	h := health{OK: true, Counts: map[message.Status]int{message.Scheduled: 0, message.Sent: 0, message.Failed: 0}}
	err := db.QueryRowContext(ctx, "SELECT VERSION(), CONNECTION_ID()").Scan(&h.ServerVersion, &h.ConnectionID)
	if err != nil {
		return h, err
	}
	var one int
	start := time.Now()
	if err := db.QueryRowContext(ctx, "SELECT 1").Scan(&one); err != nil {
		return h, err
	}
	h.RoundTripMS = milliseconds(time.Since(start))
	rows, err := db.QueryContext(ctx, "SELECT status, COUNT(*) FROM messages GROUP BY status")
	if err != nil {
		return h, err
	}
	defer rows.Close()
	for rows.Next() {
		var status message.Status
		var count int
		if err := rows.Scan(&status, &count); err != nil {
			return h, err
		}
		h.Counts[status] = count
	}
	return h, rows.Err()
}

func look(ctx context.Context, db *sql.DB, id string) (*state, error) {
	s := state{ID: id}
	var providerID, lastError sql.NullString
	err := db.QueryRowContext(ctx,
		"SELECT status, provider_id, last_error, scheduled_at, sent_at, updated_at FROM messages WHERE id = ?", id,
	).Scan(&s.Status, &providerID, &lastError, &s.ScheduledAt, &s.SentAt, &s.UpdatedAt)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s.ProviderID, s.LastError = providerID.String, lastError.String
	return &s, nil
}
