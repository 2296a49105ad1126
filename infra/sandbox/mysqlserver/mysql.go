package mysqlserver

import (
	"os/exec"
	"strings"
	"sync"
)

// mysqld is Oracle's own server: its path and the version that it prints. Debian has a MariaDB under this name.
var mysqld = sync.OnceValues(func() (path, version string) {
	for _, path := range found("mysqld") {
		printed, err := exec.Command(path, "--version").Output()
		if err == nil && !strings.Contains(string(printed), "MariaDB") {
			return path, string(printed)
		}
	}
	return "", ""
})

// small keeps a server's files small and its start quick.
var small = []string{
	"--innodb-use-native-aio=OFF",
	"--innodb-buffer-pool-size=32M",
	"--loose-innodb-redo-log-capacity=8M",
	"--performance-schema=OFF",
	"--disable-log-bin",
	"--secure-file-priv=NULL",
	"--auto-generate-certs=OFF",
	"--caching-sha2-password-auto-generate-rsa-keys=OFF",
}

func newMySQL(o Options) (*daemon, error) {
	bin, version := mysqld()
	// A template is no server: nothing that it writes has to survive a crash.
	err := copyTemplate(o.Dir, bin+version, func(work, data string) *exec.Cmd {
		return exec.Command(bin, append([]string{"--no-defaults", "--initialize-insecure", "--datadir=" + data, "--tmpdir=" + work,
			"--skip-innodb-doublewrite", "--innodb-flush-method=nosync"}, small...)...)
	})
	if err != nil {
		return nil, err
	}
	d, err := newDaemon(bin, o, "DROP USER IF EXISTS root@localhost;")
	if err != nil {
		return nil, err
	}
	d.arguments = append(append(append(d.arguments, small...), "--loose-mysqlx=OFF"), o.Arguments...)
	return d, nil
}
