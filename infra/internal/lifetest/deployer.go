package lifetest

import (
	"encoding/json"
	"net/http"
	"os"
	"sync"
	"testing"

	"scheduled-messages/infra/internal/deployer"
	"scheduled-messages/infra/internal/module"
	"scheduled-messages/infra/sandbox/endpoint"
	"scheduled-messages/infra/sandbox/endpoint/authorization"
)

// file is the lock of the file of needs.
var file sync.Mutex

// ForgetAsked has an endpoint forget what the provider has asked it for: what a host's own program needs is not the deployer's.
func ForgetAsked(t *testing.T, aws string) {
	t.Helper()
	Ask(t, http.MethodDelete, aws+endpoint.AskedPath, "ec2", "", "", "")
}

// AllowedToDeploy sees whether docs/deploy-policy.json allows all that the provider has asked an endpoint for. With UPDATE in the
// environment, it adds what the life needs to the needs that the policy is made of instead.
func AllowedToDeploy(t *testing.T, aws string, life deployer.Life) {
	t.Helper()
	var asked []authorization.Need
	if err := json.Unmarshal([]byte(Ask(t, http.MethodGet, aws+endpoint.AskedPath, "ec2", "", "", "")), &asked); err != nil {
		t.Fatal(err)
	}
	if len(asked) < 100 {
		t.Fatalf("the provider has asked for %d things: the list is blind", len(asked))
	}
	life.Account, life.Region = "123456789012", "us-east-1"
	needs := life.Placeholders(asked)
	if os.Getenv("UPDATE") != "" {
		file.Lock() // lives run at the same time
		defer file.Unlock()
		if err := deployer.Add(module.Path("infra/internal/deployer/needs.txt"), needs); err != nil {
			t.Fatal(err)
		}
		return
	}
	document, err := os.ReadFile(module.Path("docs/deploy-policy.json"))
	if err != nil {
		t.Fatal(err)
	}
	var policy deployer.Policy
	if err := json.Unmarshal(document, &policy); err != nil {
		t.Fatal(err)
	}
	for _, need := range policy.Refused(needs) {
		t.Errorf("docs/deploy-policy.json does not allow %s on %s: UPDATE=1 runs this test and that of infra/internal/deployer",
			need.Action, need.Resource)
	}
}
