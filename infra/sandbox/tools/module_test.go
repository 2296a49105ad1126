package tools

import (
	"os"
	"path/filepath"
	"testing"
)

// checkedOut is this checkout.
func checkedOut(t *testing.T) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	root, err := moduleRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func TestTheCLIIsOfTheSDKsVersion(t *testing.T) {
	root := checkedOut(t)
	want, err := required(filepath.Join(root, "go.mod"), "github.com/pulumi/pulumi/sdk/v3")
	if err != nil {
		t.Fatal(err)
	}
	cli := filepath.Join(root, "infra/sandbox/toolchain/cli/go.mod")
	for _, path := range []string{"github.com/pulumi/pulumi/pkg/v3", "github.com/pulumi/pulumi/sdk/v3"} {
		if got, err := required(cli, path); err != nil || got != want {
			t.Errorf("%s is %s in toolchain/cli/go.mod and the SDK %s in go.mod: change both (%v)", path, got, want, err)
		}
	}
}

// TestEveryPluginHasItsSDKAndItsProvider: the plugins' versions are the SDKs', the providers' those of their own go.mod.
func TestEveryPluginHasItsSDKAndItsProvider(t *testing.T) {
	root := checkedOut(t)
	for _, p := range plugins {
		if _, err := required(filepath.Join(root, "go.mod"), p.sdk); err != nil {
			t.Error(err)
		}
		if _, err := required(filepath.Join(root, "infra/sandbox/toolchain/providers/go.mod"), providers[p.name].module); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Join(root, "infra/sandbox/toolchain/providers", p.name, "main.go")); err != nil {
			t.Error(err)
		}
	}
}

func TestTheCheckoutIsFoundFromAnyFolderInIt(t *testing.T) {
	root := checkedOut(t)
	for _, below := range []string{"", "infra", "infra/sandbox/toolchain/cli/pulumi-language-go"} {
		if got, err := moduleRoot(filepath.Join(root, below)); err != nil || got != root {
			t.Errorf("%s: %s %v", below, got, err)
		}
	}
	if got, err := moduleRoot(t.TempDir()); err == nil {
		t.Errorf("outside of it: %s", got)
	}
}
