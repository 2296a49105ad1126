// Package module finds files of the project, whatever folder a test or a command runs in.
package module

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
)

// Find is the folder of go.mod, at or above the current one.
var Find = sync.OnceValues(func() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		above := filepath.Dir(folder)
		if above == folder {
			return "", errors.New("no go.mod at or above the current folder: must be in the checkout")
		}
		folder = above
	}
})

// Root is Find's folder, for tests, which always have one.
func Root() string {
	folder, err := Find()
	if err != nil {
		panic(err)
	}
	return folder
}

// Path is a file's or folder's, by its name below the root.
func Path(name ...string) string { return filepath.Join(append([]string{Root()}, name...)...) }
