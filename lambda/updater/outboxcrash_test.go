package main

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqlserver"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

// script is what a backend does in each of the first minutes, with messages that are moved and cancelled long before their
// time, just before it, and after it.
var script = []func(*world){
	func(w *world) {
		for id, in := range map[string]time.Duration{"a": 3, "b": 3, "c": 3, "d": -5, "e": 10, "f": 10, "g": 10, "h": 2, "z": 15} {
			w.schedule(id, in*time.Minute)
		}
	},
	func(w *world) {
		w.move("b", 8*time.Minute)
		w.cancelMessage("c")
		w.move("e", -time.Minute)
		w.move("z", 17*time.Minute)
	},
	func(w *world) {
		w.schedule("i", 2*time.Minute)
		w.cancelMessage("i")
		w.cancelMessage("f")
		w.move("g", 2*time.Minute)
		w.cancelMessage("h")
	},
	func(w *world) {
		w.move("g", 7*time.Minute)
		w.move("a", 5*time.Minute)
		w.exec("UPDATE messages SET body = 'It is late.' WHERE id = 'b' AND status = 'SCHEDULED'")
		w.move("z", 16*time.Minute)
	},
}

// cancelled are the ids of the script that a backend cancels.
var cancelled = []string{"c", "f", "h", "i"}

// crashing is how many minutes have crashes in them.
const crashing = 7

// play plays the script, with crashes by the plan in the first minutes, and returns how many calls each of these had.
func (w *world) play(kill plan) (calls []int) {
	w.kill = kill
	for minute := range crashing {
		if minute < len(script) {
			script[minute](w)
		}
		w.minute(time.Minute)
		calls = append(calls, w.calls)
	}
	w.kill = nil
	w.minute(time.Minute)
	w.minute(time.Minute) // what the killed invocations left is done
	if status, at := w.status("z"); status != contract.Scheduled || !w.fake.Times()[contract.ScheduleName("z")].Equal(at.Truncate(time.Second)) {
		w.t.Errorf("z is %s for %s, its schedule is of %s", status, at, w.fake.Times()[contract.ScheduleName("z")])
	}
	for range 6 {
		w.minute(4 * time.Minute)
	}
	return calls
}

// check sees whether rows, schedules and what was sent agree in the end.
func (w *world) check() {
	w.t.Helper()
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "z"} {
		status, _ := w.status(id)
		sends := len(w.sends[id])
		want := contract.Sent
		if slices.Contains(cancelled, id) && sends == 0 {
			want = contract.Cancelled
		}
		if sends > 1 || sends == 0 && want == contract.Sent || status != want {
			w.t.Errorf("%s: %s, sent at %s", id, status, w.sends[id])
		}
	}
	if due, schedules := w.due(), w.fake.Times(); due > 0 || len(schedules) > 0 || len(w.queue) > 0 {
		w.t.Errorf("left: %d rows that ask for work, schedules %v, %d events", due, schedules, len(w.queue))
	}
}

func TestWithoutACrashTheOutboxSendsAtTheTimesOfRowsAndNoCancelledMessage(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		lambdatest.Prepare(t, s)
		w := newWorld(t, s)
		start := w.now
		t.Logf("%d calls in the first minutes", w.play(nil))
		w.check()
		for id, want := range map[string][2]time.Duration{"b": {9, 9}, "e": {1, 2}, "d": {0, 1}, "z": {19, 19}, "g": {4, 10}, "a": {3, 8}} {
			if len(w.sends[id]) != 1 {
				t.Fatalf("%s was sent at %s", id, w.sends[id])
			}
			got := w.sends[id][0].Sub(start)
			if got < want[0]*time.Minute || got > want[1]*time.Minute+time.Second {
				t.Errorf("%s was sent after %s, want %v minutes", id, got, want)
			}
		}
		for _, id := range []string{"c", "f", "i"} { // h is cancelled when its time has come
			if len(w.sends[id]) > 0 {
				t.Errorf("%s is cancelled and was sent at %s", id, w.sends[id])
			}
		}
	})
}

// The data plane is killed at each call of each of the first minutes, before it and after it: once in that minute alone, and
// once at the same call of all of them. MySQL, which is what is deployed, has all of these runs. MariaDB has the latter, and one
// minute in three of the former, chosen at random: the code that crashes is the same, and what differs is how a statement works.
func TestTheOutboxLosesNoMessageAndSendsNoneTwiceAfterACrashAtAnyCall(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		lambdatest.Prepare(t, s)
		calls := newWorld(t, s).play(nil)
		runs, all := 0, s.Kind == mysqlserver.MySQL
		for minute, n := range append([]int{slices.Max(calls) + 5}, calls...) { // 0: all of them
			for call := range n {
				for _, after := range []bool{false, true} {
					if !all && minute > 0 && rand.IntN(3) > 0 {
						continue
					}
					s.Exec(t, "DELETE FROM "+lambdatest.Database+".messages")
					w := newWorld(t, s)
					w.play(func(m, c int) (bool, bool) { return c == call+1 && (m == minute || minute == 0), after })
					w.check()
					w.close()
					if runs++; t.Failed() {
						t.Fatalf("killed at call %d of minute %d, after it: %t", call+1, minute, after)
					}
				}
			}
		}
		t.Logf("%d runs with a crash", runs)
		if runs < 150 && all || runs < 60 {
			t.Error("too few to have hit every call")
		}
	})
}

// The data plane is killed at random, so that what one crash left meets the next.
func TestTheOutboxLosesNoMessageAndSendsNoneTwiceAfterManyCrashes(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		lambdatest.Prepare(t, s)
		for seed := range seeds(t) {
			s.Exec(t, "DELETE FROM "+lambdatest.Database+".messages")
			w, random := newWorld(t, s), rand.New(rand.NewPCG(seed, 3))
			w.play(func(int, int) (bool, bool) { return random.IntN(8) == 0, random.IntN(2) == 0 })
			w.check()
			if w.close(); t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		}
	})
}
