package monitoring_test

import (
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/infratest"
)

func TestThresholdsFollowTheConfiguration(t *testing.T) {
	for _, test := range []struct {
		alarm   string
		changes map[string]string
		want    string // empty: no such alarm
	}{
		{"undelivered-messages", nil, "1"},
		{"unwritten-messages", nil, "1"},
		{"sender-errors", nil, "5"},
		{"updater-errors", nil, "5"},
		{"rotator-errors", nil, "1"},
		{"rotator-errors", map[string]string{"rotationDays": "0"}, ""},
		{"sender-late", nil, "1800000"},
		{"sender-late", map[string]string{"maxEventAgeSeconds": "600"}, "300000"},
		{"sender-late", map[string]string{"maxEventAgeSeconds": "480"}, ""}, // a last try comes after four minutes
		{"sender-late", map[string]string{"maxEventAgeSeconds": "480", "maxRetries": "1"}, "240000"},
		{"sender-late", map[string]string{"maxEventAgeSeconds": "60", "maxRetries": "0"}, "30000"},
		{"updater-late", nil, "10800000"},
		{"pool-wait", nil, "15000000"},
		{"pool-wait", map[string]string{"proxyBorrowTimeout": "10"}, "5000000"},
		{"pool-full", nil, "90"}, // percent of what the proxy says it may open
		{"pool-full", map[string]string{"maxCapacity": "16"}, "90"},
		{"database-connections", nil, "108"},
		{"database-connections", map[string]string{"maxCapacity": "8"}, "800"},
		{"database-connections", map[string]string{"maxCapacity": "7.5"}, "108"},
		{"database-connections", map[string]string{"maxCapacity": "256"}, "4800"},
		{"database-ceiling", nil, "4"},
		{"database-ceiling", map[string]string{"maxCapacity": "32"}, "32"},
		{"database-ceiling", infratest.Fixed, ""},
		{"database-processor", nil, ""},
		{"database-processor", infratest.Fixed, "90"},
		{"subscribers-failed", nil, "1"},
		{"subscribers-failed", infratest.With(infratest.Webhook, map[string]string{"channels": `["webhook"]`}), ""},
	} {
		s := infratest.Deployed(t, test.changes)
		got := ""
		if name := "monitoring-" + test.alarm; slices.Contains(s.Names(), name) {
			got = s.One(t, name).Number("threshold")
		}
		if got != test.want {
			t.Errorf("%s with %v: threshold %q, want %q", test.alarm, test.changes, got, test.want)
		}
	}
}

func TestAlarmsKeepWithinCloudWatchsLimits(t *testing.T) {
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
	for mode, s := range infratest.AlarmModes(t) {
		names := map[string]bool{}
		for _, a := range s.Of(t, "cloudwatch/metricAlarm:MetricAlarm") {
			number := func(property string) int {
				value, _ := a.Value(property)
				return int(value.NumberValue())
			}
			periods, datapoints := number("evaluationPeriods"), number("datapointsToAlarm")
			for _, m := range a.LooksAt() {
				most := 24 * 60 * 60 // beyond it an alarm is evaluated once an hour
				if m.Period < 60 || m.Period%60 != 0 || m.Period*periods > most || datapoints < 1 || datapoints > periods {
					t.Errorf("%s: %s takes %d of %d periods of %d s", mode, a.Name, datapoints, periods, m.Period)
				}
				if m.Period != a.LooksAt()[0].Period {
					t.Errorf("%s: %s mixes periods", mode, a.Name)
				}
			}
			// A metric, or an expression over at most ten of them.
			if got := len(a.LooksAt()); got > 10 || (a.Text("metricName") == "") != (a.Expression() != "") || len(a.Expression()) > 2048 {
				t.Errorf("%s: %s looks at %d metrics, by %q", mode, a.Name, got, a.Expression())
			}
			if words := a.Text("alarmDescription"); len(words) > 1024 || strings.Count(words, ".") < 3 || !strings.Contains(words, " Fires within ") {
				t.Errorf("%s: %s does not say what has happened, what to do and when: %s", mode, a.Name, words)
			}
			if texts := a.Text("alarmDescription") + a.Text("name") + a.Text("metricQueries"); strings.ContainsFunc(texts, func(r rune) bool { return r < ' ' || r > '~' }) {
				t.Errorf("%s: %s is not ASCII: %s", mode, a.Name, texts)
			}
			if name := a.Text("name"); len(name) > 255 || names[name] {
				t.Errorf("%s: the name %s is too long or taken", mode, name)
			} else {
				names[name] = true
			}
			if value, _ := a.Value("threshold"); value.NumberValue() < 1 {
				t.Errorf("%s: %s fires at %v: always", mode, a.Name, value)
			}
		}
	}
}

// Its URN may change, and the alarm itself is made anew under its new name; what is in the state is known again.
func TestAlarmsThatWereCalledLettersKeepTheirPlaceInTheState(t *testing.T) {
	s := infratest.Deployed(t)
	for name, was := range map[string]string{
		"monitoring-undelivered-messages": "monitoring-undelivered-letters",
		"monitoring-unwritten-messages":   "monitoring-unwritten-letters",
	} {
		var aliases []string
		for _, alias := range s.One(t, name).Request.GetAliases() {
			aliases = append(aliases, alias.GetSpec().GetName())
		}
		if !slices.Contains(aliases, was) {
			t.Errorf("%s is known as %v, not as %s", name, aliases, was)
		}
	}
}
