package infra

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/internal/audit"
	"scheduled-messages/infra/monitoring"
)

// stableOutputs are what a backend and an operator build on: a name that goes or changes breaks them.
var stableOutputs = []string{
	"adminSecretArn", "alarmTopicArn", "appSecretArn", "clusterEndpoint", "dashboardUrl", "databaseName", "proxyEndpoint", "readerSecretArn",
	"scheduleGroupName", "schedulePolicyArn", "schedulerRoleArn", "senderArn", "statusName", "statusPolicyArn", "topicArn", "tryIt", "undeliveredQueueArn",
	"undeliveredQueueUrl", "unwrittenQueueUrl", "updaterName", "webhookSecretArn",
}

// engine is the Pulumi CLI on a copy of the project, with a backend in a folder and one stack.
type engine struct {
	t            testing.TB
	folder       string // the copy, which all engines share
	stack        string
	backend      string // its URL, which no other test's engine has
	environment  []string
	everyOutput  *bytes.Buffer // of all commands
	commandLimit time.Duration
}

// newEngine makes a stack whose file is in a folder of its own.
func newEngine(t testing.TB, backend, stack string, environment ...string) *engine {
	t.Helper()
	if _, err := exec.LookPath("pulumi"); err != nil {
		t.Skip("needs the Pulumi CLI with the aws and random plugins on PATH")
	}
	folder, err := checkout()
	if err != nil {
		t.Fatal(err)
	}
	e := &engine{t: t, folder: t.TempDir(), stack: stack, backend: "file://" + backend, everyOutput: &bytes.Buffer{}, commandLimit: 20 * time.Minute}
	file := "Pulumi." + stack + ".yaml"
	for _, name := range []string{"Pulumi.yaml", file} {
		content, err := os.ReadFile(filepath.Join("..", name))
		if err != nil && !(name == file && errors.Is(err, fs.ErrNotExist)) {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(e.folder, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	e.environment = append(append(os.Environ(), environment...), "PULUMI_OPTION_CONFIG_FILE="+filepath.Join(e.folder, file),
		"PULUMI_BACKEND_URL="+e.backend, "PULUMI_CONFIG_PASSPHRASE=test", "PULUMI_SKIP_UPDATE_CHECK=true", "PULUMI_STACK="+stack)
	e.pulumi("stack", "init", stack) // writes the file beside Pulumi.yaml
	e.folder = folder
	return e
}

// try runs one command and gives all that it printed.
func (e *engine) try(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), e.commandLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "pulumi", append(args, "--non-interactive", "--color", "never")...)
	cmd.Dir, cmd.Env = e.folder, e.environment
	start := time.Now()
	out, err := cmd.CombinedOutput()
	e.everyOutput.Write(out)
	e.t.Logf("%s: pulumi %s: %.0f s", e.stack, args[0], time.Since(start).Seconds())
	return string(out), err
}

// pulumi is try for a command that has to succeed.
func (e *engine) pulumi(args ...string) string {
	e.t.Helper()
	out, err := e.try(args...)
	if err != nil {
		e.t.Fatalf("%s: pulumi %s: %v\n%s", e.stack, strings.Join(args, " "), err, out)
	}
	return out
}

// resources are the resources in the stack's state.
func (e *engine) resources() []string {
	e.t.Helper()
	var state struct {
		Deployment struct{ Resources []struct{ URN string } }
	}
	if err := json.Unmarshal([]byte(e.pulumi("stack", "export")), &state); err != nil {
		e.t.Fatal(err)
	}
	var all []string
	for _, r := range state.Deployment.Resources {
		all = append(all, resourceOf(r.URN))
	}
	slices.Sort(all)
	return all
}

// resourceOf is a URN without its stack: urn:pulumi:STACK::PROJECT::TYPES::NAME. Provider and stack have the name of
// the stack or of a version in theirs.
func resourceOf(urn string) string {
	parts := strings.SplitN(urn, "::", 3)
	if strings.HasPrefix(parts[2], "pulumi:") {
		return strings.SplitN(parts[2], "::", 2)[0]
	}
	return parts[2]
}

// TestStackGoesUpChangesNothingAndLeavesNothing is the whole life of two stacks side by side in one account, through
// Pulumi's engine and HashiCorp's AWS provider.
func TestStackGoesUpChangesNothingAndLeavesNothing(t *testing.T) {
	endpoint := localAWS(t)
	t.Parallel()
	rotation := &rotationFront{}
	front := rotation.listen(t, endpoint)
	before := inventory(t, endpoint)
	backend := t.TempDir()

	t.Run("stacks", func(t *testing.T) {
		for _, stack := range []string{"dev", "other"} {
			t.Run(stack, func(t *testing.T) {
				t.Parallel()
				e := newEngine(t, backend, stack, "AWS_ENDPOINT_URL="+front)
				if stack != "dev" { // dev has a file of its own in the repository
					e.pulumi("config", "set-all", "--path", "--plaintext", "aws:region=us-east-1", "--plaintext", "readers=1",
						"--plaintext", "alarmEmail=team@example.com", "--plaintext", "channels[0]=sns", "--plaintext", "channels[1]=webhook",
						"--plaintext", "webhookAllowedHosts[0]=hooks.example.com")
				}
				live(t, e, endpoint, rotation)
			})
		}
	})
	nothingNew(t, before, inventory(t, endpoint))
}

// live takes one stack through its life.
func live(t *testing.T, e *engine, endpoint string, rotation *rotationFront) {
	t.Cleanup(func() {
		if t.Failed() { // what is left must not fail the next run as well
			_, _ = e.try("destroy", "--yes", "--skip-preview")
		}
	})
	linked := linkedAt(t, e.folder)
	e.pulumi("up", "--yes", "--skip-preview")
	e.judge(t)
	made := inventory(t, endpoint)
	if len(made["clusters"]) == 0 || len(made["proxies"]) == 0 || len(made["functions"]) < len(config.Functions) ||
		len(made["alarms"]) == 0 || len(made["dashboards"]) == 0 || len(made["metric filters"]) < len(monitoring.Filters) {
		t.Fatalf("AWS's lists are blind: %v", made)
	}
	e.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")
	e.pulumi("refresh", "--yes", "--skip-preview")
	e.pulumi("preview", "--expect-no-changes", "--diff")

	var values map[string]any
	out := e.pulumi("stack", "output", "--json")
	if err := json.Unmarshal([]byte(out), &values); err != nil {
		t.Fatal(err)
	}
	arns := []string{fmt.Sprint(values["adminSecretArn"]), fmt.Sprint(values["appSecretArn"])}
	for _, name := range stableOutputs {
		without := name == "webhookSecretArn" && e.stack == "dev" // which has no channel webhook
		if value, ok := values[name].(string); !ok || (value == "") != without {
			t.Errorf("output %s is %v", name, values[name])
		}
		delete(values, name)
	}
	if len(values) > 0 {
		t.Errorf("outputs that nobody was told of: %v", values)
	}
	if state := e.pulumi("stack", "export"); !strings.Contains(state, "ciphertext") {
		t.Error("the state holds nothing encrypted")
	}
	secrets := inventory(t, endpoint)["passwords"]
	if len(secrets) < 2 {
		t.Fatalf("the endpoint tells %d passwords", len(secrets))
	}
	for _, secret := range secrets {
		if strings.Contains(e.everyOutput.String(), secret) {
			t.Errorf("%s: a password stands in an output, the log or the state", e.stack)
		}
	}
	leftAlone(t, e, endpoint, arns, rotation)
	// Each kind from none and from another, and taken away by up and by destroy.
	for _, mode := range map[string][]string{"dev": {"single", "none", "network"}, "other": {"network", "classic", "single"}}[e.stack] {
		switchExternalAccess(t, e, endpoint, mode)
	}
	e.pulumi("destroy", "--yes", "--skip-preview")
	for _, r := range e.resources() {
		t.Errorf("destroy left %s in the state", r)
	}
	if again := linkedAt(t, e.folder); again != linked {
		t.Errorf("the functions were linked at %s and again at %s, from the same inputs", linked, again)
	}
}

// TestPreviewPassesWithoutAnAccount is what CI of a user's pull request runs: dummy keys, and no AWS to ask.
func TestPreviewPassesWithoutAnAccount(t *testing.T) {
	e := newEngine(t, t.TempDir(), "ci",
		"AWS_ENDPOINT_URL=http://127.0.0.1:1", // nobody listens there: whoever asks fails
		"AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY=", "AWS_PROFILE=", "AWS_REGION=", "AWS_DEFAULT_REGION=")
	out := e.pulumi("preview", "--json")
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
		previewed = append(previewed, resourceOf(step.URN))
		states = append(states, step.NewState)
	}
	judgeStates(t, mode{"preview", nil}, states)
	var want []string
	for _, r := range deployed(t).resources {
		want = append(want, fmt.Sprintf("%s::%s", r.token, r.name))
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
	e := newEngine(t, t.TempDir(), "ci", "AWS_ENDPOINT_URL=http://127.0.0.1:1")
	e.pulumi("config", "set", "minCapacity", "0.3")
	e.pulumi("config", "set", "minCapcity", "1")
	e.pulumi("config", "set", "logRetentionDays", "15")
	out, err := e.try("preview")
	if err == nil {
		t.Fatal("it passed")
	}
	for _, want := range []string{"minCapacity is 0.3: must be 0 to 256 ACUs", "logRetentionDays is 15: must be one of", "minCapcity is 1: no key has this name"} {
		if !strings.Contains(out, want) {
			t.Errorf("not said: %s\n%s", want, out)
		}
	}
	if created := regexp.MustCompile(`\+ (\d+) to create`).FindStringSubmatch(out); created != nil && created[1] != "1" { // the stack itself
		t.Errorf("%s resources before the error", created[1])
	}
}
