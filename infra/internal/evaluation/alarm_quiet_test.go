package evaluation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/evaluation"
	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/monitoring"
)

func TestNoAlarmFiresOnAHealthyStack(t *testing.T) {
	from := born + 2*24*60
	eachAlarm(t, func(t *testing.T, _ string, a *infratest.Resource, d evaluation.Definition) {
		for _, l := range []demand{idle, busy} {
			for _, m := range models(d) {
				w := evaluation.World{}
				for _, metric := range a.LooksAt() {
					w[metric.ID] = healthy(l, metric)
					if w[metric.ID] == nil {
						t.Fatalf("nobody says what %s of a healthy stack publishes", metric.Name)
					}
				}
				if got := firings(t, m, d, w, from, from+26*60); got != nil {
					t.Errorf("%s, %+v: it fires at %v", l, m, got)
				}
			}
		}
	})
}

// On a new stack there is no metric, and those of the database begin when it is there; the first heartbeat comes after
// the migration.
func TestNoAlarmFiresOnANewStack(t *testing.T) {
	const database = 15 // minutes until it is there, and migrated
	eachAlarm(t, func(t *testing.T, _ string, a *infratest.Resource, d evaluation.Definition) {
		for _, made := range []int{1, database + 5} { // the alarm
			for _, m := range models(d) {
				w := evaluation.World{}
				for _, metric := range a.LooksAt() {
					usual := healthy(idle, metric)
					w[metric.ID] = func(minute int) []float64 {
						switch since := minute - born; {
						case since < database:
							return nil
						case metric.Namespace == "AWS/AutoScaling" && since < database+10: // begins last
							return nil
						case strings.HasPrefix(metric.Name, "ApproximateNumberOfMessages") && since < 360: // in use, and empty
							return []float64{0}
						default:
							return usual(minute - database + beat - born%60) // the first beat comes at once
						}
					}
				}
				if got := firings(t, m, d, w, born+made, born+8*60); got != nil {
					t.Errorf("%+v, made after %d minutes: it fires at %v, born at %d", m, made, got, born)
				}
			}
		}
	})
}

// Few errors are no share of anything: a message that fails for good on a quiet stack is heard of when it is given up.
func TestOneMessageThatFailsInAllItsTriesIsHeardOfByBeingGivenUp(t *testing.T) {
	s := infratest.Deployed(t)
	const first = 100
	tries := func(minute int) []float64 {
		if since := minute - born - first; since == 0 || since == 1 || since == 3 {
			return []float64{1}
		}
		return nil
	}
	watch := func(name string, w map[string]samples) int {
		a := s.One(t, "monitoring-"+name)
		all := evaluation.World{}
		for _, m := range a.LooksAt() {
			all[m.ID] = w[m.Name]
		}
		return len(firings(t, evaluation.Model{Further: 2, Delay: 3}, definition(a), all, born, born+300))
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
	a := infratest.Deployed(t).One(t, "monitoring-heartbeat")
	if want := fmt.Sprintf("IF(EPOCH(m) < %d || m > 0, 1, 0)", 60*born); a.Expression() != want {
		t.Errorf("the alarm watches %s, want %s", a.Expression(), want)
	}
	for _, m := range models(definition(a)) {
		got := firings(t, m, definition(a), evaluation.World{}, born+5, born+24*60)
		if !slices.Equal(got, []int{born + 180}) {
			t.Errorf("%+v: it fires at %v, not at %d", m, got, born+180)
		}
	}
}

func TestCreationThatIsNoTimeIsAnError(t *testing.T) {
	got, err := monitoring.Beginning("IF(EPOCH(m) < since || m > 0, 1, 0)", "yesterday")
	if err == nil || !strings.Contains(err.Error(), "yesterday") {
		t.Errorf("%s, %v", got, err)
	}
}
