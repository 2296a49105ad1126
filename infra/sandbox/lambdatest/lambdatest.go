// Package lambdatest gives a test what AWS gives a compiled function.
package lambdatest

import (
	"os/exec"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/lambdaruntime"
)

// Start starts a Runtime API and an extension beside it, which stop when the test ends.
func Start(t testing.TB) (*lambdaruntime.API, *lambdaruntime.Extension) {
	t.Helper()
	api, err := lambdaruntime.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { api.Close() })
	extension, err := lambdaruntime.ListenExtension(api)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { extension.Close() })
	return api, extension
}

// Build compiles the function in a package's folder and gives the binary's path.
func Build(t testing.TB, pkg string) string {
	t.Helper()
	binary, err := lambdaruntime.Build(pkg, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

// HoldsNone asserts that the function in this folder is not linked from a package with one of the words in its path.
func HoldsNone(t testing.TB, words ...string) {
	t.Helper()
	list, err := exec.Command("go", "list", "-deps", "-tags", "lambda.norpc", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(list), "aws-lambda-go") {
		t.Fatalf("not a function's packages: %s", list)
	}
	for pkg := range strings.Lines(string(list)) {
		for _, word := range words {
			if strings.Contains(pkg, word) {
				t.Errorf("it depends on %s", strings.TrimSpace(pkg))
			}
		}
	}
}
