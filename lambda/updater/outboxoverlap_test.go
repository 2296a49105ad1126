package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/arming"
)

// slow is armer's way to the rows with a pause between what relay has read and what armer does with it.
type slow struct {
	*world
	pause func()
}

func (s slow) Ask(ctx context.Context, after *contract.Cursor) (contract.Page, error) {
	p, err := s.world.Ask(ctx, after)
	if after == nil {
		s.pause()
	}
	return p, err
}

// overlap begins a round, does something, and lets the round go on with what it has read before. The updater has the reports
// of the round that began last first.
func (w *world) overlap(pause func()) {
	second := *w.armer
	second.Rows = slow{w, pause}
	if _, err := second.Round(w.t.Context()); err != nil {
		w.t.Errorf("round: %v", err)
	}
}

// Scheduler begins a round, which it may do twice, and another comes through whole before the first one carries out what it has
// read, up to a minute later.
func TestTheOutboxLosesNoMessageAndSendsNoneTwiceWhenRoundsOverlap(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		lambdatest.Prepare(t, s)
		for seed := range seeds(t) {
			s.Exec(t, "DELETE FROM "+lambdatest.Database+".messages")
			w, random := newWorld(t, s), rand.New(rand.NewPCG(seed, 5))
			w.armer.Pace = arming.NewPace(w.armer.Clock, 1e6)
			w.fake.Quota = 0
			ids := map[string]bool{}
			for range 12 {
				anything(w, random, ids)
				w.overlap(func() {
					anything(w, random, ids)
					w.minute(40 * time.Second)
					w.minute(15 * time.Second)
				})
				w.update()
			}
			last := w.now
			for range 8 {
				w.minute(4 * time.Minute)
			}
			for id := range ids {
				checkOne(w, id, last)
			}
			if due, schedules := w.due(), w.fake.Times(); due > 0 || len(schedules) > 0 {
				t.Errorf("left: %d rows that ask for work, schedules %v", due, schedules)
			}
			if w.close(); t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		}
	})
}

// anything is what a backend does at some time.
func anything(w *world, random *rand.Rand, ids map[string]bool) {
	in := time.Duration(random.IntN(1200)-120) * time.Second
	id := fmt.Sprintf("m%d", random.IntN(len(ids)+1))
	switch {
	case !ids[id]:
		w.schedule(id, in)
	case random.IntN(3) > 0:
		w.move(id, in)
	default:
		w.cancelMessage(id)
	}
	ids[id] = true
}

// checkOne sees whether a row and what was sent agree, and whether a message that was to go out after the last overlap went
// out at its row's time.
func checkOne(w *world, id string, last time.Time) {
	w.t.Helper()
	status, at := w.status(id)
	sends := w.sends[id]
	if len(sends) > 1 || (status == contract.Sent) != (len(sends) == 1) || status != contract.Sent && status != contract.Cancelled {
		w.t.Errorf("%s: %s, sent at %s", id, status, sends)
	}
	if len(sends) == 1 && sends[0].After(last.Add(2*time.Minute)) && (status == contract.Cancelled || !sends[0].Equal(at.Truncate(time.Second))) {
		w.t.Errorf("%s was to be sent at %s, and was sent at %s", id, at, sends[0])
	}
}

func TestAMessageIsOfOneVersionOfItsRowWhenTheRowChangesWhileItIsRead(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		lambdatest.Prepare(t, s)
		w := newWorld(t, s)
		for at := 1; at <= 4; at++ { // relay's invocation, and its three statements
			id := fmt.Sprintf("m%d", at)
			w.schedule(id, time.Hour)
			w.calls = 0
			w.kill = func(_, call int) (bool, bool) {
				if call == at {
					w.exec("UPDATE messages SET recipient = 'other', body = 'Other.' WHERE id = ?", id)
				}
				return false, false
			}
			p, err := w.Ask(t.Context(), nil)
			if w.calls != 4 || err != nil {
				t.Errorf("%d calls, %v", w.calls, err)
			}
			for _, c := range p.Commands {
				if m, err := contract.Decode(c.Message); err != nil || (m.To == "other") != (m.Body == "Other.") {
					t.Errorf("changed at call %d: %s, %v", at, c.Message, err)
				}
			}
		}
		w.kill = nil
		if p, err := w.Ask(t.Context(), nil); err != nil || len(p.Commands) != 4 {
			t.Errorf("in the end: %d commands, %v", len(p.Commands), err)
		}
	})
}
