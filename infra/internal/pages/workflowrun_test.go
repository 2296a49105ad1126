package pages_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/lifetest"
	"scheduled-messages/infra/internal/module"
)

// TestPreviewWorkflowPassesWithoutAnAccount runs what the workflow runs, and the page on deploying has the same commands.
func TestPreviewWorkflowPassesWithoutAnAccount(t *testing.T) {
	e := lifetest.NewEngine(t, t.TempDir(), "ci")
	t.Cleanup(func() { os.Remove(filepath.Join(e.Folder, "Pulumi.preview.yaml")) })
	page, err := os.ReadFile(module.Path("docs/deploy.md"))
	if err != nil {
		t.Fatal(err)
	}
	steps := workflows(t)["preview.yml"].Jobs["without-account"].Steps
	preview := steps[len(steps)-1]
	for _, line := range strings.Split(preview.Run, "\n")[:3] {
		line, _, _ = strings.Cut(line, " --non-interactive")
		if !strings.Contains(string(page), line+"\n") {
			t.Errorf("docs/deploy.md does not say: %s", line)
		}
	}
	summary := filepath.Join(t.TempDir(), "summary.md")
	cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", preview.Run) // GitHub's `shell: bash`
	cmd.Dir = e.Folder
	for _, variable := range e.Environment {
		if !strings.HasPrefix(variable, "PULUMI_STACK=") && !strings.HasPrefix(variable, "PULUMI_OPTION_CONFIG_FILE=") && !strings.HasPrefix(variable, "AWS_") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	cmd.Env = append(cmd.Env, "GITHUB_STEP_SUMMARY="+summary, "AWS_ENDPOINT_URL=http://127.0.0.1:1") // nobody listens there
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	written, err := os.ReadFile(summary)
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?s)## Preview without an account.*database-cluster.*\+ \d+ to create`).Match(written) {
		t.Errorf("the job's summary: %s", written)
	}
}

func TestPreviewWorkflowInstallsThePluginsOfTheModule(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "pulumi"), []byte("#!/bin/sh\necho \"$@\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	var want string
	for _, sdk := range []string{"aws/sdk/v6", "random/sdk/v4"} {
		version, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", "github.com/pulumi/pulumi-"+sdk).Output()
		if err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(sdk, "/")
		want += "plugin install resource " + name + " " + strings.TrimPrefix(string(version), "v")
	}
	for job, j := range workflows(t)["preview.yml"].Jobs {
		for _, step := range j.Steps {
			if step.Name != "Plugins" {
				continue
			}
			run := exec.Command("bash", "-e", "-c", step.Run)
			run.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"))
			if out, err := run.CombinedOutput(); err != nil || string(out) != want {
				t.Errorf("%s: %v: %s, want %s", job, err, out, want)
			}
		}
	}
}
