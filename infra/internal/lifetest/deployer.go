package lifetest

import (
	"encoding/json"
	"net/http"
	"net/url"
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

// AllowedToDeploy sees whether docs/deploy-policy.json allows all that the engine's provider has asked an endpoint for. Of a stack
// whose names have no prefix it looks at the actions alone. With UPDATE in the environment, it adds what the life of one with a
// prefix needs to the needs that the policy is made of instead.
func (e *Engine) AllowedToDeploy(t *testing.T, aws string, life deployer.Life) {
	t.Helper()
	var asked []authorization.Need
	of := endpoint.AskedPath + "?" + url.Values{endpoint.AskedAs: {e.mark}}.Encode()
	if err := json.Unmarshal([]byte(Ask(t, http.MethodGet, aws+of, "ec2", "", "", "")), &asked); err != nil {
		t.Fatal(err)
	}
	if len(asked) < 100 {
		t.Fatalf("the provider has asked for %d things: the list is blind", len(asked))
	}
	life.Account, life.Region = "123456789012", "us-east-1"
	needs := life.Placeholders(asked)
	if os.Getenv("UPDATE") != "" {
		if life.Prefix == "" {
			return
		}
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
		if life.Prefix == "" && policy.Knows(need.Action) {
			continue
		}
		t.Errorf("docs/deploy-policy.json does not allow %s on %s: UPDATE=1 runs this test and that of infra/internal/deployer",
			need.Action, need.Resource)
	}
}
