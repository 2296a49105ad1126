package infra

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestPreviewWorkflowPassesWithoutAnAccount runs what the workflow runs, and the README tells to run.
func TestPreviewWorkflowPassesWithoutAnAccount(t *testing.T) {
	e := newEngine(t, t.TempDir(), "ci")
	t.Cleanup(func() { os.Remove(filepath.Join(e.folder, "Pulumi.preview.yaml")) })
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	steps := workflows(t)["preview.yml"].Jobs["without-account"].Steps
	preview := steps[len(steps)-1]
	for _, line := range strings.Split(preview.Run, "\n")[:3] {
		line, _, _ = strings.Cut(line, " --non-interactive")
		if !strings.Contains(string(readme), line+"\n") {
			t.Errorf("the README does not say: %s", line)
		}
	}
	summary := filepath.Join(t.TempDir(), "summary.md")
	cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", preview.Run) // GitHub's `shell: bash`
	cmd.Dir = e.folder
	for _, variable := range e.environment {
		if !strings.HasPrefix(variable, "PULUMI_STACK=") && !strings.HasPrefix(variable, "PULUMI_OPTION_CONFIG_FILE=") && !strings.HasPrefix(variable, "AWS_") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	cmd.Env = append(cmd.Env, "GITHUB_STEP_SUMMARY="+summary, "AWS_ENDPOINT_URL=http://127.0.0.1:1") // nobody listens there
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	told, err := os.ReadFile(summary)
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?s)## Preview without an account.*database-cluster.*\+ \d+ to create`).Match(told) {
		t.Errorf("the job's summary: %s", told)
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

// policyOf is a JSON document of the CI page that names an action.
func policyOf(t *testing.T, action string) (document struct {
	Statement []struct {
		Action, Resource any
		Condition        map[string]map[string]any
	}
}) {
	t.Helper()
	page, err := os.ReadFile("docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		if strings.Contains(block[1], `"`+action+`"`) {
			if err := json.Unmarshal([]byte(block[1]), &document); err != nil {
				t.Fatalf("%v: %s", err, block[1])
			}
			return document
		}
	}
	t.Fatalf("no policy with %s", action)
	return document
}

// oneOrMore is a text, or a list of them, in a policy.
func oneOrMore(value any) (all []string) {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		for _, element := range value {
			all = append(all, element.(string))
		}
	}
	return all
}

func TestPreviewRoleTrustsTheEnvironmentUnderBothFormsOfItsName(t *testing.T) {
	trust := policyOf(t, "sts:AssumeRoleWithWebIdentity")
	if len(trust.Statement) != 1 {
		t.Fatalf("%+v", trust)
	}
	const issuer = "token.actions.githubusercontent.com:"
	equals := trust.Statement[0].Condition["StringEquals"]
	if len(trust.Statement[0].Condition) != 1 || equals[issuer+"aud"] != "sts.amazonaws.com" {
		t.Errorf("%v", trust.Statement[0].Condition)
	}
	if got := oneOrMore(equals[issuer+"sub"]); !slices.Equal(got, []string{"repo:ORG/REPO:environment:preview", "repo:ORG@ORG_ID/REPO@REPO_ID:environment:preview"}) {
		t.Errorf("the subjects are %v", got)
	}
}

func TestCIPageSaysWhatTheReviewersAndTheTokensNeed(t *testing.T) {
	page, err := os.ReadFile("docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Join(strings.Fields(string(page)), " ")
	for _, want := range []string{
		"required reviewers", "prevent self-review", "allow administrators to bypass configured protection rules** off",
		"for public repositories, and for private and internal ones [with GitHub Enterprise only]",
		"the token of a team whose permission on this one stack is [*Stack Read*]",
		"gh api repos/ORG/REPO --jq",
	} {
		if !strings.Contains(words, want) {
			t.Errorf("not said: %s", want)
		}
	}
}

// previewRole is what the role of a preview of the stack ci may do, by action: the resources' patterns.
func previewRole(t *testing.T) map[string][]string {
	t.Helper()
	allowed := map[string][]string{}
	for _, s := range policyOf(t, "s3:GetObject").Statement {
		for _, action := range oneOrMore(s.Action) {
			for _, resource := range oneOrMore(s.Resource) {
				allowed[action] = append(allowed[action], strings.NewReplacer("arn:aws:s3:::BUCKET", "/bucket", "STACK", "ci").Replace(resource))
			}
		}
	}
	return allowed
}

func TestPreviewRoleReadsNoOtherStack(t *testing.T) {
	for action, patterns := range previewRole(t) {
		if !slices.Contains([]string{"ec2:DescribeAvailabilityZones", "ec2:DescribeVpcEndpointServices", "ssm:GetParameter", "s3:ListBucket", "s3:GetObject"}, action) {
			t.Errorf("the role may %s", action)
		}
		for _, other := range []string{"scheduled-messages/prod.json", "scheduled-messages/ci2.json", "other/ci.json", "scheduled-messages/ci/secret"} {
			for _, pattern := range patterns {
				if ok, _ := path.Match(pattern, "/bucket/.pulumi/stacks/"+other); ok {
					t.Errorf("%s of %s reads %s", action, pattern, other)
				}
			}
		}
	}
}

// TestPreviewReadsTheStateOfItsOneStackAsTheRoleMay previews with its state in S3, and compares what is asked of the bucket with
// the policy on the CI page.
func TestPreviewReadsTheStateOfItsOneStackAsTheRoleMay(t *testing.T) {
	aws, backend := ownAWS(t), t.TempDir()
	e := newEngine(t, backend, "ci")
	send := func(key, content string) {
		t.Helper()
		request, err := http.NewRequest(http.MethodPut, aws+"/bucket"+key, strings.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20261126/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0")
		response, err := http.DefaultClient.Do(request)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %v, %v", key, response, err)
		}
		response.Body.Close()
	}
	send("", "")
	for _, key := range []string{"/.pulumi/meta.yaml", "/.pulumi/stacks/" + project + "/ci.json"} {
		content, err := os.ReadFile(filepath.Join(backend, key))
		if err != nil {
			t.Fatal(err)
		}
		send(key, string(content))
	}
	target, err := url.Parse(aws)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	asked := map[string]bool{}
	through := httputil.NewSingleHostReverseProxy(target)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if strings.HasPrefix(r.URL.Path, "/bucket") {
			asked[r.Method+" "+r.URL.Path] = true
		}
		through.ServeHTTP(w, r)
	}))
	defer front.Close()
	e.environment = append(e.environment, "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test",
		"PULUMI_BACKEND_URL=s3://bucket?region=us-east-1&s3ForcePathStyle=true&endpoint="+front.URL)
	if out := e.pulumi("preview"); !strings.Contains(out, " to create") {
		t.Errorf("the preview found no state:\n%s", out)
	}

	allowed := previewRole(t)
	used := map[string]bool{}
	for request := range asked {
		method, name, _ := strings.Cut(request, " ")
		action := "s3:GetObject"
		if name == "/bucket" || name == "/bucket/" {
			action, name = "s3:ListBucket", "/bucket"
		}
		granted := slices.ContainsFunc(allowed[action], func(pattern string) bool {
			ok, err := path.Match(pattern, name)
			used[pattern] = used[pattern] || ok
			return ok && err == nil
		})
		if (method != http.MethodGet && method != http.MethodHead) || !granted {
			t.Errorf("the role may not: %s", request)
		}
	}
	for _, pattern := range slices.Concat(allowed["s3:GetObject"], allowed["s3:ListBucket"]) {
		if !used[pattern] {
			t.Errorf("a preview does not need %s", pattern)
		}
	}
}
