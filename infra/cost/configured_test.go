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

func TestAllThatIsWrongWithAConfigurationIsSaidAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "Pulumi.mine.yaml")
	wrong := "config:\n  scheduled-messages:readers: two\n  scheduled-messages:maxRetries: \"3\"\n  scheduled-messages:reader: 1\n"
	if err := os.WriteFile(file, []byte(wrong), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	err := configured(t.Context(), &out, "", file)
	want := file + `: reader is 1: Pulumi.yaml has no such key
configuration: 2 invalid configuration values:
readers is two: must be 0 to 15
maxRetries is 3: must be 0 to 2`
	if err == nil || err.Error() != want || out.Len() > 0 {
		t.Errorf("%q, %v, want %q", out.String(), err, want)
	}
}

func TestAStackInAnExistingVPCIsNotPriced(t *testing.T) {
	file := filepath.Join(t.TempDir(), "Pulumi.mine.yaml")
	if err := os.WriteFile(file, []byte("config:\n  scheduled-messages:vpcId: vpc-0a1b2c3d4e5f67890\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	err := configured(t.Context(), &out, "", file)
	if want := "vpcId is vpc-0a1b2c3d4e5f67890: must be none"; err == nil || !strings.Contains(err.Error(), want) || out.Len() > 0 {
		t.Errorf("%q, %v, want %q", out.String(), err, want)
	}
}
