package arming

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/schedulertest"
	"scheduled-messages/lambda/contract"
)

// pages are relay's answers, one after the other, and what was reported.
type pages struct {
	pages   []contract.Page
	asked   []*contract.Cursor
	reports [][]contract.ScheduleState
	err     error
}

func (p *pages) Ask(_ context.Context, after *contract.Cursor) (contract.Page, error) {
	p.asked = append(p.asked, after)
	if len(p.asked) > len(p.pages) {
		return contract.Page{}, p.err
	}
	return p.pages[len(p.asked)-1], p.err
}

func (p *pages) Report(_ context.Context, states []contract.ScheduleState) error {
	p.reports = append(p.reports, states)
	return nil
}

// virtual is a clock that stands still but for those who sleep.
type virtual struct {
	mu  sync.Mutex
	now time.Time
}

func (v *virtual) clock() Clock {
	return Clock{Now: func() time.Time {
		v.mu.Lock()
		defer v.mu.Unlock()
		return v.now
	}, Sleep: func(_ context.Context, d time.Duration) error {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.now = v.now.Add(d)
		return nil
	}}
}

// rig is an armer before an empty group.
type rig struct {
	*Armer
	*virtual
	fake *schedulertest.Fake
	rows *pages
}

func noon() time.Time { return time.Date(2031, 1, 2, 12, 0, 0, 0, time.UTC) }

func newRig(t testing.TB, perSecond int) rig {
	t.Helper()
	v := &virtual{now: noon()}
	r := rig{virtual: v, fake: schedulertest.New("messages", v.clock().Now), rows: &pages{}}
	r.fake.Quota = 250
	r.Armer = &Armer{
		Target: Target{
			Group:         "messages",
			RoleARN:       "arn:aws:iam::111122223333:role/schedules",
			SenderARN:     "arn:aws:lambda:ap-northeast-2:111122223333:function:sender",
			DeadLetterARN: "arn:aws:sqs:ap-northeast-2:111122223333:undelivered",
			KeyARN:        "arn:aws:kms:ap-northeast-2:111122223333:key/k",
		},
		Clock: v.clock(), Schedules: r.fake, Rows: r.rows, Pace: NewPace(v.clock(), perSecond), Workers: 1, Log: slog.New(slog.DiscardHandler),
	}
	return r
}

// version is a row's updated_at.
func version(n int) time.Time { return noon().Add(time.Duration(n) * time.Microsecond) }

func arm(id string, n int, at time.Time) contract.Command {
	return contract.Command{ID: id, Op: contract.Arm, Version: version(n), At: at,
		Message: fmt.Appendf(nil, `{"id":%q,"channel":"sns","to":"","body":"version %d"}`, id, n)}
}

func disarm(id string, n int) contract.Command {
	return contract.Command{ID: id, Op: contract.Disarm, Version: version(n)}
}

func clearing(id string, n int) contract.Command {
	return contract.Command{ID: id, Op: contract.Clear, Version: version(n)}
}

// do carries out one page of commands, read at a time, and returns the round's summary.
func (r rig) do(t testing.TB, read time.Time, commands ...contract.Command) Summary {
	t.Helper()
	*r.rows = pages{pages: []contract.Page{{Read: read, Commands: commands}}}
	s, err := r.Round(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// inputs are what Scheduler would invoke in a day.
func (r rig) inputs() (all []string) {
	r.virtual.now = r.virtual.now.Add(24 * time.Hour)
	for _, firing := range r.fake.Fire() {
		all = append(all, firing.At.Format("15:04:05 ")+firing.Input)
	}
	return all
}
