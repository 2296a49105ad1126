package infra_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/audit"
	"scheduled-messages/infra/internal/deployer"
	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/internal/lifetest"
)

// TestStackGoesUpChangesNothingAndLeavesNothing is the entire life of two stacks side by side in one account, through
// Pulumi's engine and HashiCorp's AWS provider.
func TestStackGoesUpChangesNothingAndLeavesNothing(t *testing.T) {
	endpoint := lifetest.LocalAWS(t)
	t.Parallel()
	rotation := &rotationFront{}
	front := rotation.listen(t, endpoint)
	before := lifetest.Inventory(t, endpoint)
	backend := t.TempDir()

	t.Run("stacks", func(t *testing.T) {
		for _, stack := range []string{"dev", "other"} {
			t.Run(stack, func(t *testing.T) {
				t.Parallel()
				e := lifetest.NewEngine(t, backend, stack, "AWS_ENDPOINT_URL="+front)
				if stack != "dev" { // dev has a file of its own in the repository
					e.Pulumi("config", "set-all", "--path", "--plaintext", "aws:region=us-east-1", "--plaintext", "readers=1",
						"--plaintext", "alarmEmail=team@example.com", "--plaintext", "channels[0]=sns", "--plaintext", "channels[1]=webhook",
						"--plaintext", "webhookAllowedHosts[0]=hooks.example.com", "--plaintext", "outbox=true", "--plaintext", "retentionDays=90",
						"--plaintext", "namePrefix=team-a-")
				}
				live(t, e, endpoint, rotation)
			})
		}
	})
	lifetest.NothingNew(t, before, lifetest.Inventory(t, endpoint))
}

// live takes one stack through its life.
func live(t *testing.T, e *lifetest.Engine, endpoint string, rotation *rotationFront) {
	t.Cleanup(func() {
		if t.Failed() { // what is left must not fail the next run as well
			_, _ = e.Try("destroy", "--yes", "--skip-preview")
		}
	})
	linked := infratest.LinkedAt(t, e.Folder)
	e.Pulumi("up", "--yes", "--skip-preview")
	e.Judge(t)
	made, least := lifetest.Inventory(t, endpoint), infratest.Deployed(t)
	if len(made["clusters"]) == 0 || len(made["proxies"]) == 0 || len(made["functions"]) < len(least.Of(t, "lambda/function:Function")) ||
		len(made["alarms"]) == 0 || len(made["dashboards"]) == 0 ||
		len(made["metric filters"]) < len(least.Of(t, "cloudwatch/logMetricFilter:LogMetricFilter")) {
		t.Fatalf("AWS's lists are blind: %v", made)
	}
	e.Pulumi("up", "--yes", "--skip-preview", "--expect-no-changes") // after a refresh: leftAlone

	var values map[string]any
	out := e.Pulumi("stack", "output", "--json")
	if err := json.Unmarshal([]byte(out), &values); err != nil {
		t.Fatal(err)
	}
	arns := []string{fmt.Sprint(values["adminSecretArn"]), fmt.Sprint(values["appSecretArn"])}
	for _, name := range lifetest.StableOutputs {
		without := name == "webhookSecretArn" && e.Stack == "dev" // which has no channel webhook
		if value, ok := values[name].(string); !ok || (value == "") != without {
			t.Errorf("output %s is %v", name, values[name])
		}
		delete(values, name)
	}
	if len(values) > 0 {
		t.Errorf("outputs that no page names: %v", values)
	}
	if state := e.Pulumi("stack", "export"); !strings.Contains(state, "ciphertext") {
		t.Error("the state holds nothing encrypted")
	}
	secrets := lifetest.Inventory(t, endpoint)["passwords"]
	if len(secrets) < 2 {
		t.Fatalf("the endpoint knows %d passwords", len(secrets))
	}
	for _, secret := range secrets {
		if strings.Contains(e.EveryOutput.String(), secret) {
			t.Errorf("%s: a password stands in an output, the log or the state", e.Stack)
		}
	}
	leftAlone(t, e, endpoint, arns, rotation)
	// Each kind from none or from another, and taken away by up and by destroy: network by the destroy of a stack in a host.
	for _, mode := range map[string][]string{"dev": {"single", "none"}, "other": {"network", "classic", "single"}}[e.Stack] {
		switchExternalAccess(t, e, endpoint, mode)
	}
	if e.Stack == "other" {
		switchOutboxOff(t, e)
	}
	e.Pulumi("destroy", "--yes", "--skip-preview")
	e.AllowedToDeploy(t, endpoint, deployer.Life{Prefix: map[string]string{"other": "team-a-"}[e.Stack], Path: "/"})
	for _, r := range e.Resources() {
		t.Errorf("destroy left %s in the state", r)
	}
	if again := infratest.LinkedAt(t, e.Folder); again != linked {
		t.Errorf("the functions were linked at %s and again at %s, from the same inputs", linked, again)
	}
}

// TestPreviewPassesWithoutAnAccount is what CI of a user's pull request runs: dummy keys, and no AWS to ask.
func TestPreviewPassesWithoutAnAccount(t *testing.T) {
	e := lifetest.NewEngine(t, t.TempDir(), "ci",
		"AWS_ENDPOINT_URL=http://127.0.0.1:1", // nobody listens there: whoever asks fails
		"AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY=", "AWS_PROFILE=", "AWS_REGION=", "AWS_DEFAULT_REGION=")
	out := e.Pulumi("preview", "--json")
	var preview struct {
		Steps []struct {
			Op, URN  string
			NewState audit.State
		}
	}
	if err := json.Unmarshal([]byte(out[strings.IndexByte(out, '{'):]), &preview); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var previewed []string
	var states []audit.State
	for _, step := range preview.Steps {
		if step.Op != "create" {
			t.Errorf("%s %s", step.Op, step.URN)
		}
		previewed = append(previewed, lifetest.ResourceOf(step.URN))
		states = append(states, step.NewState)
	}
	lifetest.JudgeStates(t, infratest.Mode{Name: "preview"}, states)
	var want []string
	for _, r := range infratest.Deployed(t).Resources {
		want = append(want, fmt.Sprintf("%s::%s", r.Token, r.Name))
	}
	for _, name := range want {
		if !slices.ContainsFunc(previewed, func(p string) bool { return strings.HasSuffix(p, name) }) {
			t.Errorf("preview without an account does not list %s", name)
		}
	}
	if len(previewed) < len(want) {
		t.Errorf("%d resources, with an account %d", len(previewed), len(want))
	}
}

// TestBadConfigurationFailsPreviewWithEveryProblem goes through the engine, which passes all keys to the program.
func TestBadConfigurationFailsPreviewWithEveryProblem(t *testing.T) {
	e := lifetest.NewEngine(t, t.TempDir(), "ci", "AWS_ENDPOINT_URL=http://127.0.0.1:1")
	e.Pulumi("config", "set", "minCapacity", "0.3")
	e.Pulumi("config", "set", "minCapcity", "1")
	e.Pulumi("config", "set", "logRetentionDays", "15")
	out, err := e.Try("preview")
	if err == nil {
		t.Fatal("it passed")
	}
	for _, want := range []string{"minCapacity is 0.3: must be 0 to 256 ACUs", "logRetentionDays is 15: must be one of", "minCapcity is 1: no key has this name"} {
		if !strings.Contains(out, want) {
			t.Errorf("not printed: %s\n%s", want, out)
		}
	}
	if created := regexp.MustCompile(`\+ (\d+) to create`).FindStringSubmatch(out); created != nil && created[1] != "1" { // the stack itself
		t.Errorf("%s resources before the error", created[1])
	}
}
