package pages_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"scheduled-messages/infra/internal/module"
)

// workflow is a workflow of GitHub's, as far as the tests ask.
type workflow struct {
	text        string
	On          map[string]any
	Permissions map[string]string
	Concurrency map[string]any
	Jobs        map[string]struct {
		If, Environment string
		Permissions     map[string]string
		TimeoutMinutes  int `yaml:"timeout-minutes"`
		Env             map[string]string
		Steps           []struct {
			Name, Uses, Run, Shell string
			With, Env              map[string]string
		}
	}
}

func workflows(t *testing.T) map[string]workflow {
	t.Helper()
	paths, err := filepath.Glob(module.Path(".github/workflows/*.yml"))
	if err != nil || len(paths) < 2 {
		t.Fatalf("%v, %v", paths, err)
	}
	all := map[string]workflow{}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		w := workflow{text: string(content)}
		if err := yaml.Unmarshal(content, &w); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		all[filepath.Base(path)] = w
	}
	return all
}

func TestWorkflowsPinEveryActionByCommit(t *testing.T) {
	pinned := regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40}$`)
	named := regexp.MustCompile(`uses: \S+@[0-9a-f]{40} # v\d+\.\d+\.\d+\n`)
	versions := map[string]string{} // one of each action
	for name, w := range workflows(t) {
		uses := 0
		for job, j := range w.Jobs {
			for _, step := range j.Steps {
				if step.Uses == "" {
					continue
				}
				uses++
				if !pinned.MatchString(step.Uses) {
					t.Errorf("%s: %s: %s", name, job, step.Uses)
				}
				action, commit, _ := strings.Cut(step.Uses, "@")
				if versions[action] != "" && versions[action] != commit {
					t.Errorf("%s: %s is another elsewhere", name, step.Uses)
				}
				versions[action] = commit
				if action == "actions/checkout" && step.With["persist-credentials"] != "false" {
					t.Errorf("%s: %s leaves the token where the pull request's program finds it", name, job)
				}
			}
		}
		if versioned := len(named.FindAllString(w.text, -1)); uses == 0 || versioned != uses {
			t.Errorf("%s: %d actions, %d with their version next to the commit", name, uses, versioned)
		}
	}
}

func TestWorkflowsMayReadAndNoMore(t *testing.T) {
	for name, w := range workflows(t) {
		if len(w.Permissions) != 1 || w.Permissions["contents"] != "read" {
			t.Errorf("%s: permissions %v", name, w.Permissions)
		}
		if w.Concurrency["group"] == nil {
			t.Errorf("%s: runs twice at a time", name)
		}
		if _, ok := w.On["pull_request_target"]; ok {
			t.Errorf("%s: runs a fork's program with this repository's rights", name)
		}
		for job, j := range w.Jobs {
			if j.TimeoutMinutes == 0 {
				t.Errorf("%s: %s has no end", name, job)
			}
			for _, step := range j.Steps {
				if strings.Contains(step.Run, "${{") {
					t.Errorf("%s: %s: %q: what stands there could be a command", name, job, step.Name)
				}
			}
			for permission, level := range j.Permissions {
				if level != "read" && !(permission == "id-token" && level == "write" && j.Environment != "") {
					t.Errorf("%s: %s: %s: %s", name, job, permission, level)
				}
			}
			trusted := j.Permissions["id-token"] != "" || strings.Contains(w.section(job), "secrets.")
			if trusted && (j.Environment == "" || !strings.Contains(j.If, "github.event.pull_request.head.repo.full_name == github.repository")) {
				t.Errorf("%s: %s has rights that a fork could come by", name, job)
			}
		}
	}
}

// section is the text of a job.
func (w workflow) section(job string) string {
	_, text, _ := strings.Cut(w.text, "\n  "+job+":\n")
	if end := regexp.MustCompile(`(?m)^  \S`).FindStringIndex(text); end != nil {
		text = text[:end[0]]
	}
	return text
}

func TestPreviewWorkflowTakesThePulumiOfTheModule(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", "github.com/pulumi/pulumi/sdk/v3").Output()
	if err != nil {
		t.Fatal(err)
	}
	for job, j := range workflows(t)["preview.yml"].Jobs {
		for _, step := range j.Steps {
			if strings.HasPrefix(step.Uses, "pulumi/actions@") && "v"+step.With["pulumi-version"] != strings.TrimSpace(string(out)) {
				t.Errorf("%s: %s, the module has %s", job, step.With["pulumi-version"], out)
			}
		}
	}
}

// TestThePullRequestsProgramDoesNotGetTheWorkflowsToken: without a token the plugins' downloads share GitHub's limit of an
// address, and with one in the preview's step the program has it.
func TestThePullRequestsProgramDoesNotGetTheWorkflowsToken(t *testing.T) {
	for job, j := range workflows(t)["preview.yml"].Jobs {
		with, preview := -1, -1
		for i, step := range j.Steps {
			if step.Env["GITHUB_TOKEN"] == "${{ github.token }}" {
				with = i
				if strings.Contains(step.Run, "pulumi preview") || !strings.Contains(step.Run, "pulumi plugin install") {
					t.Errorf("%s: %q has the token and runs %s", job, step.Name, step.Run)
				}
			}
			if strings.Contains(step.Run, "pulumi preview") {
				preview = i
			}
		}
		if with < 0 || preview < with {
			t.Errorf("%s: the plugins are installed in step %d with a token, and used in step %d", job, with, preview)
		}
		if uses := strings.Count(workflows(t)["preview.yml"].section(job), "github.token"); uses != 1 {
			t.Errorf("%s: the token is used %d times", job, uses)
		}
	}
}
