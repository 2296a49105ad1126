package monitoring_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/monitoring"
)

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
	for _, a := range append(monitoring.Alarms(infratest.Loaded(t, infratest.Webhook)), monitoring.Alarms(infratest.Loaded(t, infratest.Fixed))...) {
		check(a.Name, a.Measure)
	}
	for _, w := range monitoring.Widgets(infratest.Loaded(t, infratest.Webhook)) {
		for _, l := range w.Lines {
			check(w.Title, l.Measure)
		}
	}
}
