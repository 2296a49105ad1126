package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/infra/sandbox/schedulertest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/arming"
	"scheduled-messages/lambda/internal/outbox"
)

// world is the data plane of the outbox on a real table: Scheduler's stand-in, and the code of relay, armer and updater, each
// called as the deployed functions call it. Its time is its own, and any call may be the last of its invocation.
type world struct {
	t       testing.TB
	now     time.Time
	fake    *schedulertest.Fake
	armer   *arming.Armer
	backend *sql.DB // no call of it is killed
	db      *sql.DB
	queue   []delivery // the updater's
	sends   map[string][]time.Time

	minutes, calls int  // so far, and in the current minute
	kill           plan // nil: none
	fate           fate // nil: every event comes once, at once
	cancel         context.CancelFunc
}

// delivery is an event in the updater's queue: an outcome or a report.
type delivery struct {
	outcome contract.Outcome
	report  []contract.ScheduleState
}

// plan says which calls are the last of their invocations, and whether they are carried out.
type plan func(minute, call int) (kill, after bool)

// fate is what Lambda's queue may do to an event: it comes later, or once more later on, or (a report, with its function killed
// as often as Lambda tries) not at all.
type fate func(delivery) (lost, twice, later bool)

// seedsByDefault is how many random sequences a test plays on each server. OUTBOX_SEEDS, when it is set, is another number.
const seedsByDefault = 12

func seeds(t testing.TB) uint64 {
	t.Helper()
	text := os.Getenv("OUTBOX_SEEDS")
	if text == "" {
		return seedsByDefault
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil || n == 0 {
		t.Fatalf("OUTBOX_SEEDS is %q: must be a number from 1 on", text)
	}
	return n
}

var errKilled = errors.New("killed")

func newWorld(t testing.TB, s *mysqltest.Server) *world {
	t.Helper()
	w := &world{t: t, now: time.Now().UTC().Truncate(time.Second), sends: map[string][]time.Time{}}
	clock := arming.Clock{Now: func() time.Time { return w.now }, Sleep: func(_ context.Context, d time.Duration) error {
		w.now = w.now.Add(d)
		return nil
	}}
	w.fake = schedulertest.New("messages", clock.Now)
	w.fake.Quota = 250
	w.backend = lambdatest.OpenAdmin(t, s) // who may set the time of a session
	w.backend.SetMaxOpenConns(1)
	w.db = hooked(t, s, w.call)
	w.armer = &arming.Armer{
		Target: arming.Target{
			Group: "messages", RoleARN: "arn:aws:iam::111122223333:role/schedules", SenderARN: "arn:aws:lambda:ap-northeast-2:111122223333:function:sender",
			DeadLetterARN: "arn:aws:sqs:ap-northeast-2:111122223333:undelivered", KeyARN: "arn:aws:kms:ap-northeast-2:111122223333:key/k",
		},
		Clock: clock, Schedules: w, Rows: w, Pace: arming.NewPace(clock, 200), Workers: 1, Log: slog.New(slog.DiscardHandler),
	}
	return w
}

// close closes the connections of a world that another one follows.
func (w *world) close() {
	_ = w.db.Close()
	_ = w.backend.Close()
}

// call is around every call that a function makes.
func (w *world) call(ctx context.Context, carryOut func() error) error {
	if ctx.Err() != nil {
		return errKilled
	}
	w.calls++
	kill, after := false, false
	if w.kill != nil {
		kill, after = w.kill(w.minutes, w.calls)
	}
	if kill && !after {
		w.cancel()
		return errKilled
	}
	err := carryOut()
	if kill {
		w.cancel()
		return errKilled
	}
	return err
}

// invocation runs what one invocation does.
func (w *world) invocation(run func(context.Context) error) error {
	ctx, cancel := context.WithCancel(w.t.Context())
	defer cancel()
	w.cancel = cancel
	return run(ctx)
}

// minute is a round of armer, what the updater makes of its queue, and what Scheduler invokes until the next one.
func (w *world) minute(length time.Duration) {
	w.calls, w.minutes = 0, w.minutes+1
	start := w.now
	_ = w.invocation(func(ctx context.Context) error {
		_, err := w.armer.Round(ctx)
		if err != nil && !errors.Is(err, errKilled) && !errors.Is(err, context.Canceled) {
			w.t.Errorf("round: %v", err)
		}
		return err
	})
	w.update()
	w.now = start.Add(length)
	for _, firing := range w.fake.Fire() {
		m, err := contract.Decode([]byte(firing.Input))
		if err != nil {
			w.t.Fatalf("the sender refuses %s: %v", firing.Input, err)
		}
		w.sends[m.ID] = append(w.sends[m.ID], firing.At)
		w.queue = append(w.queue, delivery{outcome: contract.Outcome{
			ID: m.ID, Status: contract.Sent, At: w.now, Channel: m.Channel, ProviderID: "p-" + m.ID, SentAt: firing.At, FunctionARN: lambdatest.SenderARN}})
	}
}

// update hands the updater its queue. An event whose invocation is killed stays.
func (w *world) update() {
	var left []delivery
	for _, d := range w.queue {
		if w.fate != nil {
			lost, twice, later := w.fate(d)
			if twice || later {
				left = append(left, d)
			}
			if later || lost && d.report != nil {
				continue
			}
		}
		if err := w.invocation(func(ctx context.Context) error { return w.write(ctx, d) }); err != nil {
			if !errors.Is(err, errKilled) && !errors.Is(err, context.Canceled) {
				w.t.Errorf("updater: %v", err)
			}
			left = append(left, d)
		}
	}
	w.queue = left
}

func (w *world) write(ctx context.Context, d delivery) error {
	if d.report == nil {
		_, err := writeOutcome(ctx, w.db, d.outcome, w.now)
		return err
	}
	event, err := json.Marshal(contract.ScheduleReport{Schedules: d.report})
	if err != nil {
		return err
	}
	states, ok, err := outbox.DecodeReport(event)
	if err != nil || !ok {
		return fmt.Errorf("no report: %s: %w", event, err)
	}
	_, err = outbox.Record(ctx, w.db, states, w.now)
	return err
}
