package mysql

import (
	"context"
	"database/sql"
	"time"
)

// Health is the state of a function's way to the database.
type Health struct {
	OK            bool    `json:"ok"` // true
	ServerVersion string  `json:"serverVersion"`
	ConnectionID  int64   `json:"connectionId"`
	RoundTripMS   float64 `json:"roundTripMs"` // of one small statement on an open connection
	Overdue
}

// ReadHealth asks the server for its version, and for a row that cannot be there: the function's user must be able to log in
// and to read the table; and for the rows that are overdue after a time. How long it takes does not depend on the number of rows.
func ReadHealth(ctx context.Context, db *sql.DB, overdueAfter time.Duration) (h Health, err error) {
	h.OK = true
	if err := db.QueryRowContext(ctx, "SELECT VERSION(), CONNECTION_ID()").Scan(&h.ServerVersion, &h.ConnectionID); err != nil {
		return Health{}, err
	}
	var rows int
	start := time.Now()
	if err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM messages WHERE id = ''").Scan(&rows); err != nil {
		return Health{}, err
	}
	h.RoundTripMS = float64(time.Since(start).Microseconds()) / 1000
	if h.Overdue, err = ReadOverdue(ctx, db, start.Add(-overdueAfter)); err != nil {
		return Health{}, err
	}
	return h, nil
}
