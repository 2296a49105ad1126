package main

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/invocation"
)

// deleteBatch is how many rows one statement reads or deletes: it holds few locks, and for milliseconds.
const deleteBatch = 1000

// maxRetentionDays is ten years.
const maxRetentionDays = 3650

// deleted is the answer to {"retentionDays": N}.
type deleted struct {
	Deleted int64 `json:"deleted"`
	More    bool  `json:"more"` // whether time was up before all were deleted: the next day's invocation goes on
}

// retain deletes the messages that have been in a final state for a number of days, as the master user: the application's user
// may delete nothing. It needs no lock, because nothing that it deletes is written to.
func (h *handler) retain(ctx context.Context, i *invocation.Invocation, days int) (any, error) {
	if days < 1 || days > maxRetentionDays {
		return nil, fmt.Errorf("retentionDays is %d: must be 1 to %d", days, maxRetentionDays)
	}
	db, err := h.cluster.Connect(ctx, i.Log)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	answer, err := deleteOld(ctx, db, time.Now().UTC().AddDate(0, 0, -days))
	i.Add(slog.Int64(contract.LogDeleted, answer.Deleted), slog.Bool(contract.LogMore, answer.More))
	return answer, err
}

// final are the statuses in which a message stays, or may stay.
var final = func() string {
	var all []string
	for _, status := range contract.Statuses() {
		if status != contract.Scheduled {
			all = append(all, "'"+string(status)+"'")
		}
	}
	return strings.Join(all, ", ")
}()

// Old rows are found by the index messages_created, page by page: what is kept of them is read once.
const (
	selectOld   = `SELECT id, created_at FROM messages FORCE INDEX (messages_created) WHERE `
	createdWith = `created_at = ? AND id > ? ORDER BY id LIMIT ?`
	createdThen = `created_at > ? AND created_at < ? ORDER BY created_at, id LIMIT ?`
)

// deleteOld deletes the rows in a final state that have not changed since a time. A row whose schedule is still to be deleted
// stays until that is done.
func deleteOld(ctx context.Context, db *sql.DB, before time.Time) (answer deleted, err error) {
	id, created := "", time.Date(1000, 1, 1, 0, 0, 0, 0, time.UTC)
	for {
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < time.Second {
			answer.More = true
			return answer, nil
		}
		ids, last, err := selectPage(ctx, db, id, created, before)
		if err != nil || len(ids) == 0 {
			return answer, err
		}
		id, created = ids[len(ids)-1].(string), last
		result, err := db.ExecContext(ctx, "DELETE FROM messages WHERE id IN (?"+strings.Repeat(", ?", len(ids)-1)+
			") AND status IN ("+final+") AND updated_at < ? AND todo IS NULL", append(ids, before)...)
		if err != nil {
			return answer, err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return answer, err
		}
		answer.Deleted += n
	}
}

// selectPage reads the ids after one, and when the last of them was created.
func selectPage(ctx context.Context, db *sql.DB, id string, created, before time.Time) (ids []any, last time.Time, err error) {
	last = created
	for _, part := range []struct {
		condition string
		arguments []any
	}{{createdWith, []any{created, id}}, {createdThen, []any{created, before}}} {
		if len(ids) == deleteBatch {
			break
		}
		rows, err := db.QueryContext(ctx, selectOld+part.condition, append(part.arguments, deleteBatch-len(ids))...)
		if err != nil {
			return nil, last, err
		}
		for rows.Next() {
			var one string
			if err := rows.Scan(&one, &last); err != nil {
				rows.Close()
				return nil, last, err
			}
			ids = append(ids, one)
		}
		if err := rows.Err(); err != nil {
			return nil, last, err
		}
	}
	return ids, last, nil
}
