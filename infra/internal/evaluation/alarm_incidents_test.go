package evaluation_test

import (
	"fmt"
	"regexp"
	"strconv"
	"testing"

	"scheduled-messages/infra/internal/evaluation"
	"scheduled-messages/infra/internal/infratest"
)

// spans are the two incidents of a test, each from a minute to before another.
type spans [2]struct{ begin, end int }

// world is what the alarm's metrics publish, on a healthy stack but for the incidents.
func world(t *testing.T, l demand, a *infratest.Resource, in incident, at spans) evaluation.World {
	t.Helper()
	all := evaluation.World{}
	instead := in.publishes(l, a)
	for _, m := range a.LooksAt() {
		usual := healthy(l, m)
		if usual == nil {
			t.Fatalf("nobody says what %s of a healthy stack publishes", m.Name)
		}
		all[m.ID] = func(minute int) []float64 {
			for i := len(at) - 1; i >= 0; i-- {
				switch span := at[i]; {
				case minute < span.begin:
					continue
				case minute < span.end && instead[m.Name] != nil:
					return instead[m.Name](minute - span.begin)
				case minute >= span.end && l == idle && drained(m.Name, minute-span.end) != nil:
					return drained(m.Name, minute-span.end)
				}
				break
			}
			return usual(minute)
		}
	}
	return all
}

// stated are the minutes that an alarm's description promises.
func stated(t *testing.T, a *infratest.Resource) (fires, clears int) {
	t.Helper()
	parts := regexp.MustCompile(` Fires within (\d+) (min|h), clears within (\d+) (min|h)\.$`).FindStringSubmatch(a.Text("alarmDescription"))
	if parts == nil {
		t.Fatalf("no times: %s", a.Text("alarmDescription"))
	}
	minutes := func(number, unit string) int {
		n, err := strconv.Atoi(number)
		if err != nil {
			t.Fatal(err)
		}
		if unit == "h" {
			n *= 60
		}
		return n
	}
	return minutes(parts[1], parts[2]), minutes(parts[3], parts[4])
}

func TestEveryAlarmFiresAndClearsWithinTheTimesThatItStatesAndFiresAgain(t *testing.T) {
	eachAlarm(t, func(t *testing.T, name string, a *infratest.Resource, d evaluation.Definition) {
		fires, clears := stated(t, a)
		slowest, last := 0, 0
		step := 22 // minutes of the hour in which the incident begins
		if d.Period >= 60 {
			step = 7 // heartbeats come once an hour
		}
		if len(incidentsOf(name)) == 0 {
			t.Fatal("no incident shows what it is for")
		}
		for _, in := range incidentsOf(name) {
			for _, l := range []demand{idle, busy} {
				for _, m := range models(d) {
					for phase := 0; phase < 60; phase += step {
						rest := (d.Periods+m.Further)*d.Period + clears + 120 // between incidents
						first := born + 3*24*60 + phase
						at := spans{{first, first + in.long}, {first + in.long + rest, first + 2*in.long + rest}}
						until := at[1].end + rest
						changes, err := m.Watch(d, world(t, l, a, in, at), first-rest, until)
						if err != nil {
							t.Fatal(err)
						}
						fired, cleared := twice(t, fmt.Sprintf("%s, %+v, phase %d", l, m, phase), at, changes)
						slowest, last = max(slowest, fired), max(last, cleared)
						if t.Failed() {
							return
						}
					}
				}
			}
		}
		if slowest > fires || fires > slowest+max(5, slowest/2) {
			t.Errorf("fires within %d min, and states %d", slowest, fires)
		}
		if last > clears || clears > last+max(5, last/2) {
			t.Errorf("clears within %d min, and states %d", last, clears)
		}
	})
}

// twice wants exactly: well, firing in the first incident, well after it, firing in the second, well after it.
func twice(t *testing.T, where string, at spans, changes []evaluation.Change) (fired, cleared int) {
	t.Helper()
	if len(changes) > 0 && changes[0].State == evaluation.OK && changes[0].Minute < at[0].begin {
		changes = changes[1:]
	}
	if len(changes) != 4 {
		t.Errorf("%s: incidents at %v, and the state changes %v", where, at, changes)
		return 0, 0
	}
	for i, span := range at {
		alarm, ok := changes[2*i], changes[2*i+1]
		if alarm.State != evaluation.Alarm || ok.State != evaluation.OK || alarm.Minute < span.begin || ok.Minute < span.end {
			t.Errorf("%s: incidents at %v, and the state changes %v", where, at, changes)
		}
		fired, cleared = max(fired, alarm.Minute-span.begin), max(cleared, ok.Minute-span.end)
	}
	return fired, cleared
}
