package infra

import (
	"encoding/json"
	"testing"

	"scheduled-messages/infra/internal/audit"
)

// judgeStates judges what the real engine and provider hold by the same rules, of which the mocks know neither the
// provider's defaults nor what it does to tags. Each rule has to find as many resources as under the mocks.
func judgeStates(t *testing.T, m mode, states []audit.State) {
	t.Helper()
	rules, err := audit.Rules()
	if err != nil {
		t.Fatal(err)
	}
	real, mocked := audit.UnmarshalState(states), deployed(t, m.changes).audited(t)
	known := 0
	for _, rule := range rules {
		v := judge(t, rule, m, real)
		stubs, err := audit.Judge(rule, mocked)
		if err != nil {
			t.Fatal(err)
		}
		found := len(v.passed) + len(v.waived) + len(v.inapplicable) + len(v.unknown)
		if found != len(stubs) && !v.argued && rule.Applies != audit.Excluded {
			t.Errorf("%s: %s judges %d resources, under the mocks %d", m.name, rule.Name, found, len(stubs))
		}
		known += len(v.passed) + len(v.waived)
	}
	if known < 100 {
		t.Errorf("%s: only %d verdicts", m.name, known)
	}
}

// judge judges the state right after an up, before a refresh takes away what moto forgets.
func (e *engine) judge(t *testing.T) {
	t.Helper()
	changes := map[string]map[string]string{"other": with(webhook, map[string]string{"readers": "1", "alarmEmail": "team@example.com"})} // dev has none
	var export struct {
		Deployment struct{ Resources []audit.State }
	}
	if err := json.Unmarshal([]byte(e.pulumi("stack", "export")), &export); err != nil {
		t.Fatal(err)
	}
	judgeStates(t, mode{e.stack, changes[e.stack]}, export.Deployment.Resources)
}
