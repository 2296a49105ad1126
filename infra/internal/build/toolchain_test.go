package build_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/build"
)

func TestAToolchainThatGoMayNotDownloadIsNamedWithTheRemedy(t *testing.T) {
	cmd := exec.Command("go", "version")
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN=go1.26.99", "GOPROXY=off", "GOMODCACHE="+t.TempDir())
	output, err := cmd.CombinedOutput()
	if err == nil {
		t.Fatalf("go1.26.99 is there: %s", output)
	}
	hint := build.ToolchainHint(output)
	for _, want := range []string{build.GoVersion, "GOPROXY", "GOSUMDB", "install " + build.GoVersion} {
		if !strings.Contains(hint, want) {
			t.Errorf("for %q the hint %q does not say %q", output, hint, want)
		}
	}
}

func TestAFunctionThatDoesNotCompileGetsNoHintAboutTheToolchain(t *testing.T) {
	if hint := build.ToolchainHint([]byte("lambda/updater/main.go:3:1: syntax error")); hint != "" {
		t.Errorf("the hint is %q", hint)
	}
}
