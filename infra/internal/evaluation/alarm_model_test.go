package evaluation_test

import (
	"fmt"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/evaluation"
	"scheduled-messages/infra/internal/infratest"
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
func eachAlarm(t *testing.T, test func(t *testing.T, name string, a *infratest.Resource, d evaluation.Definition)) {
	seen := map[string]bool{}
	for mode, s := range infratest.AlarmModes(t) {
		for _, a := range s.Of(t, "cloudwatch/metricAlarm:MetricAlarm") {
			name, d := strings.TrimPrefix(a.Name, "monitoring-"), definition(a)
			if key := fmt.Sprint(name, d, a.Text("alarmDescription")); !seen[key] {
				seen[key] = true
				t.Run(name+" "+mode, func(t *testing.T) { test(t, name, a, d) })
			}
		}
	}
}

// definition is an alarm, as AWS is given it, for the model.
func definition(a *infratest.Resource) evaluation.Definition {
	number := func(property string) int {
		value, _ := a.Value(property)
		return int(value.NumberValue())
	}
	threshold, _ := a.Value("threshold")
	d := evaluation.Definition{
		Expression: a.Expression(), Periods: number("evaluationPeriods"), Datapoints: number("datapointsToAlarm"),
		Comparison: a.Text("comparisonOperator"), Threshold: threshold.NumberValue(), MissingData: a.Text("treatMissingData"),
	}
	for _, m := range a.LooksAt() {
		d.Period = m.Period / 60
		d.Queries = append(d.Queries, evaluation.Query{ID: m.ID, Metric: m.ID, Stat: m.Stat})
	}
	return d
}

// firings are the minutes in which the alarm fires.
func firings(t *testing.T, m evaluation.Model, d evaluation.Definition, w evaluation.World, from, to int) (all []int) {
	t.Helper()
	changes, err := m.Watch(d, w, from, to)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range changes {
		if change.State == evaluation.Alarm {
			all = append(all, change.Minute)
		}
	}
	return all
}
