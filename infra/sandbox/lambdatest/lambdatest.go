// Package lambdatest gives a test what AWS gives a compiled function.
package lambdatest

import (
	"os/exec"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/lambdaruntime"
)

// Start starts a Runtime API and an extension next to it, which stop when the test ends.
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
	for _, pkg := range dependencies(t) {
		for _, word := range words {
			if strings.Contains(pkg, word) {
				t.Errorf("it depends on %s", pkg)
			}
		}
	}
}

// HoldsOneSDK asserts that the function in this folder is linked from the AWS SDK's package for one service, and for no other.
func HoldsOneSDK(t testing.TB, service string) {
	t.Helper()
	const services = "aws-sdk-go-v2/service/"
	found := false
	for _, pkg := range dependencies(t) {
		_, rest, is := strings.Cut(pkg, services)
		name, _, _ := strings.Cut(rest, "/")
		found = found || name == service
		if is && name != service {
			t.Errorf("it depends on %s", pkg)
		}
	}
	if !found {
		t.Errorf("it does not depend on %s%s", services, service)
	}
}

// dependencies are the packages that the function in this folder is linked from.
func dependencies(t testing.TB) []string {
	t.Helper()
	list, err := exec.Command("go", "list", "-deps", "-tags", "lambda.norpc", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(list), "aws-lambda-go") {
		t.Fatalf("not a function's packages: %s", list)
	}
	return strings.Fields(string(list))
}
