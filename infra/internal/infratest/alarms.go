// Package infratest runs the program under mocks that record what it registers.
package infratest

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"scheduled-messages/infra/monitoring"
)

// Physical finds the resource that AWS knows by a name, of the type that a dimension identifies.
func (s *Mock) Physical(dimension, name string) *Resource {
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
	for _, r := range s.Resources {
		named := r.Text(of.property)
		if named == "" {
			named = r.Name + "-1a2b3c4" // Pulumi's own naming
		}
		if strings.HasSuffix(r.Token, ":"+of.token) && named == name {
			return r
		}
	}
	return nil
}

// Takes reports whether an input holds an output of the other resource, and no literal.
func (r *Resource) Takes(property string, other *Resource) bool {
	return slices.ContainsFunc(r.Request.GetPropertyDependencies()[property].GetUrns(), func(urn string) bool {
		return resource.URN(urn).Name() == other.Name && string(resource.URN(urn).Type()) == other.Token
	})
}

// Prefix is the stack's own, which its log filters have for a namespace.
func (s *Mock) Prefix(t *testing.T) string {
	return s.One(t, "database-cluster").Text("clusterIdentifier")
}

// CheckFilter reports whether an alarm's metric is filled by a filter on the log of the function that it is about, and by no log
// that is not the stack's. With the outbox, relay counts what the updater counts as well.
func (s *Mock) CheckFilter(t *testing.T, a *Resource, m Looked) {
	t.Helper()
	log := "updater-log"
	if strings.HasPrefix(a.Name, "monitoring-status-") {
		log = "status-log"
	}
	var read []string
	for _, filter := range s.Of(t, "cloudwatch/logMetricFilter:LogMetricFilter") {
		if filter.Text("metricTransformation.name") == m.Name && filter.Text("metricTransformation.namespace") == m.Namespace {
			read = append(read, filter.Text("logGroupName"))
		}
	}
	if want := s.One(t, log).Text("name"); !slices.Contains(read, want) {
		t.Errorf("%s of %s is filled from %v, not from %s", m.Name, a.Name, read, want)
	}
	for _, name := range read {
		if !slices.ContainsFunc(s.Of(t, "cloudwatch/logGroup:LogGroup"), func(r *Resource) bool { return r.Text("name") == name }) {
			t.Errorf("%s of %s is filled from %s, which nobody made", m.Name, a.Name, name)
		}
	}
}

// Watches are the metrics on which a resource has alarms, by the resource's logical name.
func (s *Mock) Watches(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, a := range s.Of(t, "cloudwatch/metricAlarm:MetricAlarm") {
		for _, m := range a.LooksAt() {
			for dimension, value := range m.Dimensions {
				if of := s.Physical(dimension, value); of != nil {
					all[of.Name] = append(all[of.Name], m.Name)
				}
			}
		}
	}
	return all
}

// AlarmModes are configurations with different alarms.
func AlarmModes(t *testing.T) map[string]*Mock {
	t.Helper()
	return map[string]*Mock{
		"default": Deployed(t), "both channels": Deployed(t, Webhook), "fixed capacity": Deployed(t, Fixed),
		"webhook alone": Deployed(t, With(Webhook, map[string]string{"channels": `["webhook"]`})),
		"no rotation":   Deployed(t, map[string]string{"rotationDays": "0"}),
		"short age":     Deployed(t, map[string]string{"maxEventAgeSeconds": "60"}),
		"outbox":        Deployed(t, Outbox),
		"single":        Deployed(t, Modes["single"]), "network": Deployed(t, Modes["network"]), "classic": Deployed(t, Modes["classic"]),
	}
}

// BodyOf reads the dashboard as AWS is given it, and refuses what is not in the documented structure.
func BodyOf(t *testing.T, s *Mock) monitoring.Dashboard {
	t.Helper()
	var body monitoring.Dashboard
	decoder := json.NewDecoder(bytes.NewReader([]byte(s.One(t, "monitoring-dashboard").Text("dashboardBody"))))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil {
		t.Fatal(err)
	}
	return body
}

// Fixed is a capacity that cannot move.
var Fixed = map[string]string{"minCapacity": "2", "maxCapacity": "2"}
