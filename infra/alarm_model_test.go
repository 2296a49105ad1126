package infra

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/evaluation"
)

// models are CloudWatch as it may be: what AWS does not document takes every value that is likely. A sample takes up to
// three minutes to be seen, and one to four points more than the evaluation periods are read.
func models(d evaluation.Definition) (all []evaluation.Model) {
	for _, further := range []int{1, 2, 4} {
		for _, delay := range []int{0, 1, 3} {
			all = append(all, evaluation.Model{Further: further, Delay: delay})
			if strings.Contains(d.Expression, "FILL") {
				all = append(all, evaluation.Model{Further: further, Delay: delay, FillsEmpty: true})
			}
		}
	}
	return all
}

// eachAlarm calls the test with every alarm of every mode, each of the same kind once, by its name in the table.
func eachAlarm(t *testing.T, test func(t *testing.T, name string, a *registered, d evaluation.Definition)) {
	seen := map[string]bool{}
	for mode, s := range alarmModes(t) {
		for _, a := range s.of(t, "cloudwatch/metricAlarm:MetricAlarm") {
			name, d := strings.TrimPrefix(a.name, "monitoring-"), definition(a)
			if key := fmt.Sprint(name, d, a.text("alarmDescription")); !seen[key] {
				seen[key] = true
				t.Run(name+" "+mode, func(t *testing.T) { test(t, name, a, d) })
			}
		}
	}
}

// spans are the two incidents of a test, each from a minute to before another.
type spans [2]struct{ begin, end int }

// world is what the alarm's metrics publish, on a healthy stack but for the incidents.
func world(l demand, a *registered, in incident, at spans) evaluation.World {
	all := evaluation.World{}
	instead := in.publishes(l, a)
	for _, m := range a.looksAt() {
		usual := healthy(l, m)
		all[m.id] = func(minute int) []float64 {
			for i := len(at) - 1; i >= 0; i-- {
				switch span := at[i]; {
				case minute < span.begin:
					continue
				case minute < span.end && instead[m.name] != nil:
					return instead[m.name](minute - span.begin)
				case minute >= span.end && l == idle && drained(m.name, minute-span.end) != nil:
					return drained(m.name, minute-span.end)
				}
				break
			}
			return usual(minute)
		}
	}
	return all
}

// stated are the minutes that an alarm's description promises.
func stated(t *testing.T, a *registered) (fires, clears int) {
	t.Helper()
	parts := regexp.MustCompile(` Fires within (\d+) (min|h), clears within (\d+) (min|h)\.$`).FindStringSubmatch(a.text("alarmDescription"))
	if parts == nil {
		t.Fatalf("no times: %s", a.text("alarmDescription"))
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
	eachAlarm(t, func(t *testing.T, name string, a *registered, d evaluation.Definition) {
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
						changes, err := m.Watch(d, world(l, a, in, at), first-rest, until)
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

func TestNoAlarmFiresOnAHealthyStack(t *testing.T) {
	from := born + 2*24*60
	eachAlarm(t, func(t *testing.T, _ string, a *registered, d evaluation.Definition) {
		for _, l := range []demand{idle, busy} {
			for _, m := range models(d) {
				w := evaluation.World{}
				for _, metric := range a.looksAt() {
					w[metric.id] = healthy(l, metric)
					if w[metric.id] == nil {
						t.Fatalf("nobody says what %s of a healthy stack publishes", metric.name)
					}
				}
				changes, err := m.Watch(d, w, from, from+26*60)
				if err != nil {
					t.Fatal(err)
				}
				for _, change := range changes {
					if change.State == evaluation.Alarm {
						t.Errorf("%s, %+v: it fires after %d minutes", l, m, change.Minute-from)
					}
				}
			}
		}
	})
}

// On a new stack there is no metric, and those of the database begin when it is there; the first heartbeat comes after
// the migration.
func TestNoAlarmFiresOnANewStack(t *testing.T) {
	const database = 15 // minutes until it is there, and migrated
	eachAlarm(t, func(t *testing.T, _ string, a *registered, d evaluation.Definition) {
		for _, made := range []int{1, database + 5} { // the alarm
			for _, m := range models(d) {
				w := evaluation.World{}
				for _, metric := range a.looksAt() {
					usual := healthy(idle, metric)
					w[metric.id] = func(minute int) []float64 {
						switch since := minute - born; {
						case since < database:
							return nil
						case metric.namespace == "AWS/AutoScaling" && since < database+10: // begins last
							return nil
						case strings.HasPrefix(metric.name, "ApproximateNumberOfMessages") && since < 360: // in use, and empty
							return []float64{0}
						default:
							return usual(minute - database + beat - born%60) // the first beat comes at once
						}
					}
				}
				changes, err := m.Watch(d, w, born+made, born+8*60)
				if err != nil {
					t.Fatal(err)
				}
				for _, change := range changes {
					if change.State == evaluation.Alarm {
						t.Errorf("%+v, made after %d minutes: it fires after %d", m, made, change.Minute-born)
					}
				}
			}
		}
	})
}

// Few errors are no share of anything: a message that fails for good on a quiet stack is heard of when it is given up.
func TestOneMessageThatFailsInAllItsTriesIsHeardOfByBeingGivenUp(t *testing.T) {
	s := deployed(t)
	const first = 100
	tries := func(minute int) []float64 {
		if since := minute - born - first; since == 0 || since == 1 || since == 3 {
			return []float64{1}
		}
		return nil
	}
	watch := func(name string, w map[string]samples) (alarms int) {
		a := s.one(t, "monitoring-"+name)
		all := evaluation.World{}
		for _, m := range a.looksAt() {
			all[m.id] = w[m.name]
		}
		changes, err := evaluation.Model{Further: 2, Delay: 3}.Watch(definition(a), all, born, born+300)
		if err != nil {
			t.Fatal(err)
		}
		for _, change := range changes {
			if change.State == evaluation.Alarm {
				alarms++
			}
		}
		return alarms
	}
	if got := watch("sender-errors", map[string]samples{"Invocations": tries, "Errors": tries}); got != 0 {
		t.Errorf("three errors fire sender-errors %d times", got)
	}
	dropped := func(minute int) []float64 {
		if minute == born+first+4 {
			return []float64{1}
		}
		return nil
	}
	if got := watch("sender-given-up", map[string]samples{"AsyncEventsDropped": dropped}); got != 1 {
		t.Errorf("the message that is given up fires sender-given-up %d times", got)
	}
}

func TestHeartbeatThatNeverBeginsIsHeardOfThreeHoursAfterItsGroupWasMade(t *testing.T) {
	a := deployed(t).one(t, "monitoring-heartbeat")
	if want := fmt.Sprintf("IF(EPOCH(m) < %d || m > 0, 1, 0)", 60*born); a.expression() != want {
		t.Errorf("the alarm watches %s, want %s", a.expression(), want)
	}
	for _, m := range models(definition(a)) {
		changes, err := m.Watch(definition(a), evaluation.World{}, born+5, born+24*60)
		if err != nil {
			t.Fatal(err)
		}
		if len(changes) != 2 || changes[0].State != evaluation.OK || changes[1].State != evaluation.Alarm || changes[1].Minute != born+180 {
			t.Errorf("%+v: %v", m, changes)
		}
	}
}

func TestCreationThatIsNoTimeIsAnError(t *testing.T) {
	if got, err := beginning("IF(EPOCH(m) < since || m > 0, 1, 0)", "yesterday"); err == nil || !strings.Contains(err.Error(), "yesterday") {
		t.Errorf("%s, %v", got, err)
	}
}
