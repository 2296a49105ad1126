package mysqlserver

import (
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

// makeNoFiles makes the folder that a server reads and writes files in for those who may. It stays empty. MySQL takes none
// at all.
func makeNoFiles(dir string) (string, error) {
	files := filepath.Join(dir, "files")
	return files, os.Mkdir(files, 0o500)
}

const smallLog = "--innodb-log-file-size=8M"

func newMariaDB(bin string, o Options) (*daemon, error) {
	files, err := makeNoFiles(o.Dir)
	if err != nil {
		return nil, err
	}
	version, err := exec.Command(bin, "--version").Output()
	if err != nil {
		return nil, err
	}
	// A tmpdir of its own: a MariaDB that starts deletes what it takes for left over, also from one that runs.
	err = copyTemplate(o.Dir, bin+string(version), func(work, data string) *exec.Cmd {
		return exec.Command("mariadb-install-db", "--no-defaults", "--datadir="+data, "--tmpdir="+work, smallLog,
			"--innodb-use-native-aio=OFF", "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve")
	})
	if err != nil {
		return nil, err
	}
	d, err := newDaemon(bin, o, "DELETE FROM mysql.global_priv WHERE User IN ('root', '');\nFLUSH PRIVILEGES;")
	if err != nil {
		return nil, err
	}
	d.arguments = append(append(d.arguments, smallLog, "--secure-file-priv="+files), o.Arguments...)
	return d, nil
}
