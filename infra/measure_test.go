package infra

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/monitoring"
)

// looked is a metric that an alarm looks at.
type looked struct {
	id, namespace, name, stat string
	period                    int               // seconds
	dimensions                map[string]string // by name
	input                     string            // of the alarm, that holds it
}

// looksAt are the metrics of an alarm: its one, or those of its expression.
func (r *registered) looksAt() (all []looked) {
	read := func(path, stat, input string) looked {
		period, _ := r.value(path + "period")
		m := looked{"m", r.text(path + "namespace"), r.text(path + "metricName"), r.text(path + stat), int(period.NumberValue()), nil, input}
		if dimensions, ok := r.value(path + "dimensions"); ok {
			m.dimensions = map[string]string{}
			for dimension, value := range dimensions.ObjectValue() {
				m.dimensions[string(dimension)] = value.StringValue()
			}
		}
		return m
	}
	if r.text("metricName") != "" {
		return []looked{read("", "statistic", "dimensions")}
	}
	for i := 0; r.text(fmt.Sprintf("metricQueries[%d].id", i)) != ""; i++ {
		if path := fmt.Sprintf("metricQueries[%d].", i); r.text(path+"metric.metricName") != "" {
			m := read(path+"metric.", "stat", "metricQueries")
			m.id = r.text(path + "id")
			all = append(all, m)
		}
	}
	return all
}

// expression is the metric math that an alarm watches, or "".
func (r *registered) expression() string {
	for i := 0; r.text(fmt.Sprintf("metricQueries[%d].id", i)) != ""; i++ {
		if path := fmt.Sprintf("metricQueries[%d].", i); r.text(path+"returnData") == "true" {
			return r.text(path + "expression")
		}
	}
	return ""
}

func TestMetricsAreAskedForAsAWSDocumentsThem(t *testing.T) {
	known := sourceDimensions(t)
	check := func(where string, m monitoring.Measure) {
		for _, s := range m.Series {
			if got := slices.Sorted(maps.Keys(known[s.Source])); !slices.Equal(got, slices.Sorted(slices.Values(s.Metric.Dimensions))) {
				t.Errorf("%s: %s is published by %v, and %s has %v", where, s.Metric.Name, s.Metric.Dimensions, s.Source, got)
			}
			if !strings.HasPrefix(s.Metric.Source, "https://docs.aws.amazon.com/") {
				t.Errorf("%s: no source of %s", where, s.Metric.Name)
			}
		}
	}
	for _, a := range append(monitoring.Alarms(loaded(t, webhook)), monitoring.Alarms(loaded(t, fixed))...) {
		check(a.Name, a.Measure)
	}
	for _, w := range monitoring.Widgets(loaded(t, webhook)) {
		for _, l := range w.Lines {
			check(w.Title, l.Measure)
		}
	}
}
