package infra

import (
	"encoding/json"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/adopt"
)

func TestEveryResourceCanBeFoundAgainAfterAKill(t *testing.T) {
	for _, m := range auditModes {
		for _, r := range deployed(t, m.changes).resources {
			if !strings.HasPrefix(r.token, "scheduled-messages:") && !adopt.Known(r.token) {
				t.Errorf("%s: infra/internal/adopt does not say how to find a %s", r.name, r.token)
			}
		}
	}
}

// TestNothingOfTheStackIsRefusedWhenItIsLookedFor puts every resource among the pending ones, with the inputs that the program
// gives it.
func TestNothingOfTheStackIsRefusedWhenItIsLookedFor(t *testing.T) {
	for _, m := range auditModes {
		for _, r := range deployed(t, m.changes).resources {
			if !r.custom {
				continue
			}
			inputs := r.inputs.Mappable()
			for _, named := range []string{"name", "identifier", "statementId"} { // which Pulumi gives
				if inputs[named] == nil {
					inputs[named] = r.name + "-1a2b3c4"
				}
			}
			exported, err := json.Marshal(map[string]any{"deployment": map[string]any{"pending_operations": []any{
				map[string]any{"type": "creating", "resource": map[string]any{"urn": "urn:pulumi:dev::p::t::" + r.name, "type": r.token, "inputs": inputs}}}}})
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := adopt.Pending(exported, nil, func([]string) ([]string, error) { return nil, nil }); err != nil {
				t.Errorf("%s: %v", m.name, err)
			}
		}
	}
}
