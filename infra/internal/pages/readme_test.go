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

// commands are the code block of a page that holds a text.
func commands(t *testing.T, page, holding string) string {
	t.Helper()
	content, err := os.ReadFile(module.Path(page))
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(content), -1) {
		if strings.Contains(block[1], holding) {
			return block[1]
		}
	}
	t.Fatalf("%s has no commands with %q", page, holding)
	return ""
}

// clone is a checkout of what Git keeps, as the working copy has it.
func clone(t *testing.T) (folder string) {
	t.Helper()
	listed, err := exec.Command("git", "-C", module.Root(), "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Skip("needs git, and a checkout of the repository")
	}
	folder = t.TempDir()
	for _, name := range strings.Split(strings.Trim(string(listed), "\x00"), "\x00") {
		content, err := os.ReadFile(module.Path(name))
		if os.IsNotExist(err) {
			continue // deleted in the working copy
		}
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, words := range [][]string{{"init", "--quiet"}, {"add", "--all"},
		{"-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "--quiet", "--message", "clone"}} {
		if out, err := exec.Command("git", append([]string{"-C", folder}, words...)...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", words, err, out)
		}
	}
	return folder
}

// TestThePagesCommandsLeaveACloneClean runs the preview without an account, and the deployment up to what it would make, as
// the pages have them; and again in another shell, with another backend and another passphrase.
func TestThePagesCommandsLeaveACloneClean(t *testing.T) {
	aws := lifetest.OwnAWS(t)
	if _, err := exec.LookPath("pulumi"); err != nil {
		t.Skip("needs the Pulumi CLI with the aws and random plugins on PATH")
	}
	if _, err := exec.LookPath("aws"); err != nil {
		t.Skip("needs the AWS CLI on PATH")
	}
	folder := clone(t)
	preview := commands(t, "docs/deploy.md", "pulumi preview --stack preview")
	for _, block := range []string{
		preview, strings.ReplaceAll(preview, "PULUMI_CONFIG_PASSPHRASE=ci", "PULUMI_CONFIG_PASSPHRASE=other"),
		commands(t, "README.md", "pulumi stack init mine"), commands(t, "docs/deploy.md", "pulumi stack init mine"),
	} {
		shell := exec.Command("bash", "-eu", "-c", `pulumi() {
	case $1 in
	login) return ;; # the state is kept where the variable says
	up) set -- preview ;;
	esac
	command pulumi "$@" --non-interactive --color never
}
`+block)
		shell.Dir = folder
		shell.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+aws,
			"PULUMI_BACKEND_URL=file://"+t.TempDir(), "PULUMI_CONFIG_PASSPHRASE="+t.TempDir(), "PULUMI_SKIP_UPDATE_CHECK=true")
		out, err := shell.CombinedOutput()
		if err != nil || !regexp.MustCompile(`\+ \d{2,} to create`).Match(out) {
			t.Errorf("%s: %v\n%s", block, err, out)
		}
		if status, err := exec.Command("git", "-C", folder, "status", "--porcelain").CombinedOutput(); err != nil || len(status) > 0 {
			t.Errorf("after %s: %v\n%s", block, err, status)
		}
	}
	deployer := exec.Command("bash", "-eu", "-c", `aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" --region us-east-1 "$@"; }
aws iam create-role --role-name deployer --assume-role-policy-document '{"Version": "2012-10-17", "Statement": []}' >/dev/null
`+commands(t, "docs/ci.md", "put-role-policy")+`
aws iam get-role-policy --role-name deployer --policy-name messages`)
	deployer.Dir, deployer.Env = folder, append(os.Environ(), "AWS_ENDPOINT_URL="+aws)
	given, err := deployer.CombinedOutput()
	left := regexp.MustCompile(`ACCOUNT|REGION|PREFIX|PATH|DATABASE|ADMINSECRET`).FindString(string(given))
	if err != nil || left != "" || !strings.Contains(string(given), `"rds:CreateDBCluster"`) {
		t.Errorf("the role that deploys: %v, not filled in: %q\n%s", err, left, given)
	}
	for name, page := range map[string]string{"try-it.sh": "README.md", "connect.sh": "docs/external-access.md", "status.json": "docs/statuses.md",
		"ended.json": "docs/rotation.md", "outputs.json": "docs/recipes.md", "policy.json": "docs/ci.md"} {
		written := commands(t, page, name) // where its commands write an output or an answer to
		if err := exec.Command("git", "-C", folder, "check-ignore", "--quiet", name).Run(); err != nil || !strings.Contains(written, name) {
			t.Errorf("%s is not ignored: %v", name, err)
		}
	}
}
