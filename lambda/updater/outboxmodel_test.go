package main

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/arming"
)

// model is what the outbox promises of each message: when it is sent, zero if it is not.
type model struct {
	sends     map[string]time.Time
	cancelled map[string]bool
}

// change is what the promise becomes when a row says something else. A message whose time is within a minute, or has come, goes
// out at that time; a time that has passed becomes the next possible one.
func (m model) change(w *world, id string) {
	status, at := w.status(id)
	if armed := m.sends[id]; !armed.IsZero() && !armed.After(w.now.Add(time.Minute)) {
		m.cancelled[id] = status == contract.Cancelled
		return
	}
	m.cancelled[id] = status == contract.Cancelled
	m.sends[id] = time.Time{}
	if status == contract.Scheduled {
		m.sends[id] = at.Truncate(time.Second)
		if soonest := w.now.Add(30 * time.Second); at.Before(soonest) {
			m.sends[id] = soonest.Truncate(time.Second)
		}
	}
}

// Backends insert, move and cancel messages at random while reports come late, twice, or never, and outcomes late and twice.
func TestTheOutboxEndsAsItsModelSaysAfterRandomStatementsAndRecords(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		lambdatest.Prepare(t, s)
		for seed := range seeds(t) {
			s.Exec(t, "DELETE FROM "+lambdatest.Database+".messages")
			w, random := newWorld(t, s), rand.New(rand.NewPCG(seed, 4))
			w.armer.Pace = arming.NewPace(w.armer.Clock, 1e6) // no time passes within a minute
			w.fake.Quota = 0
			w.fate = func(delivery) (lost, twice, later bool) {
				return random.IntN(4) == 0, random.IntN(4) == 0, random.IntN(4) == 0
			}
			m := improvise(w, random)
			w.fate = nil
			for range 8 {
				w.minute(4 * time.Minute)
			}
			if m.check(w); t.Failed() {
				t.Fatalf("seed %d", seed)
			}
			w.close()
		}
	})
}

// improvise has a backend do something at random for some minutes, and the model change with it.
func improvise(w *world, random *rand.Rand) model {
	m := model{map[string]time.Time{}, map[string]bool{}}
	for range 14 {
		changed := map[string]bool{}
		for range random.IntN(4) {
			in := time.Duration(random.IntN(600)-120) * time.Second
			id := fmt.Sprintf("m%d", random.IntN(len(m.sends)+1))
			_, known := m.sends[id]
			switch before := w.version(id); {
			case !known:
				w.schedule(id, in)
				m.sends[id] = time.Time{}
				changed[id] = true
			case random.IntN(3) > 0:
				w.move(id, in)
				changed[id] = changed[id] || w.version(id) != before
			default:
				w.cancelMessage(id)
				changed[id] = changed[id] || w.version(id) != before
			}
		}
		for id, yes := range changed {
			if yes {
				m.change(w, id)
			}
		}
		w.minute(time.Minute)
	}
	return m
}

// version is a row's version, empty for a row that is not there.
func (w *world) version(id string) (version string) {
	_ = w.backend.QueryRow("SELECT CONCAT(updated_at) FROM messages WHERE id = ?", id).Scan(&version)
	return version
}

// check compares what was sent, the rows and the schedules with the model.
func (m model) check(w *world) {
	w.t.Helper()
	for id, at := range m.sends {
		got := w.sends[id]
		status, _ := w.status(id)
		want := contract.Sent
		if at.IsZero() {
			want = contract.Cancelled
		}
		if sent := len(got) == 1 && got[0].Equal(at); sent == at.IsZero() || len(got) > 1 || at.IsZero() && len(got) > 0 || status != want {
			w.t.Errorf("%s: %s, sent at %s, want at %s", id, status, got, at)
		}
	}
	if due, schedules := w.due(), w.fake.Times(); due > 0 || len(schedules) > 0 {
		w.t.Errorf("left: %d rows that ask for work, schedules %v", due, schedules)
	}
}
