// Package lambdatest gives a test what AWS gives a compiled function.
package lambdatest

import (
	"testing"

	"scheduled-messages/lambda/runtimetest"
)

// Start starts a Runtime API and an extension beside it, which stop when the test ends.
func Start(t testing.TB) (*runtimetest.API, *runtimetest.Extension) {
	t.Helper()
	api, err := runtimetest.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { api.Close() })
	extension, err := runtimetest.ListenExtension(api)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { extension.Close() })
	return api, extension
}

// Build compiles the function in a package's folder and gives the binary's path.
func Build(t testing.TB, pkg string) string {
	t.Helper()
	binary, err := runtimetest.Build(pkg, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return binary
}
