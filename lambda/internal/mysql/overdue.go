package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"scheduled-messages/lambda/contract"
)

// MaxOverdue is up to where overdue rows are counted.
const MaxOverdue = 10_000

// Overdue are the rows that are SCHEDULED long after their time, whoever made their schedules: messages that were neither
// delivered nor given up, wherever they were lost.
type Overdue struct {
	Count  int  `json:"overdue"`                 // up to MaxOverdue
	Capped bool `json:"overdueCapped,omitempty"` // whether there are more
}

// countOverdue reads the oldest entries of the index messages_status, and no row.
const countOverdue = `SELECT COUNT(*) FROM
(SELECT 1 FROM messages WHERE status = 'SCHEDULED' AND scheduled_at < ? LIMIT ?) AS counted`

// ReadOverdue counts the rows that are SCHEDULED for a time before the given one.
func ReadOverdue(ctx context.Context, db *sql.DB, before time.Time) (o Overdue, err error) {
	if err := db.QueryRowContext(ctx, countOverdue, before.UTC(), MaxOverdue+1).Scan(&o.Count); err != nil {
		return Overdue{}, err
	}
	if o.Count > MaxOverdue {
		o.Count, o.Capped = MaxOverdue, true
	}
	return o, nil
}

// OverdueAfter reads how long after its time a row is overdue.
func OverdueAfter(getenv func(string) string) (time.Duration, error) {
	seconds, err := strconv.ParseUint(getenv(contract.EnvOverdueSeconds), 10, 20)
	if err != nil || seconds == 0 {
		return 0, fmt.Errorf("%s is %q: must be a number of seconds", contract.EnvOverdueSeconds, getenv(contract.EnvOverdueSeconds))
	}
	return time.Duration(seconds) * time.Second, nil
}
