package main

import (
	"time"

	"scheduled-messages/lambda/message"
)

// upsert writes an outcome. A row's final state depends on the set of outcomes alone, not on their order, and an
// outcome that was seen before changes nothing:
//
//   - SCHEDULED becomes FAILED or SENT, FAILED becomes SENT (which clears the error), and nothing goes back;
//   - of two deliveries the earlier is kept, by sent_at and then by provider_id;
//   - of two failures the later is kept: last_error begins with its time, so that the greater text is the later.
//
// MySQL and MariaDB evaluate the assignments from left to right, each with the values that those before it left. So
// updated_at comes first and status last, and each of the others looks at columns that are assigned after it, at
// itself, or at the new values. VALUES() is deprecated in MySQL 8.0 and there to stay in MariaDB, which does not know
// its successor.
const upsert = `INSERT INTO messages
 (id, channel, recipient, subject, status, provider_id, last_error, sent_at, created_at, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE
 updated_at = CASE WHEN ` + forward + ` OR ` + laterFailure + ` OR ` + earlierDelivery + ` OR ` + sameTime + `
  THEN VALUES(updated_at) ELSE updated_at END,
 last_error = CASE WHEN ` + forward + ` OR ` + laterFailure + `
  THEN VALUES(last_error) ELSE last_error END,
 provider_id = CASE WHEN ` + forward + ` OR ` + earlierDelivery + ` OR ` + sameTime + `
  THEN VALUES(provider_id) ELSE provider_id END,
 sent_at = CASE WHEN ` + forward + ` OR ` + earlierDelivery + `
  THEN VALUES(sent_at) ELSE sent_at END,
 status = CASE WHEN ` + forward + `
  THEN VALUES(status) ELSE status END`

// When an outcome changes a row, in terms of its columns and of VALUES(), what was to be inserted.
const (
	forward = `(status <> 'SENT' AND status <> VALUES(status))` // from SCHEDULED, or from FAILED to SENT

	laterFailure = `(status = 'FAILED' AND VALUES(status) = 'FAILED'
   AND STRCMP(CAST(VALUES(last_error) AS BINARY), CAST(COALESCE(last_error, '') AS BINARY)) > 0)`

	earlierDelivery = `(status = 'SENT' AND VALUES(status) = 'SENT' AND VALUES(sent_at) < sent_at)`

	sameTime = `(status = 'SENT' AND VALUES(status) = 'SENT' AND VALUES(sent_at) = sent_at
   AND STRCMP(CAST(COALESCE(VALUES(provider_id), '') AS BINARY), CAST(COALESCE(provider_id, '') AS BINARY)) < 0)`
)

// failureTime begins a last_error. Its width is fixed, so that texts are in the order of their times.
const failureTime = "2006-01-02T15:04:05.000Z "

// The widths of columns, in characters, that an outcome may overflow.
const (
	maxChannel    = 32
	maxRecipient  = 2048
	maxSubject    = 100
	maxProviderID = 255
	maxLastError  = 1024
)

// row is the statement's arguments for an outcome, cut to the columns' widths. With them the statement stays below
// 16 KB, from where on RDS Proxy would pin the connection.
func row(o message.Outcome, now time.Time) []any {
	var providerID, lastError, sentAt any
	switch o.Status {
	case message.Sent:
		providerID, sentAt = cut(o.ProviderID, maxProviderID), o.SentAt
	case message.Failed:
		lastError = cut(o.At.Format(failureTime)+o.Error, maxLastError)
	}
	now = now.UTC().Truncate(time.Millisecond)
	return []any{
		o.ID, cut(string(o.Channel), maxChannel), cut(o.To, maxRecipient), cut(o.Subject, maxSubject),
		string(o.Status), providerID, lastError, sentAt, now, now,
	}
}

// cut shortens a text to a number of characters. An empty one is NULL.
func cut(text string, characters int) any {
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
