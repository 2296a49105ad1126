package infra

import (
	"slices"
	"testing"
)

func TestEventsOfThisStacksClusterInstancesAndProxyAloneReachTheAlarmTopic(t *testing.T) {
	s := deployed(t, map[string]string{"readers": "1"})
	for name, want := range map[string]struct {
		source     string
		of         []string
		categories int // or more
	}{
		"monitoring-cluster-events":  {"db-cluster", []string{s.one(t, "database-cluster").text("clusterIdentifier")}, 3},
		"monitoring-instance-events": {"db-instance", []string{"database-writer", "database-reader-1"}, 3},
		"monitoring-proxy-events":    {"db-proxy", []string{s.one(t, "proxy-proxy").text("name")}, 1},
	} {
		subscription := s.one(t, name)
		if subscription.text("sourceType") != want.source || !slices.Equal(subscription.texts("sourceIds"), want.of) {
			t.Errorf("%s: %s of %v", name, subscription.text("sourceType"), subscription.texts("sourceIds"))
		}
		if subscription.text("snsTopic") != "arn:aws:service:us-east-1:111122223333:monitoring-alarms" || len(subscription.texts("eventCategories")) < want.categories {
			t.Errorf("%s: %v to %s", name, subscription.texts("eventCategories"), subscription.text("snsTopic"))
		}
		// RDS asks the topic at once whether it may publish.
		if !s.waitsFor(subscription)["monitoring-alarms-policy"] {
			t.Errorf("%s does not wait for the topic's policy", name)
		}
	}
}
