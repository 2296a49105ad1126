package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/mysql"
)

// maxCount is up to where the rows of a status are counted. A table keeps its rows for years, and counting all takes longer
// the more there are: a second for four million.
const maxCount = 10_000

// overview is the answer to {}.
type overview struct {
	mysql.Health
	Counts map[contract.Status]int `json:"counts"` // rows by status, up to maxCount
	// CountsCapped are the statuses of which there are more rows than that.
	CountsCapped []contract.Status `json:"countsCapped,omitempty"`
}

// countStatuses reads, in one statement, up to one more entry than maxCount of each status from the index messages_status,
// and no row.
var countStatuses = func() string {
	var parts []string
	for _, status := range contract.Statuses() {
		parts = append(parts, fmt.Sprintf("SELECT '%s', COUNT(*) FROM "+
			"(SELECT 1 FROM messages WHERE status = '%s' LIMIT %d) AS counted", status, status, maxCount+1))
	}
	return strings.Join(parts, " UNION ALL ")
}()

func selectOverview(ctx context.Context, db *sql.DB, overdueAfter time.Duration) (answer overview, err error) {
	health, err := mysql.ReadHealth(ctx, db, overdueAfter)
	if err != nil {
		return overview{}, err
	}
	answer = overview{Health: health, Counts: map[contract.Status]int{}}
	rows, err := db.QueryContext(ctx, countStatuses)
	if err != nil {
		return overview{}, err
	}
	defer rows.Close()
	for rows.Next() {
		var status contract.Status
		var count int
		if err := rows.Scan(&status, &count); err != nil {
			return overview{}, err
		}
		if count > maxCount {
			count, answer.CountsCapped = maxCount, append(answer.CountsCapped, status)
		}
		answer.Counts[status] = count
	}
	return answer, rows.Err()
}
