package pages_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra"
	"scheduled-messages/infra/internal/module"
)

// pages are the texts of all pages that users read, by their path from the root.
func pages(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, pattern := range []string{"README.md", "CONTRIBUTING.md", "docs/*.md"} {
		paths, err := filepath.Glob(module.Path(pattern))
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %v, %v", pattern, paths, err)
		}
		for _, path := range paths {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			all[strings.TrimPrefix(path, module.Root()+"/")] = string(content)
		}
	}
	return all
}

func TestFirstPageIsOnePageAndBeginsWithTheTwoCommands(t *testing.T) {
	lines := strings.Split(pages(t)["README.md"], "\n")
	if len(lines) > 165 {
		t.Errorf("the README has %d lines: what is no first step belongs into docs", len(lines))
	}
	screen := strings.Join(lines[:25], "\n")
	for _, command := range []string{"\npulumi up ", "\ngo test -timeout 60m ./... "} {
		if !strings.Contains(screen, command) {
			t.Errorf("%q is not in the first 25 lines", strings.TrimSpace(command))
		}
	}
}

// TestThePagesCommandsWorkInBothVersionsOfTheAWSCLI looks for what one version alone has, and for what empties a file that the
// shell's output goes to.
func TestThePagesCommandsWorkInBothVersionsOfTheAWSCLI(t *testing.T) {
	only := regexp.MustCompile(`--cli-binary-format|aws logs tail|aws configure (sso|import)|aws sso|--no-cli-pager|/dev/stdout|/dev/stderr`)
	texts := pages(t)
	texts["infra/tryit.sh"] = infra.TryIt
	for page, text := range texts {
		if found := only.FindAllString(text, -1); found != nil {
			t.Errorf("%s has %q", page, found)
		}
	}
}

func TestCommandsOfThePagesAreWellFormed(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("needs bash")
	}
	blocks := 0
	for page, text := range pages(t) {
		for _, block := range regexp.MustCompile("(?s)\n```sh\n(.*?)```").FindAllStringSubmatch(text, -1) {
			blocks++
			check := exec.Command("bash", "-n")
			check.Stdin = strings.NewReader(block[1])
			if out, err := check.CombinedOutput(); err != nil {
				t.Errorf("%s: %v: %s\n%s", page, err, out, block[1])
			}
		}
	}
	if blocks < 30 {
		t.Errorf("%d blocks of commands are checked", blocks)
	}
}

func TestPagesNameKeysOutputsAndPackagesThatAreThere(t *testing.T) {
	keys := declared(t)
	there := map[string]func(name string) bool{
		`pulumi config set (?:--\w+ )?'?([a-zA-Z]+)\b(?::\w+)?`: func(name string) bool {
			_, known := keys[name]
			return known || name == "aws" || name == "KEY"
		},
		`pulumi stack output ([a-zA-Z]+)`: func(name string) bool {
			return name == "NAME" || slices.ContainsFunc(infra.Outputs, func(o infra.Output) bool { return o.Name == name })
		},
		"go (?:run|test)[^\n`]* (\\./(?:infra|lambda)[\\w/]*)": func(name string) bool {
			found, err := os.Stat(module.Path(name))
			return err == nil && found.IsDir()
		},
	}
	for pattern, known := range there {
		checked := 0
		for page, text := range pages(t) {
			for _, named := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
				checked++
				if !known(named[1]) {
					t.Errorf("%s: %q: there is no %s", page, named[0], named[1])
				}
			}
		}
		if checked < 8 {
			t.Errorf("%s: %d found", pattern, checked)
		}
	}
}

func TestContributorsAreSentToFilesThatAreThere(t *testing.T) {
	checked := 0
	for _, named := range regexp.MustCompile("`((?:lambda|infra|docs|\\.ci)(?:/[\\w.-]+)*)`").FindAllStringSubmatch(pages(t)["CONTRIBUTING.md"], -1) {
		checked++
		if _, err := os.Stat(module.Path(named[1])); err != nil {
			t.Errorf("CONTRIBUTING.md: %v", err)
		}
	}
	if checked < 15 {
		t.Errorf("%d files and folders are checked", checked)
	}
}
