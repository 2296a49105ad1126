package monitoring_test

import (
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/monitoring"
)

func TestDashboardShowsEveryAlarmAndDrawsThresholdsWhereItsMetricIs(t *testing.T) {
	for mode, s := range infratest.AlarmModes(t) {
		var arns []string
		thresholds := map[string]*infratest.Resource{}
		for _, a := range s.Of(t, "cloudwatch/metricAlarm:MetricAlarm") {
			arns = append(arns, "arn:aws:service:us-east-1:111122223333:"+a.Name)
			thresholds[strings.TrimPrefix(a.Name, "monitoring-")] = a
		}
		drawn := 0
		for _, w := range infratest.BodyOf(t, s).Widgets {
			if w.Type == "alarm" {
				var shown []string
				for _, arn := range w.Properties["alarms"].([]any) {
					shown = append(shown, arn.(string))
				}
				slices.Sort(arns)
				slices.Sort(shown)
				if !slices.Equal(shown, arns) || len(shown) > 100 {
					t.Errorf("%s: shown are %v, made %v", mode, shown, arns)
				}
				arns = nil
			}
			annotations, _ := w.Properties["annotations"].(map[string]any)
			lines, _ := annotations["horizontal"].([]any)
			for _, line := range lines {
				limit := line.(map[string]any)
				a := thresholds[limit["label"].(string)]
				if a == nil || monitoring.Number(limit["value"].(float64)) != a.Number("threshold") {
					t.Errorf("%s: %v draws %v", mode, w.Properties["title"], limit)
					continue
				}
				drawn++
				if !shows(w, a.LooksAt()[0]) {
					t.Errorf("%s: %v draws the threshold of %s, which it does not show", mode, w.Properties["title"], a.LooksAt()[0].Name)
				}
			}
		}
		if drawn == 0 {
			t.Errorf("%s: no threshold is drawn", mode)
		}
		if arns != nil {
			t.Errorf("%s: no widget shows the alarms", mode)
		}
	}
}

// shows reports whether a widget draws a metric.
func shows(w monitoring.DashboardItem, m infratest.Looked) bool {
	return slices.ContainsFunc(w.Properties["metrics"].([]any), func(drawn any) bool {
		entry := drawn.([]any)
		return len(entry) > 1 && entry[0] == m.Namespace && entry[1] == m.Name
	})
}

// The limit moves with what the proxy says it may open, which is less than the configured share of max_connections.
func TestDashboardDrawsNineTenthsOfWhatTheProxyMayOpen(t *testing.T) {
	s := infratest.Deployed(t)
	for _, w := range infratest.BodyOf(t, s).Widgets {
		a := s.One(t, "monitoring-pool-full")
		if w.Type != "metric" || !shows(w, a.LooksAt()[0]) {
			continue
		}
		metrics := w.Properties["metrics"].([]any)
		limit := metrics[len(metrics)-1].([]any)[0].(map[string]any)
		whole := metrics[len(metrics)-2].([]any)
		id, _ := whole[len(whole)-1].(map[string]any)["id"].(string)
		if whole[1] != "MaxDatabaseConnectionsAllowed" || limit["expression"] != "0.9 * "+id || limit["label"] != "pool-full" || limit["color"] != monitoring.LimitColour {
			t.Errorf("drawn are %v and %v", whole, limit)
		}
		if a.Number("threshold") != "90" || a.Expression() != "100 * part / whole" {
			t.Errorf("the alarm is %s >= %s", a.Expression(), a.Number("threshold"))
		}
		return
	}
	t.Error("nothing draws the borrowed connections")
}
