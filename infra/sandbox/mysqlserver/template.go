package mysqlserver

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// copyTemplate fills the data directory of a server's folder as the server's own installation does, which takes seconds:
// the result is kept in the user's cache and copied for each server. The key is of the server and its version.
func copyTemplate(dir, key string, install func(work, data string) *exec.Cmd) error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(key + strings.Join(install("work", "data").Args, "\n")))
	folder := filepath.Join(cache, "scheduled-messages", "mysql-"+hex.EncodeToString(sum[:8]))
	if _, err := os.Stat(folder); err != nil {
		if err := makeTemplate(folder, install); err != nil {
			return err
		}
	}
	return os.CopyFS(filepath.Join(dir, "data"), os.DirFS(folder))
}

// makeTemplate has the server work in a folder that another user may reach, as the cache of root is none.
func makeTemplate(folder string, install func(work, data string) *exec.Cmd) error {
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "mysql")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	process, err := unprivileged(work)
	if err != nil {
		return err
	}
	data := filepath.Join(work, "data")
	command := install(work, data)
	command.SysProcAttr, command.Dir = process, work
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", command, err, out)
	}
	// The id that MySQL gives a server, and the folder for what a running one keeps for itself.
	for _, path := range []string{"auto.cnf", "#innodb_temp"} {
		if err := os.RemoveAll(filepath.Join(data, path)); err != nil {
			return err
		}
	}
	copied, err := os.MkdirTemp(filepath.Dir(folder), "unfinished-mysql-")
	if err != nil {
		return err
	}
	if err := os.CopyFS(copied, os.DirFS(data)); err != nil {
		return err
	}
	if err := os.Rename(copied, folder); err != nil { // another process may have been first
		if _, missing := os.Stat(folder); missing != nil {
			return err
		}
		return os.RemoveAll(copied)
	}
	return nil
}
