package build

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// inputsOf is a hash of all that the functions are linked from: Go's own build ID of every package, which compiling
// gives, from its cache where nothing changed, and linking, a second's work, is not needed for.
func inputsOf(module, architecture string) (string, error) {
	out, err := goCommand(module, architecture, "list", "-deps", "-export", "-f", "{{.ImportPath}} {{.BuildID}}")
	if err != nil {
		return "", err
	}
	zipper, err := os.ReadFile(filepath.Join(module, "go.sum")) // has the compressor's version
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", sha256.Sum256(slices.Concat(fmt.Appendln(nil, linkFlags, compression), zipper, out))), nil
}

// unchanged gives the bundles that the last run made, if it was from the same inputs and they are complete.
func unchanged(record, inputs, folder, architecture string) map[string]Bundle {
	old, err := os.ReadFile(record)
	made := strings.Split(string(old), "\n")
	if err != nil || len(made) != 1+len(names) || made[0] != inputs {
		return nil
	}
	bundles := map[string]Bundle{}
	for i, name := range names {
		path := filepath.Join(folder, name+".zip")
		content, err := os.ReadFile(path)
		if err != nil || Sum(content) != made[1+i] {
			return nil
		}
		bundles[name] = Bundle{Path: path, SHA256: made[1+i], Architecture: architecture}
	}
	return bundles
}
