package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAStackWithoutSettingsCostsWhatTheExampleDevDoes(t *testing.T) {
	prices, _, err := load()
	if err != nil {
		t.Fatal(err)
	}
	dev := allBills(t)[0]
	file := filepath.Join(t.TempDir(), "Pulumi.mine.yaml")
	if err := os.WriteFile(file, []byte("config:\n  aws:region: us-east-1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := configured(t.Context(), &out, "", file); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("%s: %.0f USD a month at rest, and %.2f USD for a million messages.\n", file, total(prices, dev.rest), total(prices, dev.million))
	if !strings.HasPrefix(out.String(), want) {
		t.Errorf("%q, want %q", out.String(), want)
	}
}
