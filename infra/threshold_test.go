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
		{"undelivered-letters", nil, "1"},
		{"unwritten-letters", nil, "1"},
		{"sender-errors", nil, "3"},
		{"sender-errors", map[string]string{"maxRetries": "0"}, "1"},
		{"rotator-errors", nil, "1"},
		{"rotator-errors", map[string]string{"rotationDays": "0"}, ""},
		{"sender-late", nil, "1800000"},
		{"sender-late", map[string]string{"maxEventAgeSeconds": "60"}, "30000"},
		{"pool-wait", nil, "15000000"},
		{"pool-wait", map[string]string{"proxyBorrowTimeout": "10"}, "5000000"},
		{"pool-full", nil, "48"}, // 135 at 4 ACUs, of them 40 percent, of them nine tenths
		{"pool-full", map[string]string{"proxyMaxConnectionsPercent": "50"}, "60"},
		{"pool-full", map[string]string{"maxCapacity": "16"}, "540"},
		{"pool-full", map[string]string{"maxCapacity": "1", "proxyMaxConnectionsPercent": "1"}, "1"},
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

func TestDeadLettersRingFromTheFirstAndStayUntilTheyAreGone(t *testing.T) {
	s := deployed(t)
	for _, name := range []string{"monitoring-undelivered-letters", "monitoring-unwritten-letters"} {
		for property, want := range map[string]string{
			"threshold": "1", "evaluationPeriods": "1", "comparisonOperator": "GreaterThanOrEqualToThreshold",
			"statistic": "Maximum", "treatMissingData": "ignore", // SQS tells nothing of a queue that is left alone
		} {
			if got := s.one(t, name).text(property); got != want {
				t.Errorf("%s: %s is %q, want %q", name, property, got, want)
			}
		}
	}
}

func TestSilenceOfTheHeartbeatRings(t *testing.T) {
	s := deployed(t)
	a := s.one(t, "monitoring-heartbeat")
	for property, want := range map[string]string{
		"metricName": "Invocations", "threshold": "1", "period": "10800", "evaluationPeriods": "1",
		"comparisonOperator": "LessThanThreshold", "treatMissingData": "breaching",
	} {
		if got := a.text(property); got != want {
			t.Errorf("%s is %q, want %q", property, got, want)
		}
	}
	if !s.waitsFor(a)["schedule-heartbeat"] {
		t.Error("it rings before there is a heartbeat")
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
			period, periods, datapoints := number("period"), number("evaluationPeriods"), number("datapointsToAlarm")
			most := 24 * 60 * 60
			if period >= 60*60 {
				most *= 7
			}
			if period < 60 || period%60 != 0 || period*periods > most || datapoints < 1 || datapoints > periods {
				t.Errorf("%s: %s takes %d of %d periods of %d s", mode, a.name, datapoints, periods, period)
			}
			if words := a.text("alarmDescription"); len(words) > 1024 || strings.Count(words, ".") < 2 {
				t.Errorf("%s: %s does not say what has happened and what to do: %s", mode, a.name, words)
			}
			if name := a.text("name"); len(name) > 255 || names[name] {
				t.Errorf("%s: the name %s is too long or taken", mode, name)
			} else {
				names[name] = true
			}
			if value, _ := a.value("threshold"); value.NumberValue() < 1 {
				t.Errorf("%s: %s rings at %v: always", mode, a.name, value)
			}
		}
	}
}
