package database_test

import (
	"slices"
	"testing"

	"scheduled-messages/infra/internal/infratest"
)

func TestEventsOfThisStacksClusterInstancesAndProxyAloneReachTheAlarmTopic(t *testing.T) {
	s := infratest.Deployed(t, map[string]string{"readers": "1"})
	for name, want := range map[string]struct {
		source     string
		of         []string
		categories int // or more
	}{
		"monitoring-cluster-events":  {"db-cluster", []string{s.One(t, "database-cluster").Text("clusterIdentifier")}, 3},
		"monitoring-instance-events": {"db-instance", []string{"database-writer", "database-reader-1"}, 3},
		"monitoring-proxy-events":    {"db-proxy", []string{s.One(t, "proxy-proxy").Text("name")}, 1},
	} {
		subscription := s.One(t, name)
		if subscription.Text("sourceType") != want.source || !slices.Equal(subscription.Texts("sourceIds"), want.of) {
			t.Errorf("%s: %s of %v", name, subscription.Text("sourceType"), subscription.Texts("sourceIds"))
		}
		if subscription.Text("snsTopic") != "arn:aws:service:us-east-1:111122223333:monitoring-alarms" || len(subscription.Texts("eventCategories")) < want.categories {
			t.Errorf("%s: %v to %s", name, subscription.Texts("eventCategories"), subscription.Text("snsTopic"))
		}
		// RDS asks the topic at once whether it may publish.
		if !s.WaitsFor(subscription)["monitoring-alarms-policy"] {
			t.Errorf("%s does not wait for the topic's policy", name)
		}
	}
}
