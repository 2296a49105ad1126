package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"strings"
	"time"

	"scheduled-messages/infra/sandbox/state"
	"scheduled-messages/lambda/contract"
)

// bySQL is the messages of a backend that knows nothing of AWS, and what becomes of them.
var bySQL = []struct {
	id, subject string
	want        contract.Status
}{
	{"moved", "Scheduled for an hour from now, and then moved", contract.Sent},
	{"cancelled", "Scheduled for an hour from now, and then cancelled", contract.Cancelled},
}

// The statements of such a backend.
const (
	insertRow = "INSERT INTO messages (id, channel, recipient, subject, body, scheduled_at) VALUES (?, ?, ?, ?, ?, ?)"
	moveRow   = "UPDATE messages SET scheduled_at = ? WHERE id = ? AND status = ?"
	cancelRow = "UPDATE messages SET status = ? WHERE id = ? AND status = ?"
)

// demonstrateBySQL schedules the messages by SQL, moves one and cancels the other. A round of armer comes each minute; here it is
// invoked after each step, so that nobody waits for it.
func demonstrateBySQL(ctx context.Context, now *state.State, out io.Writer) error {
	db, err := now.Database()
	if err != nil {
		return err
	}
	defer db.Close()
	later := time.Now().UTC().Add(time.Hour).Truncate(time.Second)
	for _, m := range bySQL {
		row := []any{m.id, contract.Webhook, now.Webhook("200"), m.subject, "It is time.", later}
		if err := execute(ctx, db, out, insertRow, row...); err != nil {
			return err
		}
	}
	if err := followRows(ctx, now, out); err != nil {
		return err
	}
	if err := execute(ctx, db, out, moveRow, time.Now().UTC(), bySQL[0].id, contract.Scheduled); err != nil {
		return err
	}
	if err := execute(ctx, db, out, cancelRow, contract.Cancelled, bySQL[1].id, contract.Scheduled); err != nil {
		return err
	}
	if err := followRows(ctx, now, out); err != nil {
		return err
	}
	for _, m := range bySQL {
		schedule, err := now.Cloud().Schedule(ctx, now.Outputs[contract.OutputScheduleGroupName], contract.ScheduleName(m.id))
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "            %-10s its schedule: %s, %s\n", m.id, schedule.Expression, strings.ToLower(schedule.State))
		if (schedule.State == "DISABLED") != (m.want == contract.Cancelled) {
			return fmt.Errorf("the schedule of %s is %s", m.id, schedule.State)
		}
	}
	fmt.Fprintln(out)
	return nil
}

// execute runs one statement and shows it.
func execute(ctx context.Context, db *sql.DB, out io.Writer, statement string, arguments ...any) error {
	fmt.Fprintf(out, "            SQL        %s\n", statement)
	_, err := db.ExecContext(ctx, statement, arguments...)
	return err
}

// followRows has schedules follow the rows at once.
func followRows(ctx context.Context, now *state.State, out io.Writer) error {
	armer, err := now.Armer(ctx)
	if err != nil {
		return err
	}
	var done struct{ Armed, Disarmed, Left int }
	if err := now.Cloud().Invoke(ctx, armer, struct{}{}, &done); err != nil {
		return fmt.Errorf("armer: %w", err)
	}
	fmt.Fprintf(out, "            armer      %d made or moved, %d disabled, %d left\n", done.Armed, done.Disarmed, done.Left)
	return nil
}
