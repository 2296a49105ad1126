package filetest

import (
	"os"
	"path/filepath"
)

// Installed are the folders on PATH by what a program of this name in each is, links followed: the first folder of each.
func Installed(name string) map[string]string {
	folders := map[string]string{}
	for _, folder := range filepath.SplitList(os.Getenv("PATH")) {
		file, err := filepath.EvalSymlinks(filepath.Join(folder, name))
		if err == nil && folders[file] == "" {
			folders[file] = folder
		}
	}
	return folders
}
