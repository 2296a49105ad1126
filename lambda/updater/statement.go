package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"scheduled-messages/lambda/contract"
)

// The rules of a row. Its final state depends on the set of its outcomes alone, not on their order, and an outcome that
// was seen before changes nothing:
//
//   - the status changes as contract.Status allows, and not back; a late success clears the error;
//   - of two deliveries the earlier is kept, by sent_at and then by provider_id;
//   - of two failures the later is kept: last_error begins with its time, so that the greater text is the later.
//
// The upserts are all of that, each in one statement. Nearly every outcome updates the backend's row, and a plain UPDATE does
// that at half the cost; only an outcome that updates nothing goes on to the upsert.
var (
	updateToSent = `UPDATE messages SET status = 'SENT', provider_id = ?, last_error = NULL, sent_at = ?, updated_at = ?
WHERE id = ? AND ` + mayBecome(contract.Sent)

	updateToFailed = `UPDATE messages SET status = 'FAILED', last_error = ?, updated_at = ?
WHERE id = ? AND ` + mayBecome(contract.Failed)
)

// MySQL and MariaDB evaluate the assignments from left to right, each with the values that those before it left. So
// updated_at comes first and status last, and each of the others reads columns that are assigned after it,
// itself, or the new values. VALUES() is deprecated in MySQL 8.0 and there to stay in MariaDB, which does not know
// its successor. Texts are compared as bytes, whatever the collation.
//
// A new row has no recipient and no subject: those are the backend's to write. The server's slow and general logs hold
// statements with their values, and no log is to hold them.
var (
	upsertSent = insert + `updated_at = IF(` + firstSent + `, VALUES(updated_at), updated_at),
 provider_id = IF(` + firstSent + `, VALUES(provider_id), provider_id),
 sent_at = IF(` + mayBecome(contract.Sent) + ` OR status = 'SENT' AND sent_at > VALUES(sent_at), VALUES(sent_at), sent_at),
 last_error = NULL,
 status = 'SENT'`

	upsertFailed = insert + `updated_at = IF(` + lastFailed + `, VALUES(updated_at), updated_at),
 last_error = IF(` + lastFailed + `, VALUES(last_error), last_error),
 status = IF(` + mayBecome(contract.Failed) + `, 'FAILED', status)`

	firstSent = mayBecome(contract.Sent) + ` OR status = 'SENT' AND (sent_at > VALUES(sent_at) OR sent_at = VALUES(sent_at)
  AND CAST(COALESCE(provider_id, '') AS BINARY) > CAST(COALESCE(VALUES(provider_id), '') AS BINARY))`

	lastFailed = mayBecome(contract.Failed) + ` OR status = 'FAILED'
  AND CAST(COALESCE(last_error, '') AS BINARY) < CAST(VALUES(last_error) AS BINARY)`
)

const insert = `INSERT INTO messages
 (id, channel, status, provider_id, last_error, sent_at, created_at, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE
 `

// mayBecome is the condition on a row whose status may change to another one.
func mayBecome(status contract.Status) string {
	var previous []string
	for _, one := range status.Previous() {
		previous = append(previous, fmt.Sprintf("'%s'", one))
	}
	return "status IN (" + strings.Join(previous, ", ") + ")"
}

// statement is a statement with its arguments.
type statement struct {
	text      string
	arguments []any
}

// updateExisting is the statement that writes nearly every outcome. Texts are truncated to the columns' widths, here and in
// upsert, so that a statement stays below 16 KB, from where on RDS Proxy would pin the connection.
func updateExisting(o contract.Outcome, now time.Time) statement {
	if o.Status == contract.Sent {
		return statement{updateToSent, []any{
			truncate(o.ProviderID, contract.MaxProviderIDLength), o.SentAt, toMilliseconds(now), o.ID,
		}}
	}
	return statement{updateToFailed, []any{lastError(o), toMilliseconds(now), o.ID}}
}

// upsert is the statement that writes an outcome if updateExisting changed nothing.
func upsert(o contract.Outcome, now time.Time) statement {
	s := statement{text: upsertFailed}
	var provider, failure, sentAt any
	if o.Status == contract.Sent {
		s.text, provider, sentAt = upsertSent, truncate(o.ProviderID, contract.MaxProviderIDLength), o.SentAt
	} else {
		failure = lastError(o)
	}
	s.arguments = []any{
		o.ID, truncate(string(o.Channel), contract.MaxChannelLength), string(o.Status),
		provider, failure, sentAt, toMilliseconds(now), toMilliseconds(now),
	}
	return s
}

// lastError is the text of a failure, with its time.
func lastError(o contract.Outcome) any {
	return truncate(o.At.Format(contract.FailureTime)+o.Error, contract.MaxReasonLength)
}

// toMilliseconds is a time as the columns keep it.
func toMilliseconds(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// run executes a statement and returns how many rows it changed, where an updated one counts twice in an upsert. The
// driver has that from the server's answer; ROW_COUNT() would pin the proxy's connection.
func (s statement) run(ctx context.Context, db *sql.DB) (int64, error) {
	result, err := db.ExecContext(ctx, s.text, s.arguments...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// truncate shortens a text to a number of characters. An empty one is NULL.
func truncate(text string, characters int) any {
	if text == "" {
		return nil
	}
	for i := range text {
		if characters == 0 {
			return text[:i]
		}
		characters--
	}
	return text
}
