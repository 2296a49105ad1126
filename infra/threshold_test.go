package infra

import (
	"slices"
	"strings"
	"testing"
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
		{"database-ceiling", fixed, ""},
		{"database-processor", nil, ""},
		{"database-processor", fixed, "90"},
		{"subscribers-failed", nil, "1"},
		{"subscribers-failed", with(webhook, map[string]string{"channels": `["webhook"]`}), ""},
	} {
		s := deployed(t, test.changes)
		got := ""
		if name := "monitoring-" + test.alarm; slices.Contains(s.names(), name) {
			got = s.one(t, name).number("threshold")
		}
		if got != test.want {
			t.Errorf("%s with %v: threshold %q, want %q", test.alarm, test.changes, got, test.want)
		}
	}
}

func TestAlarmsKeepWithinCloudWatchsLimits(t *testing.T) {
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
	for mode, s := range alarmModes(t) {
		names := map[string]bool{}
		for _, a := range s.of(t, "cloudwatch/metricAlarm:MetricAlarm") {
			number := func(property string) int {
				value, _ := a.value(property)
				return int(value.NumberValue())
			}
			periods, datapoints := number("evaluationPeriods"), number("datapointsToAlarm")
			for _, m := range a.looksAt() {
				most := 24 * 60 * 60 // beyond it an alarm is evaluated once an hour
				if m.period < 60 || m.period%60 != 0 || m.period*periods > most || datapoints < 1 || datapoints > periods {
					t.Errorf("%s: %s takes %d of %d periods of %d s", mode, a.name, datapoints, periods, m.period)
				}
				if m.period != a.looksAt()[0].period {
					t.Errorf("%s: %s mixes periods", mode, a.name)
				}
			}
			// A metric, or an expression over at most ten of them.
			if got := len(a.looksAt()); got > 10 || (a.text("metricName") == "") != (a.expression() != "") || len(a.expression()) > 2048 {
				t.Errorf("%s: %s looks at %d metrics, by %q", mode, a.name, got, a.expression())
			}
			if words := a.text("alarmDescription"); len(words) > 1024 || strings.Count(words, ".") < 3 || !strings.Contains(words, " Fires within ") {
				t.Errorf("%s: %s does not say what has happened, what to do and when: %s", mode, a.name, words)
			}
			if texts := a.text("alarmDescription") + a.text("name") + a.text("metricQueries"); strings.ContainsFunc(texts, func(r rune) bool { return r < ' ' || r > '~' }) {
				t.Errorf("%s: %s is not ASCII: %s", mode, a.name, texts)
			}
			if name := a.text("name"); len(name) > 255 || names[name] {
				t.Errorf("%s: the name %s is too long or taken", mode, name)
			} else {
				names[name] = true
			}
			if value, _ := a.value("threshold"); value.NumberValue() < 1 {
				t.Errorf("%s: %s fires at %v: always", mode, a.name, value)
			}
		}
	}
}

// Its URN may change, and the alarm itself is made anew under its new name; what is in the state is known again.
func TestAlarmsThatWereCalledLettersKeepTheirPlaceInTheState(t *testing.T) {
	s := deployed(t)
	for name, was := range map[string]string{
		"monitoring-undelivered-messages": "monitoring-undelivered-letters",
		"monitoring-unwritten-messages":   "monitoring-unwritten-letters",
	} {
		var aliases []string
		for _, alias := range s.one(t, name).request.GetAliases() {
			aliases = append(aliases, alias.GetSpec().GetName())
		}
		if !slices.Contains(aliases, was) {
			t.Errorf("%s is known as %v, not as %s", name, aliases, was)
		}
	}
}
