package lambdatest

import (
	"database/sql"
	"testing"
	"time"
)

// Row is all of a row that an outcome may change, and when it changed last.
type Row struct {
	Channel, Recipient, Subject, Status, ProviderID, LastError, SentAt, UpdatedAt string
}

// Rows reads the entire table.
func Rows(t testing.TB, db *sql.DB) map[string]Row {
	t.Helper()
	found, err := db.Query(`SELECT id, COALESCE(channel, ''), COALESCE(recipient, ''), COALESCE(subject, ''), status,
 COALESCE(provider_id, ''), COALESCE(last_error, ''), sent_at, updated_at FROM messages`)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	all := map[string]Row{}
	for found.Next() {
		var id string
		var r Row
		var sent sql.NullTime
		var updated time.Time
		err := found.Scan(&id, &r.Channel, &r.Recipient, &r.Subject, &r.Status, &r.ProviderID, &r.LastError, &sent, &updated)
		if err != nil {
			t.Fatal(err)
		}
		if sent.Valid {
			r.SentAt = sent.Time.UTC().Format(time.RFC3339Nano)
		}
		r.UpdatedAt = updated.UTC().Format(time.RFC3339Nano)
		all[id] = r
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
