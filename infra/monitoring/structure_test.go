package monitoring_test

import (
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/infratest"
)

// documented are the properties of each type of widget that the dashboard may use, and whether AWS requires them.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
var documented = map[string]map[string]bool{
	"metric": {"metrics": true, "region": true, "annotations": false, "legend": false, "liveData": false, "period": false,
		"sparkline": false, "stacked": false, "stat": false, "title": false, "view": false, "yAxis": false},
	"text":  {"markdown": true, "background": false},
	"log":   {"query": true, "region": true, "title": false, "view": false},
	"alarm": {"alarms": true, "sortBy": false, "states": false, "title": false},
}

// views are those of a widget.
var views = map[string][]string{
	"metric": {"timeSeries", "singleValue", "gauge", "bar", "pie", "table"},
	"log":    {"table", "timeSeries", "bar", "pie"},
}

func TestDashboardHasTheDocumentedStructure(t *testing.T) {
	for mode, s := range infratest.AlarmModes(t) {
		body := infratest.BodyOf(t, s)
		if !strings.HasPrefix(body.Start, "-PT") || !slices.Contains([]string{"auto", "inherit"}, body.PeriodOverride) || len(body.Widgets) == 0 || len(body.Widgets) > 500 {
			t.Errorf("%s: start %s, period %s, %d widgets", mode, body.Start, body.PeriodOverride, len(body.Widgets))
		}
		for i, w := range body.Widgets {
			if w.X < 0 || w.Y < 0 || w.Width < 1 || w.Height < 1 || w.X+w.Width > 24 || w.Height > 1000 {
				t.Errorf("%s: widget %d is off the grid: %+v", mode, i, w)
			}
			for _, other := range body.Widgets[:i] {
				if w.X < other.X+other.Width && other.X < w.X+w.Width && w.Y < other.Y+other.Height && other.Y < w.Y+w.Height {
					t.Errorf("%s: widget %d covers %v", mode, i, other.Properties["title"])
				}
			}
			properties, known := documented[w.Type]
			if !known {
				t.Errorf("%s: no type of widget is called %s", mode, w.Type)
			}
			for name := range w.Properties {
				if _, allowed := properties[name]; !allowed {
					t.Errorf("%s: a %s widget has no %s", mode, w.Type, name)
				}
			}
			for name, required := range properties {
				if value, given := w.Properties[name]; required && (!given || value == "") {
					t.Errorf("%s: %v lacks %s", mode, w.Properties["title"], name)
				}
			}
			if view, given := w.Properties["view"]; given && !slices.Contains(views[w.Type], view.(string)) {
				t.Errorf("%s: a %s widget has no view %s", mode, w.Type, view)
			}
			if region, given := w.Properties["region"]; given && region != "us-east-1" {
				t.Errorf("%s: %v is of region %v", mode, w.Properties["title"], region)
			}
			if period, given := w.Properties["period"]; given && (period.(float64) < 60 || int(period.(float64))%60 != 0) {
				t.Errorf("%s: %v has the period %v", mode, w.Properties["title"], period)
			}
		}
	}
}
