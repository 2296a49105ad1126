package tools

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

const module = "scheduled-messages"

var moduleLine = regexp.MustCompile(`(?m)^module\s+(\S+)`)

// Checkout is the root of the checkout that this process is run in.
func Checkout() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	return moduleRoot(folder)
}

// moduleRoot is the checkout that a folder is in. The nested modules in it are no root.
func moduleRoot(folder string) (string, error) {
	for dir := folder; ; dir = filepath.Dir(dir) {
		content, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		if name := moduleLine.FindSubmatch(content); name != nil && string(name[1]) == module {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("%s is not in a checkout of %s: run it from there", folder, module)
		}
	}
}

// required is the version, without its v, of a module that a go.mod requires.
func required(goMod, path string) (string, error) {
	content, err := os.ReadFile(goMod)
	if err != nil {
		return "", err
	}
	line := regexp.MustCompile(`(?m)^\s*(?:require\s+)?` + regexp.QuoteMeta(path) + ` v(\S+)`)
	match := line.FindSubmatch(content)
	if match == nil {
		return "", fmt.Errorf("%s requires no %s", goMod, path)
	}
	return string(match[1]), nil
}
