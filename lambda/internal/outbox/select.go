// Package outbox is what relay reads of the rows whose schedules have to follow, and what the updater records of it.
package outbox

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"scheduled-messages/lambda/contract"
)

// The values of the column todo.
const (
	todoFollow = 1 // a schedule has to follow its row
	todoClear  = 2 // a schedule has done its work
)

// row is what relay reads of a row first. The body, which may be long, comes after.
type row struct {
	id                          string
	version                     time.Time // updated_at, which each statement of a backend or of the updater moves on
	status                      contract.Status
	scheduledAt                 sql.NullTime
	channel, recipient, subject sql.NullString
	bodyLength                  int
	dueAt                       time.Time
	todo                        int
}

// The two statements read one range of the index messages_todo each, and the rows that it names: what they cost depends
// on the limit and not on the table. One statement for both ranges, with OR, would read all entries of the time again.
const (
	selectRows = `SELECT id, updated_at, status, scheduled_at, channel, recipient, subject, COALESCE(LENGTH(body), 0), due_at
FROM messages FORCE INDEX (messages_todo) WHERE todo = ? AND `
	sameTime  = `due_at = ? AND id > ? ORDER BY id LIMIT ?`
	laterTime = `due_at > ? AND due_at <= ? ORDER BY due_at, id LIMIT ?`
)

// The first and the last time that a column may hold and the driver passes on: Go's zero time would be MySQL's zero date, which
// a strict server refuses.
var (
	firstTime = time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC)
	lastTime  = time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)
)

// selectWork reads up to limit rows after the cursor, oldest due first: those whose schedule has to follow, and then those
// whose schedule may be deleted because they have been as they are since clearBefore.
func selectWork(ctx context.Context, db *sql.DB, after *contract.Cursor, clearBefore time.Time, limit int) (
	all []row, err error) {
	for _, part := range []struct {
		todo  int
		until time.Time
	}{{todoFollow, lastTime}, {todoClear, clearBefore}} {
		from := firstTime
		if after != nil && after.Todo > part.todo {
			continue
		}
		if after != nil && after.Todo == part.todo {
			from = after.DueAt
			all, err = appendRows(ctx, db, all, part.todo, limit, sameTime, from, after.ID)
			if err != nil {
				return nil, err
			}
		}
		if all, err = appendRows(ctx, db, all, part.todo, limit, laterTime, from, part.until); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func appendRows(ctx context.Context, db *sql.DB, all []row, todo, limit int, condition string, arguments ...any) ([]row, error) {
	left := limit - len(all)
	if left <= 0 {
		return all, nil
	}
	found, err := db.QueryContext(ctx, selectRows+condition, append(append([]any{todo}, arguments...), left)...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	for found.Next() {
		r := row{todo: todo}
		if err := found.Scan(&r.id, &r.version, &r.status, &r.scheduledAt, &r.channel, &r.recipient, &r.subject,
			&r.bodyLength, &r.dueAt); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, found.Err()
}

// maxIDs is how many ids a statement names: with quotes and escapes it stays below 16 KB, from where on RDS Proxy would pin
// the connection.
const maxIDs = 100

// selectBodies reads bodies by id, each only if its row has not changed since it was read.
func selectBodies(ctx context.Context, db *sql.DB, rows []row) (bodies map[string]string, err error) {
	bodies = map[string]string{}
	versions := map[string]time.Time{}
	for len(rows) > 0 {
		some := rows[:min(len(rows), maxIDs)]
		rows = rows[len(some):]
		var ids []any
		for _, r := range some {
			ids, versions[r.id] = append(ids, r.id), r.version
		}
		found, err := db.QueryContext(ctx, "SELECT id, updated_at, body FROM messages WHERE body IS NOT NULL AND id IN (?"+
			strings.Repeat(", ?", len(ids)-1)+")", ids...)
		if err != nil {
			return nil, err
		}
		for found.Next() {
			var id, body string
			var version time.Time
			if err := found.Scan(&id, &version, &body); err != nil {
				found.Close()
				return nil, err
			}
			if version.Equal(versions[id]) {
				bodies[id] = body
			}
		}
		if err := found.Err(); err != nil {
			return nil, err
		}
	}
	return bodies, nil
}
