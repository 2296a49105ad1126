package interpreter

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// script writes a file and gives its path.
func script(t *testing.T, folder, name, text string) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestThePythonIsTheOneThatRunsTheScript(t *testing.T) {
	folder, alone := t.TempDir(), t.TempDir()
	next := script(t, folder, "python3", "")
	for _, c := range []struct {
		script string
		want   []string
	}{
		{script(t, folder, "installed", "#!/opt/venv/bin/python3.11\nimport moto\n"), []string{"/opt/venv/bin/python3.11"}},
		{script(t, folder, "found", "#!/usr/bin/env python3\n"), []string{"/usr/bin/env", "python3"}},
		{script(t, folder, "wrapper", "#!/bin/sh\nexec pyenv exec moto_server\n"), []string{next}},
		{script(t, alone, "wrapper", "#!/bin/sh\n"), []string{"python3"}},
		{filepath.Join(alone, "none"), []string{"python3"}},
	} {
		if got := Of(c.script); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, not %v", c.script, got, c.want)
		}
	}
}
