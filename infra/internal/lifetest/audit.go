// Package lifetest runs lives of stacks through the real engine at a local AWS.
package lifetest

import (
	"encoding/json"
	"testing"

	"scheduled-messages/infra/internal/audit"
	"scheduled-messages/infra/internal/compliance"
	"scheduled-messages/infra/internal/infratest"
)

// JudgeStates judges what the real engine and provider hold by the same rules, of which the mocks know neither the
// provider's defaults nor what it does to tags. Each rule has to find as many resources as under the mocks.
func JudgeStates(t *testing.T, m infratest.Mode, states []audit.State) {
	t.Helper()
	rules, err := audit.Rules()
	if err != nil {
		t.Fatal(err)
	}
	real, mocked := audit.UnmarshalState(states), infratest.Deployed(t, m.Changes).Audited(t)
	known := 0
	for _, rule := range rules {
		v := compliance.Judge(t, rule, m, real)
		stubs, err := audit.Judge(rule, mocked)
		if err != nil {
			t.Fatal(err)
		}
		found := len(v.Passed) + len(v.Waived) + len(v.Inapplicable) + len(v.Unknown)
		if found != len(stubs) && !v.Argued && rule.Applies != audit.Excluded {
			t.Errorf("%s: %s judges %d resources, under the mocks %d", m.Name, rule.Name, found, len(stubs))
		}
		known += len(v.Passed) + len(v.Waived)
	}
	if known < 100 {
		t.Errorf("%s: only %d verdicts", m.Name, known)
	}
}

// Judge judges the state right after an up, before a refresh takes away what moto forgets.
func (e *Engine) Judge(t *testing.T) {
	t.Helper()
	changes := map[string]map[string]string{
		"other": infratest.With(infratest.Webhook, map[string]string{"readers": "1", "alarmEmail": "team@example.com",
			"outbox": "true", "retentionDays": "90"}),
	} // dev has none
	var export struct {
		Deployment struct{ Resources []audit.State }
	}
	if err := json.Unmarshal([]byte(e.Pulumi("stack", "export")), &export); err != nil {
		t.Fatal(err)
	}
	JudgeStates(t, infratest.Mode{Name: e.Stack, Changes: changes[e.Stack]}, export.Deployment.Resources)
}
