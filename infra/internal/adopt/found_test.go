package adopt_test

import (
	"encoding/json"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/adopt"
	"scheduled-messages/infra/internal/infratest"
)

func TestEveryResourceCanBeFoundAgainAfterAKill(t *testing.T) {
	for _, m := range infratest.AuditModes {
		for _, r := range infratest.Deployed(t, m.Changes).Resources {
			if !strings.HasPrefix(r.Token, "scheduled-messages:") && !adopt.Known(r.Token) {
				t.Errorf("%s: infra/internal/adopt does not say how to find a %s", r.Name, r.Token)
			}
		}
	}
}

// TestNothingOfTheStackIsRefusedWhenItIsLookedFor puts every resource among the pending ones, with the inputs that the program
// gives it.
func TestNothingOfTheStackIsRefusedWhenItIsLookedFor(t *testing.T) {
	for _, m := range infratest.AuditModes {
		for _, r := range infratest.Deployed(t, m.Changes).Resources {
			if !r.Custom {
				continue
			}
			inputs := r.Inputs.Mappable()
			for _, named := range []string{"name", "identifier", "statementId"} { // which Pulumi gives
				if inputs[named] == nil {
					inputs[named] = r.Name + "-1a2b3c4"
				}
			}
			exported, err := json.Marshal(map[string]any{"deployment": map[string]any{"pending_operations": []any{
				map[string]any{"type": "creating", "resource": map[string]any{"urn": "urn:pulumi:dev::p::t::" + r.Name, "type": r.Token, "inputs": inputs}}}}})
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := adopt.Pending(exported, nil, func([]string) ([]string, error) { return nil, nil }); err != nil {
				t.Errorf("%s: %v", m.Name, err)
			}
		}
	}
}
