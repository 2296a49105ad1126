package evaluation

import (
	"slices"
	"testing"
)

// heartbeat is a metric that is published once an hour until the minute `end`.
func heartbeat(end int) World {
	return World{"beats": func(minute int) []float64 {
		if minute%60 != 0 || minute >= end {
			return nil
		}
		return []float64{1}
	}}
}

// silent fires when there is no heartbeat: as one might write it first.
var silent = Definition{Queries: []Query{{"m", "beats", "Sum"}}, Period: 180, Periods: 1, Datapoints: 1,
	Comparison: "LessThanThreshold", Threshold: 1, MissingData: Breaching}

func watch(t *testing.T, m Model, d Definition, world World, from, to int) []Change {
	t.Helper()
	changes, err := m.Watch(d, world, from, to)
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

// "at the end of minute 5 the alarm evaluates based on data from minutes 1 to 5. Then at the end of minute 6, the alarm
// is evaluated based on the data from minutes 2 to 6."
func TestTheWindowSlidesByTheMinute(t *testing.T) {
	once := World{"errors": func(minute int) []float64 {
		if minute == 100 {
			return []float64{1}
		}
		return []float64{0}
	}}
	d := Definition{Queries: []Query{{"m", "errors", "Sum"}}, Period: 5, Periods: 1, Datapoints: 1,
		Comparison: "GreaterThanOrEqualToThreshold", Threshold: 1, MissingData: NotBreaching}
	for delay := range 4 {
		want := []Change{{50, OK}, {101 + delay, Alarm}, {106, OK}}
		if got := watch(t, Model{Delay: delay}, d, once, 50, 200); !slices.Equal(got, want) {
			t.Errorf("delay %d: %v, want %v", delay, got, want)
		}
	}
}

// An alarm with one period of a day changed 3 to 4 days after its metric had ended: https://stackoverflow.com/q/72093282.
func TestMissingPointsOfOnePeriodCountOnlyWhenTheWholeRangeIsEmpty(t *testing.T) {
	const last = 600 // the last heartbeat
	for further := range 5 {
		got := watch(t, Model{Further: further}, silent, heartbeat(last+1), 300, 3000)
		want := []Change{{300, OK}, {last + 1 + (1+further)*180, Alarm}}
		if !slices.Equal(got, want) {
			t.Errorf("%d further points: %v, want %v", further, got, want)
		}
	}
}

// "CloudWatch alarms might repeatedly re-evaluate the last set of data points for a period of time after the metric has
// stopped flowing."
func TestTheLastPointIsEvaluatedAgainUntilItLeavesTheRange(t *testing.T) {
	burst := World{"unhealthy": func(minute int) []float64 {
		if minute == 1000 || minute == 1060 {
			return []float64{1}
		}
		return nil
	}}
	d := Definition{Queries: []Query{{"m", "unhealthy", "Sum"}}, Period: 130, Periods: 1, Datapoints: 1,
		Comparison: "GreaterThanOrEqualToThreshold", Threshold: 2, MissingData: NotBreaching}
	// Both count in the newest point, 1000 leaves it at 1131, and the points that follow hold them until 1060 leaves
	// the range.
	for _, test := range []struct {
		further int
		filled  bool
		cleared int
	}{{0, false, 1131}, {3, true, 1131}} {
		d := d
		if test.filled {
			d.Expression = "FILL(m, 0)"
		}
		got := watch(t, Model{Further: test.further}, d, burst, 500, 3000)
		if want := []Change{{500, OK}, {1061, Alarm}, {test.cleared, OK}}; !slices.Equal(got, want) {
			t.Errorf("%+v: %v, want %v", test, got, want)
		}
	}
	got := watch(t, Model{Further: 3}, d, burst, 500, 3000)
	if len(got) < 4 || got[3].State != Alarm {
		t.Errorf("without FILL both leave the newest point, and are found again together: %v", got)
	}
}

func TestMetricMathWithFillFiresOnTime(t *testing.T) {
	const last = 600
	d := silent
	d.Expression = "FILL(m, 0)"
	for further := range 5 {
		for _, fillsEmpty := range []bool{false, true} {
			m := Model{Further: further, FillsEmpty: fillsEmpty}
			if got, want := watch(t, m, d, heartbeat(last+1), 300, 3000), []Change{{300, OK}, {last + 1 + 180, Alarm}}; !slices.Equal(got, want) {
				t.Errorf("%+v: %v, want %v", m, got, want)
			}
		}
	}
}

func TestDefinitionsBeyondTheModelAreRefused(t *testing.T) {
	for name, d := range map[string]Definition{
		"more than a day": {Period: 180, Periods: 9},
		"statistic":       {Queries: []Query{{"m", "x", "p99"}}, Period: 5, Periods: 1},
		"comparison":      {Queries: []Query{{"m", "x", "Sum"}}, Period: 5, Periods: 1, Comparison: "GreaterThanUpperThreshold"},
		"expression":      {Queries: []Query{{"m", "x", "Sum"}}, Period: 5, Periods: 1, Expression: "RATE(m)"},
	} {
		if _, err := (Model{}).Watch(d, World{"x": func(int) []float64 { return []float64{1} }}, 0, 10); err == nil {
			t.Errorf("%s is modelled", name)
		}
	}
}
