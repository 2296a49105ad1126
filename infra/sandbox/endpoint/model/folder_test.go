package model

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// script writes an executable file.
func script(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheModelsAreThoseOfThePythonThatRunsMoto(t *testing.T) {
	named, wrapped, path := t.TempDir(), t.TempDir(), t.TempDir()
	script(t, filepath.Join(named, "python3.11"), "#!/bin/sh\necho /of/the/script\n")
	script(t, filepath.Join(wrapped, "python3"), "#!/bin/sh\necho /next/to/the/wrapper\n")
	script(t, filepath.Join(path, "python3"), "#!/bin/sh\necho /on/the/path\n")
	t.Setenv("PATH", path+":/bin")
	for moto, want := range map[string]string{
		script(t, filepath.Join(t.TempDir(), "moto_server"), "#!"+named+"/python3.11\n"): "/of/the/script",
		script(t, filepath.Join(wrapped, "moto_server"), "#!/bin/sh\n"):                  "/next/to/the/wrapper",
		script(t, filepath.Join(t.TempDir(), "moto_server"), "#!/bin/sh\n"):              "/on/the/path",
	} {
		if got, err := dataFolder(t.Context(), moto); err != nil || got != want {
			t.Errorf("%s: %s %v, not %s", moto, got, err, want)
		}
	}
}

func TestAPythonWithoutBotocoreIsRefusedByName(t *testing.T) {
	folder := t.TempDir()
	moto := script(t, filepath.Join(folder, "moto_server"), "#!/bin/sh\n")
	for _, python := range []string{"#!/bin/sh\necho\n", "#!/bin/sh\necho broken >&2\nexit 1\n"} {
		script(t, filepath.Join(folder, "python3"), python)
		_, err := dataFolder(t.Context(), moto)
		if err == nil || !strings.Contains(err.Error(), filepath.Join(folder, "python3")) || !strings.Contains(err.Error(), moto) {
			t.Errorf("%s: %v", python, err)
		}
	}
}
