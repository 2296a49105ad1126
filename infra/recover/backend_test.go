package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// unreadableStack puts a Pulumi CLI in place whose state cannot be read, with the backend at the URL.
func unreadableStack(t *testing.T, url string) {
	t.Helper()
	programs := t.TempDir()
	script := "#!/bin/sh\nif [ \"$1\" = whoami ]; then echo '{\"url\":\"" + url + "\"}'; else echo 'error: failed to load checkpoint: EOF' >&2; exit 255; fi\n"
	if err := os.WriteFile(filepath.Join(programs, "pulumi"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", programs+":"+os.Getenv("PATH"))
}

// stateFiles makes a file backend with a state and attributes.
func stateFiles(t *testing.T, home, attributes string) (state, sidecar string) {
	t.Helper()
	folder := filepath.Join(home, "states/.pulumi/stacks/p")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	state, sidecar = filepath.Join(folder, "dev.json"), filepath.Join(folder, "dev.json.attrs")
	for path, content := range map[string]string{state: "{}", sidecar: attributes, state + ".bak.attrs": `{"md5":"x"}`} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return state, sidecar
}

func TestHalfWrittenAttributesOfAFileBackendAreRemoved(t *testing.T) {
	for _, content := range []string{"", `{"user.cache_con`} {
		home := t.TempDir()
		t.Setenv("HOME", home)
		state, sidecar := stateFiles(t, home, content)
		unreadableStack(t, "file://~/states?metadata=")
		if err := run(t.Context(), nil, &bytes.Buffer{}); !errors.Is(err, errRepaired) {
			t.Fatalf("attributes %q: got %v", content, err)
		}
		if _, err := os.Stat(sidecar); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("attributes %q stay: %v", content, err)
		}
		for _, path := range []string{state, state + ".bak.attrs"} {
			if _, err := os.Stat(path); err != nil {
				t.Errorf("attributes %q: lost %v", content, err)
			}
		}
	}
}

func TestAStateThatIsUnreadableForAnotherReasonIsLeftAlone(t *testing.T) {
	home := t.TempDir()
	_, sidecar := stateFiles(t, home, `{"md5":"x"}`)
	for url, want := range map[string]string{
		"file://" + home + "/states": "no half-written file is the reason",
		"s3://states":                "the state in s3://states cannot be read",
	} {
		unreadableStack(t, url)
		if err := run(t.Context(), nil, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", url, err)
		}
	}
	if _, err := os.Stat(sidecar); err != nil {
		t.Error(err)
	}
}
