package mysqlserver

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// mariadbd finds the server, and is "" where there is none.
func mariadbd() string {
	for _, path := range found("mariadbd") {
		return path
	}
	return ""
}

// makeNoFiles makes the folder that a server reads and writes files in for those who may. It stays empty. MySQL may be
// told that there is none.
func makeNoFiles(dir string) (string, error) {
	files := filepath.Join(dir, "files")
	return files, os.Mkdir(files, 0o500)
}

func newMariaDB(bin string, o Options) (*daemon, error) {
	files, err := makeNoFiles(o.Dir)
	if err != nil {
		return nil, err
	}
	d, err := newDaemon(bin, o, "DELETE FROM mysql.global_priv WHERE User IN ('root', '');\nFLUSH PRIVILEGES;")
	if err != nil {
		return nil, err
	}
	small := "--innodb-log-file-size=8M"
	d.arguments = append(append(d.arguments, small, "--secure-file-priv="+files), o.Arguments...)
	// A tmpdir of its own: a MariaDB that starts clears away what it takes for left behind, also from one that runs.
	install := exec.Command("mariadb-install-db", "--no-defaults", "--datadir="+filepath.Join(o.Dir, "data"), "--tmpdir="+o.Dir, small,
		"--innodb-use-native-aio=OFF", "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve")
	install.SysProcAttr, install.Dir = d.process, o.Dir
	if out, err := install.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("mariadb-install-db: %w: %s", err, out)
	}
	return d, nil
}
