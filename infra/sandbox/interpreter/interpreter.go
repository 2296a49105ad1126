// Package interpreter finds the Python that runs a program.
package interpreter

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
)

// Of is the command line of the Python that runs a script, given by its path: the one that the script names; for a
// wrapper, such as pyenv's, the one next to it, otherwise the one on PATH.
func Of(script string) []string {
	content, err := os.ReadFile(script)
	line, _, _ := bytes.Cut(content, []byte("\n"))
	if named, ok := bytes.CutPrefix(line, []byte("#!")); err == nil && ok && bytes.Contains(named, []byte("python")) {
		return strings.Fields(string(named))
	}
	next := filepath.Join(filepath.Dir(script), "python3")
	if _, err := os.Stat(next); err == nil {
		return []string{next}
	}
	return []string{"python3"}
}
