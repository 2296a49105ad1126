package lifetest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/internal/module"
)

// StableOutputs are what a backend and an operator build on: a name that goes or changes breaks them.
var StableOutputs = []string{
	"adminSecretArn", "alarmTopicArn", "appSecretArn", "clusterEndpoint", "dashboardUrl", "databaseName", "proxyEndpoint", "readerSecretArn",
	"scheduleGroupName", "scheduleKeyArn", "schedulePolicyArn", "schedulerRoleArn", "senderArn", "statusName", "statusPolicyArn", "topicArn", "tryIt", "undeliveredQueueArn",
	"undeliveredQueueUrl", "unwrittenQueueUrl", "updaterName", "webhookSecretArn",
}

// Engine is the Pulumi CLI on a copy of the project, with a backend in a folder and one stack.
type Engine struct {
	t            testing.TB
	Folder       string // the copy, which all engines share
	Stack        string
	Backend      string // its URL, which no other test's engine has
	Environment  []string
	file         string        // of the stack's configuration
	mark         string        // the product in the user agent of its AWS provider, which no other engine's has
	EveryOutput  *bytes.Buffer // of all commands
	CommandLimit time.Duration
}

// NewEngine makes a stack whose file is in a folder of its own.
func NewEngine(t testing.TB, backend, stack string, environment ...string) *Engine {
	t.Helper()
	if _, err := exec.LookPath("pulumi"); err != nil {
		t.Skip("needs the Pulumi CLI with the aws and random plugins on PATH")
	}
	folder, err := checkout()
	if err != nil {
		t.Fatal(err)
	}
	e := &Engine{t: t, Folder: t.TempDir(), Stack: stack, Backend: "file://" + backend, EveryOutput: &bytes.Buffer{}, CommandLimit: 20 * time.Minute,
		mark: "life/" + rand.Text()}
	file := "Pulumi." + stack + ".yaml"
	for _, name := range []string{"Pulumi.yaml", file} {
		content, err := os.ReadFile(module.Path(name))
		if err != nil && !(name == file && errors.Is(err, fs.ErrNotExist)) {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(e.Folder, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	e.file = filepath.Join(e.Folder, file)
	e.Environment = append(append(os.Environ(), environment...), "PULUMI_OPTION_CONFIG_FILE="+e.file,
		"PULUMI_BACKEND_URL="+e.Backend, "PULUMI_CONFIG_PASSPHRASE=test", "PULUMI_SKIP_UPDATE_CHECK=true", "PULUMI_STACK="+stack,
		"TF_APPEND_USER_AGENT="+e.mark)
	e.Pulumi("stack", "init", stack) // writes the file next to Pulumi.yaml
	e.Folder = folder
	return e
}

// Try runs one command and gives all that it printed.
func (e *Engine) Try(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), e.CommandLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "pulumi", append(args, "--non-interactive", "--color", "never")...)
	cmd.Dir, cmd.Env = e.Folder, e.Environment
	start := time.Now()
	out, err := cmd.CombinedOutput()
	e.EveryOutput.Write(out)
	e.t.Logf("%s: pulumi %s: %.0f s", e.Stack, args[0], time.Since(start).Seconds())
	return string(out), err
}

// Pulumi is try for a command that has to succeed.
func (e *Engine) Pulumi(args ...string) string {
	e.t.Helper()
	out, err := e.Try(args...)
	if err != nil {
		e.t.Fatalf("%s: pulumi %s: %v\n%s", e.Stack, strings.Join(args, " "), err, out)
	}
	return out
}

// Salt is the one of the stack's secrets, from its file.
func (e *Engine) Salt() string {
	e.t.Helper()
	content, err := os.ReadFile(e.file)
	if err != nil {
		e.t.Fatal(err)
	}
	_, salt, found := strings.Cut(string(content), "encryptionsalt: ")
	if !found {
		e.t.Fatalf("no encryptionsalt in %s", e.file)
	}
	salt, _, _ = strings.Cut(salt, "\n")
	return salt
}

// Resources are the resources in the stack's state.
func (e *Engine) Resources() []string {
	e.t.Helper()
	var state struct {
		Deployment struct{ Resources []struct{ URN string } }
	}
	if err := json.Unmarshal([]byte(e.Pulumi("stack", "export")), &state); err != nil {
		e.t.Fatal(err)
	}
	var all []string
	for _, r := range state.Deployment.Resources {
		all = append(all, ResourceOf(r.URN))
	}
	slices.Sort(all)
	return all
}

// ResourceOf is a URN without its stack: urn:pulumi:STACK::PROJECT::TYPES::NAME. Provider and stack have the name of
// the stack or of a version in theirs.
func ResourceOf(urn string) string {
	parts := strings.SplitN(urn, "::", 3)
	if strings.HasPrefix(parts[2], "pulumi:") {
		return strings.SplitN(parts[2], "::", 2)[0]
	}
	return parts[2]
}
