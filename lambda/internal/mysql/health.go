package mysql

import (
	"context"
	"database/sql"
	"time"
)

// Health is how a function reaches the database.
type Health struct {
	OK            bool    `json:"ok"` // true
	ServerVersion string  `json:"serverVersion"`
	ConnectionID  int64   `json:"connectionId"`
	RoundTripMS   float64 `json:"roundTripMs"` // of one small statement on an open connection
}

// Unhealthy is the answer when the database cannot be asked.
type Unhealthy struct {
	OK    bool   `json:"ok"` // false
	Error string `json:"error"`
}

// Measure asks the server who it is, and for a row that cannot be there: the function's user has to be let in and to
// see the table. What it takes does not depend on how many rows there are.
func Measure(ctx context.Context, db *sql.DB) (Health, error) {
	h := Health{OK: true}
	if err := db.QueryRowContext(ctx, "SELECT VERSION(), CONNECTION_ID()").Scan(&h.ServerVersion, &h.ConnectionID); err != nil {
		return Health{}, err
	}
	var rows int
	start := time.Now()
	if err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM messages WHERE id = ''").Scan(&rows); err != nil {
		return Health{}, err
	}
	h.RoundTripMS = float64(time.Since(start).Microseconds()) / 1000
	return h, nil
}
