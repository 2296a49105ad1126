package project

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/sigv4"
	"scheduled-messages/infra/sandbox/tools"
)

// fake is a project whose Pulumi is a script. What it prints is in the returned text.
func fake(t *testing.T, script string) (*Project, *strings.Builder) {
	t.Helper()
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "pulumi"), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	return &Project{
		Checkout: t.TempDir(),
		Folder:   t.TempDir(),
		Tools:    tools.Tools{Bin: bin},
		URL:      "http://127.0.0.1:1",
		Keys:     sigv4.Keys{ID: "id", Secret: "secret"},
		Environ: append(os.Environ(), "AWS_PROFILE=hostile", "PULUMI_STACK=hostile", "PULUMI_OPTION_TARGET=hostile", "TF_LOG=hostile",
			"AWS_ENDPOINT_URL_RDS=hostile", "HTTPS_PROXY=http://proxy", "NO_PROXY=", "no_proxy="),
		Verbose: true,
		Out:     &out,
		Err:     &out,
	}, &out
}

func TestPulumiIsLedToTheSandboxWhateverItsUserHasSet(t *testing.T) {
	p, out := fake(t, "env")
	if err := p.Run(t.Context(), "up"); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	for _, want := range append(p.variables(), "PULUMI_STACK=sandbox", "HTTPS_PROXY=http://proxy", "no_proxy=127.0.0.1,localhost") {
		if !slices.Contains(lines, want) {
			t.Errorf("it does not get %s", want)
		}
	}
	if strings.Contains(out.String(), "hostile") {
		t.Errorf("it gets\n%s", out)
	}
}

// TestPulumiNeverWaitsForAnAnswer has one that asks.
func TestPulumiNeverWaitsForAnAnswer(t *testing.T) {
	p, out := fake(t, "echo \"$@\"; read answer || echo nobody is asked")
	if err := p.Run(t.Context(), "up", "--yes"); err != nil || out.String() != "up --yes --non-interactive\nnobody is asked\n" {
		t.Errorf("%v: %s", err, out)
	}
}

func TestAPulumiThatDoesNotEndIsEndedAndNamed(t *testing.T) {
	p, _ := fake(t, "sleep 1000")
	p.Limit = 200 * time.Millisecond
	if err := p.Run(t.Context(), "up"); err == nil || !strings.Contains(err.Error(), "pulumi up --non-interactive: ended after 200ms") {
		t.Errorf("got %v", err)
	}
}
