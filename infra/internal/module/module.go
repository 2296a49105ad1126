// Package module finds files of the project, whatever folder a test or a command runs in.
package module

import (
	"os"
	"path/filepath"
	"sync"
)

// Root is the folder of go.mod, at or above the current one.
var Root = sync.OnceValue(func() string {
	folder, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		above := filepath.Dir(folder)
		if above == folder {
			panic("no go.mod at or above the current folder")
		}
		folder = above
	}
})

// Path is a file's or folder's, by its name below the root.
func Path(name ...string) string { return filepath.Join(append([]string{Root()}, name...)...) }
