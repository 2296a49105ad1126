package lifetest

import (
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"testing"

	"scheduled-messages/infra/sandbox/endpoint"
	"scheduled-messages/infra/sandbox/sigv4"
)

// LocalAWS is the endpoint that entire lives of stacks are tried against.
func LocalAWS(t testing.TB) (endpoint string) {
	t.Helper()
	endpoint = os.Getenv("AWS_ENDPOINT_URL")
	if endpoint == "" {
		t.Skip("needs a local AWS endpoint in AWS_ENDPOINT_URL")
	}
	if testing.Short() {
		t.Skip("takes minutes: not with -short")
	}
	return endpoint
}

// LocalKeys are the keys of local endpoints, which every command takes from the environment.
func LocalKeys(t testing.TB) sigv4.Keys {
	t.Helper()
	keys, err := sigv4.FromEnvironment()
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// OwnAWS is one like it for a test alone, which therefore may run while others do.
func OwnAWS(t *testing.T) string {
	t.Helper()
	LocalAWS(t)
	t.Parallel()
	moto, err := exec.LookPath("moto_server")
	if err != nil {
		t.Skip("needs moto_server on PATH")
	}
	e, err := endpoint.Start(t.Context(), endpoint.Options{Listen: "127.0.0.1:0", Moto: moto, Log: io.Discard, Keys: LocalKeys(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Wait() }) // its context has ended by then
	return e.URL()
}

// Architecture is the one of Lambda's processors that is this machine's, on which functions run.
func Architecture(t testing.TB) string {
	t.Helper()
	architecture := map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH]
	if architecture == "" {
		t.Skipf("no processor of Lambda is like this machine's, %s", runtime.GOARCH)
	}
	return architecture
}

// NewDev is an engine with the stack dev.
func NewDev(t *testing.T, aws string) *Engine {
	t.Helper()
	return NewEngine(t, t.TempDir(), "dev", "AWS_ENDPOINT_URL="+aws)
}

// NothingNew reports what there is that was not there before.
func NothingNew(t *testing.T, before, after map[string][]string) {
	t.Helper()
	for what, names := range after {
		for _, name := range names {
			if !slices.Contains(before[what], name) {
				t.Errorf("left behind: %s %s", what, name)
			}
		}
	}
}
