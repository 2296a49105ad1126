package infra_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"sync"
	"testing"

	"scheduled-messages/infra/internal/deployer"
	"scheduled-messages/infra/internal/lifetest"
	"scheduled-messages/infra/sandbox/endpoint"
)

// migrators answers invocations as the migrator does, and keeps what it was invoked with.
type migrators struct {
	mu     sync.Mutex
	events []string
}

func (m *migrators) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	m.mu.Lock()
	m.events = append(m.events, string(body))
	m.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"version":1,"applied":[],"users":["a","b"],"plugin":"caching_sha2_password"}`)
}

// actions are what the provider said it does, invocation by invocation.
func (m *migrators) actions() (all []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, event := range m.events {
		var e struct{ TF struct{ Action string } }
		_ = json.Unmarshal([]byte(event), &e)
		all = append(all, e.TF.Action)
	}
	return all
}

// TestAStackLivesInAHostThatIsAsBeforeAfterwards takes a stack through its life in a VPC and on a database of somebody else.
func TestAStackLivesInAHostThatIsAsBeforeAfterwards(t *testing.T) {
	lifetest.LocalAWS(t)
	t.Parallel()
	for kind, access := range map[string]string{"cluster": "single", "instance": "network"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath("moto_server"); err != nil {
				t.Skip("needs moto_server on PATH")
			}
			functions := &migrators{}
			server := httptest.NewServer(functions)
			t.Cleanup(server.Close)
			e, err := endpoint.Start(t.Context(), endpoint.Options{
				Listen: "127.0.0.1:0", Functions: server.URL, Log: io.Discard, Keys: lifetest.LocalKeys(t)})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = e.Wait() })
			liveInHost(t, e.URL(), kind, access, functions)
		})
	}
}

func liveInHost(t *testing.T, aws, kind, access string, functions *migrators) {
	host := newHostStack(t, aws, kind)
	before, names := details(t, aws), lifetest.Inventory(t, aws)
	if len(before) < 16 || len(names["vpcs"]) == 0 {
		t.Fatalf("AWS's lists are blind: %v", names)
	}
	e := lifetest.NewEngine(t, t.TempDir(), "guest", "AWS_ENDPOINT_URL="+aws)
	set := []string{"config", "set-all", "--path", "--plaintext", "aws:region=us-east-1", "--plaintext", "namePrefix=team-a-",
		"--plaintext", "iamPath=/teams/", "--plaintext", "permissionsBoundaryArn=arn:aws:iam::aws:policy/PowerUserAccess",
		"--plaintext", fmt.Sprintf("vpcId=%v", host["vpcId"]), "--plaintext", fmt.Sprintf("adminSecretArn=%v", host["adminSecretArn"]),
		"--plaintext", fmt.Sprintf("%sIdentifier=%v", kind, host["identifier"])}
	for i, subnet := range host["privateSubnetIds"].([]any) {
		set = append(set, "--plaintext", fmt.Sprintf("privateSubnetIds[%d]=%v", i, subnet))
	}
	e.Pulumi(set...)
	e.Pulumi("up", "--yes", "--skip-preview")
	onlyItsRules(t, aws, before)
	e.Pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")
	e.Pulumi("preview", "--refresh", "--expect-no-changes", "--diff")
	e.Pulumi("config", "set", "logRetentionDays", "30")
	e.Pulumi("up", "--yes", "--skip-preview")
	set = []string{"config", "set-all", "--path"}
	for i, subnet := range host["publicSubnetIds"].([]any)[:map[string]int{"single": 1, "network": 2}[access]] {
		set = append(set, "--plaintext", fmt.Sprintf("publicSubnetIds[%d]=%v", i, subnet))
	}
	e.Pulumi(set...)
	switchExternalAccess(t, e, aws, access)
	e.Pulumi("destroy", "--yes", "--skip-preview")
	for _, r := range e.Resources() {
		t.Errorf("destroy left %s in the state", r)
	}
	if actions := functions.actions(); len(actions) < 2 || actions[0] != "create" || actions[len(actions)-1] != "delete" ||
		slices.Contains(actions, "") {
		t.Errorf("the migrator was invoked to %q", actions)
	}
	unchanged(t, "after destroy", before, details(t, aws))
	e.AllowedToDeploy(t, aws, deployer.Life{
		Prefix: "team-a-", Path: "/teams/", Database: fmt.Sprint(host["identifier"]), AdminSecret: fmt.Sprint(host["adminSecretArn"])})
	lifetest.NothingNew(t, names, lifetest.Inventory(t, aws))
}
