package state

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"strings"

	"scheduled-messages/infra/internal/terminal"
	"scheduled-messages/lambda/contract"
)

// Row is what the database says about a message.
type Row struct {
	ID     string
	Status contract.Status
	Error  string
	SentAt string
}

// Rows are the newest messages, by id, as they stand in the database.
func (s *State) Rows(ctx context.Context) (map[string]Row, error) {
	db, err := s.Database()
	if err != nil {
		return nil, err
	}
	defer db.Close()
	messages, err := db.QueryContext(ctx, "SELECT id, status, last_error, sent_at FROM messages ORDER BY created_at DESC LIMIT 1000")
	if err != nil {
		return nil, err
	}
	defer messages.Close()
	all := map[string]Row{}
	for messages.Next() {
		var r Row
		var problem sql.NullString
		var sent sql.NullTime
		if err := messages.Scan(&r.ID, &r.Status, &problem, &sent); err != nil {
			return nil, err
		}
		r.Error = problem.String
		if sent.Valid {
			r.SentAt = sent.Time.Local().Format("15:04:05.0")
		}
		all[r.ID] = r
	}
	return all, messages.Err()
}

// Print prints a row on one line.
func (r Row) Print(out io.Writer) {
	line := fmt.Sprintf("  %-10s %-9s %-10s %s", r.ID, r.Status, r.SentAt, r.Error)
	fmt.Fprintln(out, terminal.Printable(strings.TrimRight(line, " "))) // a receiver's words may be in the error
}

// DeadLetters counts the messages in the stack's dead-letter queues.
func (s *State) DeadLetters(ctx context.Context) (undelivered, unwritten int, err error) {
	if undelivered, err = s.Cloud().Waiting(ctx, s.Outputs[contract.OutputUndeliveredQueueURL]); err != nil {
		return 0, 0, err
	}
	unwritten, err = s.Cloud().Waiting(ctx, s.Outputs[contract.OutputUnwrittenQueueURL])
	return undelivered, unwritten, err
}
