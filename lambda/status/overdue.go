package main

import (
	"context"
	"database/sql"
	"time"

	"scheduled-messages/lambda/contract"
)

// maxListed is how many overdue rows are listed.
const maxListed = 100

// overdue is the answer to {"overdue":true}.
type overdue struct {
	OK      bool                  `json:"ok"` // true
	Overdue []contract.OverdueRow `json:"overdue"`
}

// selectOverdue reads the rows that have been SCHEDULED for longest after their time.
func selectOverdue(ctx context.Context, db *sql.DB, before time.Time) (any, error) {
	rows, err := db.QueryContext(ctx, `SELECT
 id, scheduled_at, updated_at, body IS NOT NULL, COALESCE(armed_version = updated_at, FALSE)
FROM messages WHERE status = 'SCHEDULED' AND scheduled_at < ? ORDER BY scheduled_at LIMIT ?`, before.UTC(), maxListed)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	answer := overdue{OK: true, Overdue: []contract.OverdueRow{}}
	for rows.Next() {
		var one contract.OverdueRow
		if err := rows.Scan(&one.ID, &one.ScheduledAt, &one.Version, &one.Outbox, &one.Armed); err != nil {
			return nil, err
		}
		answer.Overdue = append(answer.Overdue, one)
	}
	return answer, rows.Err()
}
