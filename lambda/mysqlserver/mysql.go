package mysqlserver

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// mysqld is Oracle's own server: its path and what it says of its version. Debian has a MariaDB under this name.
var mysqld = sync.OnceValues(func() (path, version string) {
	for _, path := range found("mysqld") {
		said, err := exec.Command(path, "--version").Output()
		if err == nil && !strings.Contains(string(said), "MariaDB") {
			return path, string(said)
		}
	}
	return "", ""
})

// small keeps a server's files small and its start quick.
var small = []string{
	"--innodb-use-native-aio=OFF", "--innodb-buffer-pool-size=32M", "--loose-innodb-redo-log-capacity=8M", "--performance-schema=OFF",
	"--disable-log-bin", "--secure-file-priv=NULL", "--auto-generate-certs=OFF", "--caching-sha2-password-auto-generate-rsa-keys=OFF",
}

func newMySQL(o Options) (*daemon, error) {
	bin, version := mysqld()
	template, err := initialized(bin, version)
	if err != nil {
		return nil, err
	}
	if err := os.CopyFS(filepath.Join(o.Dir, "data"), os.DirFS(template)); err != nil {
		return nil, err
	}
	d, err := newDaemon(bin, o, "DROP USER IF EXISTS root@localhost;")
	if err != nil {
		return nil, err
	}
	d.arguments = append(append(append(d.arguments, small...), "--loose-mysqlx=OFF"), o.Arguments...)
	return d, nil
}

// initialized is a data directory as the server makes it, which takes seconds: it is kept in the user's cache and copied
// for each server.
func initialized(bin, version string) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	key := sha256.Sum256([]byte(bin + "\n" + version + strings.Join(small, "\n")))
	folder := filepath.Join(cache, "scheduled-messages", "mysql-"+hex.EncodeToString(key[:8]))
	if _, err := os.Stat(folder); err == nil {
		return folder, nil
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return "", err
	}
	// The server works in a folder that another user may reach, as the cache of root is none.
	work, err := os.MkdirTemp("", "mysql")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	process, err := unprivileged(work)
	if err != nil {
		return "", err
	}
	data := filepath.Join(work, "data")
	install := exec.Command(bin, append([]string{"--no-defaults", "--initialize-insecure", "--datadir=" + data, "--tmpdir=" + work,
		"--skip-innodb-doublewrite", "--innodb-flush-method=nosync"}, small...)...)
	install.SysProcAttr, install.Dir = process, work
	if out, err := install.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s --initialize-insecure: %w: %s", bin, err, out)
	}
	if err := os.Remove(filepath.Join(data, "auto.cnf")); err != nil { // the server's own id
		return "", err
	}
	copied, err := os.MkdirTemp(filepath.Dir(folder), "unfinished-mysql-")
	if err != nil {
		return "", err
	}
	if err := os.CopyFS(copied, os.DirFS(data)); err != nil {
		return "", err
	}
	if err := os.Rename(copied, folder); err != nil { // another process may have been first
		if _, missing := os.Stat(folder); missing != nil {
			return "", err
		}
		return folder, os.RemoveAll(copied)
	}
	return folder, nil
}
