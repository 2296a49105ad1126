package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"strings"

	"scheduled-messages/infra/internal/terminal"
	"scheduled-messages/lambda/contract"
)

// row is what the database says about a message.
type row struct {
	ID     string
	Status contract.Status
	Error  string
	SentAt string
}

// rows are the newest messages, by id, as they stand in the database.
func (s *state) rows(ctx context.Context) (map[string]row, error) {
	db, err := s.Database.Open(s.Outputs["databaseName"])
	if err != nil {
		return nil, err
	}
	defer db.Close()
	found, err := db.QueryContext(ctx, "SELECT id, status, last_error, sent_at FROM messages ORDER BY created_at DESC LIMIT 1000")
	if err != nil {
		return nil, err
	}
	defer found.Close()
	all := map[string]row{}
	for found.Next() {
		var r row
		var problem sql.NullString
		var sent sql.NullTime
		if err := found.Scan(&r.ID, &r.Status, &problem, &sent); err != nil {
			return nil, err
		}
		r.Error = problem.String
		if sent.Valid {
			r.SentAt = sent.Time.Local().Format("15:04:05.0")
		}
		all[r.ID] = r
	}
	return all, found.Err()
}

// print prints a row on one line.
func (r row) print(out io.Writer) {
	line := fmt.Sprintf("  %-10s %-9s %-10s %s", r.ID, r.Status, r.SentAt, r.Error)
	fmt.Fprintln(out, terminal.Printable(strings.TrimRight(line, " "))) // a receiver's words may be in the error
}

// deadLetters counts the messages in the stack's queues of dead letters.
func (s *state) deadLetters(ctx context.Context) (undelivered, unwritten int, err error) {
	if undelivered, err = s.cloud().Waiting(ctx, s.Outputs["undeliveredQueueUrl"]); err != nil {
		return 0, 0, err
	}
	unwritten, err = s.cloud().Waiting(ctx, s.Outputs["unwrittenQueueUrl"])
	return undelivered, unwritten, err
}
