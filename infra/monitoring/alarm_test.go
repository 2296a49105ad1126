package monitoring_test

import (
	"maps"
	"slices"
	"testing"

	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/monitoring"
)

func TestEveryAlarmLooksAtAResourceOfThisStack(t *testing.T) {
	for mode, s := range infratest.AlarmModes(t) {
		for _, a := range s.Of(t, "cloudwatch/metricAlarm:MetricAlarm") {
			if len(a.LooksAt()) == 0 {
				t.Errorf("%s: %s looks at nothing", mode, a.Name)
			}
			for _, m := range a.LooksAt() {
				if m.Namespace == s.Prefix(t) {
					s.CheckFilter(t, a, m)
					continue
				}
				if len(m.Dimensions) == 0 {
					t.Errorf("%s: %s has no dimension: it looks at the entire account", mode, a.Name)
				}
				for dimension, value := range m.Dimensions {
					if dimension == "Role" && value == "WRITER" {
						continue // AWS's own word
					}
					of := s.Physical(dimension, value)
					switch {
					case of == nil:
						t.Errorf("%s: %s looks at the %s %q, which nobody made", mode, a.Name, dimension, value)
					case !a.Takes(m.Input, of):
						t.Errorf("%s: %s spells out %s instead of taking it from %s", mode, a.Name, dimension, of.Name)
					}
				}
			}
		}
	}
}

func TestEveryAlarmNotifiesTheTopicWhenItFiresAndWhenItClears(t *testing.T) {
	for mode, s := range infratest.AlarmModes(t) {
		topic := []string{"arn:aws:service:us-east-1:111122223333:monitoring-alarms"}
		for _, a := range s.Of(t, "cloudwatch/metricAlarm:MetricAlarm") {
			if a.Text("actionsEnabled") != "true" || !slices.Equal(a.Texts("alarmActions"), topic) || !slices.Equal(a.Texts("okActions"), topic) {
				t.Errorf("%s: %s notifies %v and %v, enabled: %s", mode, a.Name, a.Texts("alarmActions"), a.Texts("okActions"), a.Text("actionsEnabled"))
			}
			if !s.WaitsFor(a)["monitoring-alarms-policy"] {
				t.Errorf("%s: %s may fire before the topic lets it in", mode, a.Name)
			}
		}
	}
}

func TestEveryFunctionQueueAndDestinationHasItsAlarm(t *testing.T) {
	s := infratest.Deployed(t, infratest.Webhook, infratest.Outbox)
	watches := s.Watches(t)
	must := func(name, metric string) {
		if !slices.Contains(watches[name], metric) {
			t.Errorf("nobody hears of %s of %s", metric, name)
		}
	}
	for _, function := range s.Of(t, "lambda/function:Function") {
		must(function.Name, "Errors")
	}
	for _, queue := range s.Of(t, "sqs/queue:Queue") {
		must(queue.Name, "ApproximateNumberOfMessagesVisible")
		must(queue.Name, "ApproximateNumberOfMessagesNotVisible")
	}
	for _, config := range s.Of(t, "lambda/functionEventInvokeConfig:FunctionEventInvokeConfig") {
		function := s.Physical("FunctionName", config.Text("functionName"))
		must(function.Name, "Throttles")
		if config.Text("destinationConfig") == "" {
			continue // nothing is lost with an event
		}
		must(function.Name, "DestinationDeliveryFailures")
		must(function.Name, "AsyncEventAge")
	}
}

func TestEveryKindOfExternalAccessHasItsAlarm(t *testing.T) {
	for _, c := range []struct {
		settings   map[string]string
		expression string
		metrics    []monitoring.Metric
	}{
		{infratest.Modes["single"], "", []monitoring.Metric{monitoring.GroupInService}},
		{infratest.Modes["network"], "IF(running < 2, 1, unhealthy)", []monitoring.Metric{monitoring.GroupInService, monitoring.TargetsUnhealthy}},
		{infratest.Modes["classic"], "IF(running < 2, 1, unhealthy)", []monitoring.Metric{monitoring.GroupInService, monitoring.HostsUnhealthy}},
	} {
		a := infratest.Deployed(t, c.settings).One(t, "monitoring-haproxy-down")
		got := a.LooksAt()
		if len(got) != len(c.metrics) || a.Expression() != c.expression {
			t.Errorf("%v: %s of %+v", c.settings, a.Expression(), got)
			continue
		}
		for i, m := range c.metrics {
			if keys := slices.Sorted(maps.Keys(got[i].Dimensions)); got[i].Namespace != m.Namespace || got[i].Name != m.Name || !slices.Equal(keys, m.Dimensions) {
				t.Errorf("%v: %+v, not %s", c.settings, got[i], m.Name)
			}
		}
	}
	if slices.Contains(infratest.Deployed(t).Names(), "monitoring-haproxy-down") {
		t.Error("an alarm without external access")
	}
}

// Auto Scaling publishes no metric of a group that does not ask for it.
func TestInstanceGroupsPublishTheMetricThatTheirAlarmReads(t *testing.T) {
	for _, mode := range []string{"single", "network", "classic"} {
		for _, group := range infratest.Deployed(t, infratest.Modes[mode]).Of(t, "autoscaling/group:Group") {
			if got := group.Texts("enabledMetrics"); !slices.Equal(got, []string{"GroupInServiceInstances"}) || group.Text("metricsGranularity") != "1Minute" {
				t.Errorf("%s: %s publishes %v every %q", mode, group.Name, got, group.Text("metricsGranularity"))
			}
		}
	}
}
