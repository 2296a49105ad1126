package main

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/scheduler"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/outbox"
)

// Ask is armer's call of relay.
func (w *world) Ask(ctx context.Context, after *contract.Cursor) (p contract.Page, err error) {
	err = w.call(ctx, func() (err error) {
		p, err = outbox.ReadPage(ctx, w.db, w.now, after)
		return err
	})
	return p, err
}

// Report is armer's call of the updater, which queues the event.
func (w *world) Report(ctx context.Context, states []contract.ScheduleState) error {
	return w.call(ctx, func() error {
		w.queue = append(w.queue, delivery{report: states})
		return nil
	})
}

// The calls of Scheduler's API.

func (w *world) CreateSchedule(ctx context.Context, in *scheduler.CreateScheduleInput, _ ...func(*scheduler.Options)) (out *scheduler.CreateScheduleOutput, err error) {
	err = w.call(ctx, func() (err error) { out, err = w.fake.CreateSchedule(ctx, in); return err })
	return out, err
}

func (w *world) GetSchedule(ctx context.Context, in *scheduler.GetScheduleInput, _ ...func(*scheduler.Options)) (out *scheduler.GetScheduleOutput, err error) {
	err = w.call(ctx, func() (err error) { out, err = w.fake.GetSchedule(ctx, in); return err })
	return out, err
}

func (w *world) UpdateSchedule(ctx context.Context, in *scheduler.UpdateScheduleInput, _ ...func(*scheduler.Options)) (out *scheduler.UpdateScheduleOutput, err error) {
	err = w.call(ctx, func() (err error) { out, err = w.fake.UpdateSchedule(ctx, in); return err })
	return out, err
}

func (w *world) DeleteSchedule(ctx context.Context, in *scheduler.DeleteScheduleInput, _ ...func(*scheduler.Options)) (out *scheduler.DeleteScheduleOutput, err error) {
	err = w.call(ctx, func() (err error) { out, err = w.fake.DeleteSchedule(ctx, in); return err })
	return out, err
}

// The backend's statements.

func (w *world) exec(statement string, arguments ...any) {
	w.t.Helper()
	w.now = w.now.Add(time.Millisecond) // no two statements of a backend have one time
	if _, err := w.backend.Exec(fmt.Sprintf("SET timestamp = %d.%06d", w.now.Unix(), w.now.Nanosecond()/1000)); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.backend.Exec(statement, arguments...); err != nil {
		w.t.Fatalf("%s: %v", statement, err)
	}
}

func (w *world) schedule(id string, in time.Duration) {
	w.t.Helper()
	w.exec("INSERT INTO messages (id, channel, recipient, subject, body, scheduled_at) VALUES (?, 'sns', 'team', 'Hello', 'It is time.', ?)", id, w.now.Add(in))
}

func (w *world) move(id string, in time.Duration) {
	w.t.Helper()
	w.exec("UPDATE messages SET scheduled_at = ? WHERE id = ? AND status = 'SCHEDULED'", w.now.Add(in), id)
}

func (w *world) cancelMessage(id string) {
	w.t.Helper()
	w.exec("UPDATE messages SET status = 'CANCELLED' WHERE id = ? AND status = 'SCHEDULED'", id)
}

// status reads a row's status and time.
func (w *world) status(id string) (status contract.Status, at time.Time) {
	w.t.Helper()
	if err := w.backend.QueryRow("SELECT status, scheduled_at FROM messages WHERE id = ?", id).Scan(&status, &at); err != nil {
		w.t.Fatal(err)
	}
	return status, at
}

// due is how many rows ask for work.
func (w *world) due() (n int) {
	w.t.Helper()
	if err := w.backend.QueryRow("SELECT COUNT(*) FROM messages WHERE todo IS NOT NULL").Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}
