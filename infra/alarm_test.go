package infra

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"scheduled-messages/infra/monitoring"
)

// fixed is a capacity that cannot move.
var fixed = map[string]string{"minCapacity": "2", "maxCapacity": "2"}

// alarmModes are configurations with different alarms.
func alarmModes(t *testing.T) map[string]*stub {
	t.Helper()
	return map[string]*stub{
		"default": deployed(t), "both channels": deployed(t, webhook), "fixed capacity": deployed(t, fixed),
		"webhook alone": deployed(t, with(webhook, map[string]string{"channels": `["webhook"]`})),
		"no rotation":   deployed(t, map[string]string{"rotationDays": "0"}),
		"short age":     deployed(t, map[string]string{"maxEventAgeSeconds": "60"}),
		"single":        deployed(t, modes["single"]), "network": deployed(t, modes["network"]), "classic": deployed(t, modes["classic"]),
	}
}

// physical finds the resource that AWS knows by a name, of the type that a dimension tells apart.
func (s *stub) physical(dimension, name string) *registered {
	of := map[string]struct{ token, property string }{
		"QueueName":           {"sqs/queue:Queue", "name"},
		"ScheduleGroup":       {"scheduler/scheduleGroup:ScheduleGroup", "name"},
		"FunctionName":        {"lambda/function:Function", "name"},
		"ProxyName":           {"rds/proxy:Proxy", "name"},
		"DBClusterIdentifier": {"rds/cluster:Cluster", "clusterIdentifier"},
		"TopicName":           {"sns/topic:Topic", "name"},

		"LoadBalancer":         {"lb/loadBalancer:LoadBalancer", "arnSuffix"},
		"TargetGroup":          {"lb/targetGroup:TargetGroup", "arnSuffix"},
		"LoadBalancerName":     {"elb/loadBalancer:LoadBalancer", "name"},
		"AutoScalingGroupName": {"autoscaling/group:Group", "name"},
	}[dimension]
	for _, r := range s.resources {
		named := r.text(of.property)
		if named == "" {
			named = r.name + "-1a2b3c4" // Pulumi's own naming
		}
		if strings.HasSuffix(r.token, ":"+of.token) && named == name {
			return r
		}
	}
	return nil
}

func TestEveryAlarmLooksAtAResourceOfThisStack(t *testing.T) {
	for mode, s := range alarmModes(t) {
		for _, a := range s.of(t, "cloudwatch/metricAlarm:MetricAlarm") {
			if len(a.looksAt()) == 0 {
				t.Errorf("%s: %s looks at nothing", mode, a.name)
			}
			for _, m := range a.looksAt() {
				if m.namespace == s.prefix(t) {
					s.checkFilter(t, a, m)
					continue
				}
				if len(m.dimensions) == 0 {
					t.Errorf("%s: %s has no dimension: it looks at the whole account", mode, a.name)
				}
				for dimension, value := range m.dimensions {
					if dimension == "Role" && value == "WRITER" {
						continue // AWS's own word
					}
					of := s.physical(dimension, value)
					switch {
					case of == nil:
						t.Errorf("%s: %s looks at the %s %q, which nobody made", mode, a.name, dimension, value)
					case !a.takes(m.input, of):
						t.Errorf("%s: %s spells out %s instead of taking it from %s", mode, a.name, dimension, of.name)
					}
				}
			}
		}
	}
}

// takes says whether an input holds an output of the other resource, and no literal.
func (r *registered) takes(property string, other *registered) bool {
	return slices.ContainsFunc(r.request.GetPropertyDependencies()[property].GetUrns(), func(urn string) bool {
		return resource.URN(urn).Name() == other.name && string(resource.URN(urn).Type()) == other.token
	})
}

// prefix is the stack's own, which its log filters have for a namespace.
func (s *stub) prefix(t *testing.T) string {
	return s.one(t, "database-cluster").text("clusterIdentifier")
}

// checkFilter says whether an alarm's metric is filled by a filter on one of the stack's logs.
func (s *stub) checkFilter(t *testing.T, a *registered, m looked) {
	t.Helper()
	for _, filter := range s.of(t, "cloudwatch/logMetricFilter:LogMetricFilter") {
		if filter.text("metricTransformation.name") == m.name && filter.text("metricTransformation.namespace") == m.namespace {
			log := "updater-log"
			if strings.HasPrefix(a.name, "monitoring-status-") {
				log = "status-log"
			}
			if want := s.one(t, log).text("name"); filter.text("logGroupName") != want {
				t.Errorf("%s reads %s, not %s", filter.name, filter.text("logGroupName"), want)
			}
			return
		}
	}
	t.Errorf("nothing fills %s of %s", m.name, a.name)
}

func TestEveryAlarmNotifiesTheTopicWhenItFiresAndWhenItClears(t *testing.T) {
	for mode, s := range alarmModes(t) {
		topic := []string{"arn:aws:service:us-east-1:111122223333:monitoring-alarms"}
		for _, a := range s.of(t, "cloudwatch/metricAlarm:MetricAlarm") {
			if a.text("actionsEnabled") != "true" || !slices.Equal(a.texts("alarmActions"), topic) || !slices.Equal(a.texts("okActions"), topic) {
				t.Errorf("%s: %s notifies %v and %v, enabled: %s", mode, a.name, a.texts("alarmActions"), a.texts("okActions"), a.text("actionsEnabled"))
			}
			if !s.waitsFor(a)["monitoring-alarms-policy"] {
				t.Errorf("%s: %s may fire before the topic lets it in", mode, a.name)
			}
		}
	}
}

// watches are the metrics on which a resource has alarms, by the resource's logical name.
func (s *stub) watches(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, a := range s.of(t, "cloudwatch/metricAlarm:MetricAlarm") {
		for _, m := range a.looksAt() {
			for dimension, value := range m.dimensions {
				if of := s.physical(dimension, value); of != nil {
					all[of.name] = append(all[of.name], m.name)
				}
			}
		}
	}
	return all
}

func TestEveryFunctionQueueAndDestinationHasItsAlarm(t *testing.T) {
	s := deployed(t, webhook)
	watches := s.watches(t)
	must := func(name, metric string) {
		if !slices.Contains(watches[name], metric) {
			t.Errorf("nobody hears of %s of %s", metric, name)
		}
	}
	for _, function := range s.of(t, "lambda/function:Function") {
		must(function.name, "Errors")
	}
	for _, queue := range s.of(t, "sqs/queue:Queue") {
		must(queue.name, "ApproximateNumberOfMessagesVisible")
		must(queue.name, "ApproximateNumberOfMessagesNotVisible")
	}
	for _, config := range s.of(t, "lambda/functionEventInvokeConfig:FunctionEventInvokeConfig") {
		function := s.physical("FunctionName", config.text("functionName"))
		for _, metric := range []string{"DestinationDeliveryFailures", "Throttles", "AsyncEventAge"} {
			must(function.name, metric)
		}
	}
}

func TestEveryKindOfExternalAccessHasItsAlarm(t *testing.T) {
	for _, c := range []struct {
		settings   map[string]string
		expression string
		metrics    []monitoring.Metric
	}{
		{modes["single"], "", []monitoring.Metric{monitoring.GroupInService}},
		{modes["network"], "IF(running < 2, 1, unhealthy)", []monitoring.Metric{monitoring.GroupInService, monitoring.TargetsUnhealthy}},
		{modes["classic"], "IF(running < 2, 1, unhealthy)", []monitoring.Metric{monitoring.GroupInService, monitoring.HostsUnhealthy}},
	} {
		a := deployed(t, c.settings).one(t, "monitoring-haproxy-down")
		got := a.looksAt()
		if len(got) != len(c.metrics) || a.expression() != c.expression {
			t.Errorf("%v: %s of %+v", c.settings, a.expression(), got)
			continue
		}
		for i, m := range c.metrics {
			if keys := slices.Sorted(maps.Keys(got[i].dimensions)); got[i].namespace != m.Namespace || got[i].name != m.Name || !slices.Equal(keys, m.Dimensions) {
				t.Errorf("%v: %+v, not %s", c.settings, got[i], m.Name)
			}
		}
	}
	if slices.Contains(deployed(t).names(), "monitoring-haproxy-down") {
		t.Error("an alarm without external access")
	}
}

// Auto Scaling publishes no metric of a group that does not ask for it.
func TestInstanceGroupsPublishTheMetricThatTheirAlarmReads(t *testing.T) {
	for _, mode := range []string{"single", "network", "classic"} {
		for _, group := range deployed(t, modes[mode]).of(t, "autoscaling/group:Group") {
			if got := group.texts("enabledMetrics"); !slices.Equal(got, []string{"GroupInServiceInstances"}) || group.text("metricsGranularity") != "1Minute" {
				t.Errorf("%s: %s publishes %v every %q", mode, group.name, got, group.text("metricsGranularity"))
			}
		}
	}
}
