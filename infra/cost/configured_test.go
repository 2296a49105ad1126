package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/command"
)

// ofFile prices the configuration in a stack's file, and gives the file's name with what the command prints.
func ofFile(t *testing.T, text string, flags ...string) (file, out string, err error) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "Pulumi.mine.yaml")
	if err := os.WriteFile(file, []byte("config:\n"+text), 0o600); err != nil {
		t.Fatal(err)
	}
	var printed strings.Builder
	err = cost().Execute(t.Context(), append([]string{"stack", "-config", file}, flags...), command.Streams{Out: &printed})
	return file, printed.String(), err
}

func TestAStackWithoutSettingsCostsWhatTheExampleDevDoes(t *testing.T) {
	prices, _, err := load()
	if err != nil {
		t.Fatal(err)
	}
	dev := allBills(t)[0]
	file, out, err := ofFile(t, "  aws:region: us-east-1\n")
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("%s: %.0f USD a month at rest, and %.2f USD for a million messages.\n", file, total(prices, dev.rest),
		total(prices, dev.million))
	if !strings.HasPrefix(out, want) || strings.Contains(out, "Left out") {
		t.Errorf("%q, want %q", out, want)
	}
}

func TestAllThatIsWrongWithAConfigurationIsSaidAtOnce(t *testing.T) {
	file, out, err := ofFile(t,
		"  scheduled-messages:readers: two\n  scheduled-messages:maxRetries: \"3\"\n  scheduled-messages:reader: 1\n")
	want := file + `: reader is 1: Pulumi.yaml has no such key
configuration: 2 invalid configuration values:
readers is two: must be 0 to 15
maxRetries is 3: must be 0 to 2`
	if err == nil || err.Error() != want || out != "" {
		t.Errorf("%q, %v, want %q", out, err, want)
	}
}
