package mysqlserver

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// mariaDB is a mariadbd with a data directory, a port and a socket of its own.
type mariaDB struct {
	bin       string
	arguments []string
	process   *syscall.SysProcAttr
	log       string // the general log's file
	running   *exec.Cmd
	exited    chan struct{}
	output    string // the file with what it says
}

// mariadbd finds the server. Debian keeps it in a directory that is not on everyone's PATH.
func mariadbd() string {
	for _, name := range []string{"mariadbd", "/usr/sbin/mariadbd", "/usr/local/sbin/mariadbd"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func newMariaDB(bin string, o Options) (*mariaDB, error) {
	dir, c := o.Dir, o.Certificate
	m := &mariaDB{bin: bin, log: filepath.Join(dir, "general.log"), output: filepath.Join(dir, "output")}
	setup := filepath.Join(dir, "setup.sql") // one statement a line; run at every start
	user := Quote(o.User) + "@'%'"
	err := os.WriteFile(setup, fmt.Appendf(nil, "CREATE USER IF NOT EXISTS %s IDENTIFIED BY %s;\n"+
		"GRANT ALL PRIVILEGES ON *.* TO %s WITH GRANT OPTION;\n", user, Quote(o.Password), user), 0o600)
	if err != nil {
		return nil, err
	}
	if m.process, err = unprivileged(dir); err != nil {
		return nil, err
	}
	// The kernel's own asynchronous I/O is limited for all servers of a machine together (fs.aio-max-nr).
	data, small, aio := filepath.Join(dir, "data"), "--innodb-log-file-size=8M", "--innodb-use-native-aio=OFF"
	m.arguments = append([]string{
		"--no-defaults", "--datadir=" + data, "--tmpdir=" + dir, "--port=" + strconv.Itoa(o.Port), "--bind-address=" + o.Host,
		"--socket=" + filepath.Join(dir, "s"), "--pid-file=" + filepath.Join(dir, "pid"), "--init-file=" + setup,
		"--ssl-ca=" + c.CAFile, "--ssl-cert=" + c.CertFile, "--ssl-key=" + c.KeyFile, "--require-secure-transport=ON",
		"--general-log-file=" + m.log, "--max-connections=" + strconv.Itoa(o.MaxConnections),
		"--skip-name-resolve", "--performance-schema=OFF", "--innodb-buffer-pool-size=32M", small, aio,
		"--innodb-flush-log-at-trx-commit=2", "--character-set-server=utf8mb4",
	}, o.Arguments...)
	if o.GeneralLog {
		m.arguments = append(m.arguments, "--general-log=ON")
	}
	// A tmpdir of its own: a MariaDB that starts clears away what it takes for left behind, also from one that runs.
	install := exec.Command("mariadb-install-db", "--no-defaults", "--datadir="+data, "--tmpdir="+dir, small, aio,
		"--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve")
	install.SysProcAttr, install.Dir = m.process, dir
	if out, err := install.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("mariadb-install-db: %w: %s", err, out)
	}
	return m, nil
}

// unprivileged makes dir the property of a user without rights when we are root, whom mariadbd refuses to run for.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	if os.Geteuid() != 0 {
		return dieWithParent(nil), nil
	}
	account, err := user.Lookup("mysql") // the package mariadb-server makes it
	if err != nil {
		return nil, err
	}
	uid, err := strconv.Atoi(account.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(account.Gid)
	if err != nil {
		return nil, err
	}
	err = filepath.Walk(dir, func(path string, _ os.FileInfo, err error) error {
		return errors.Join(err, os.Chown(path, uid, gid))
	})
	return dieWithParent(&syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}), err
}

func (m *mariaDB) start() error {
	output, err := os.OpenFile(m.output, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer output.Close() // the server has its own descriptor of it
	m.exited = make(chan struct{})
	m.running = exec.Command(m.bin, m.arguments...)
	m.running.SysProcAttr, m.running.Stdout, m.running.Stderr = m.process, output, output
	if err := m.running.Start(); err != nil {
		return err
	}
	go func(running *exec.Cmd, exited chan struct{}) {
		_ = running.Wait()
		close(exited)
	}(m.running, m.exited)
	select {
	case <-m.exited: // a wrong argument, or the port was taken in the meantime
		return fmt.Errorf("mariadbd: %s", m.said())
	case <-time.After(300 * time.Millisecond):
		return nil
	}
}

// stop ends the server as a crash would: connections are cut at once, and its log brings the data back.
func (m *mariaDB) stop() error {
	if m.running == nil {
		return nil
	}
	err := m.running.Process.Kill()
	<-m.exited
	m.running = nil
	return err
}

func (m *mariaDB) said() string {
	text, err := os.ReadFile(m.output)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func (m *mariaDB) generalLog() ([]string, error) {
	text, err := os.ReadFile(m.log)
	if err != nil {
		return nil, err
	}
	// A line that starts a command: an optional time, the connection's number, the command and its argument.
	head := regexp.MustCompile(`^(?:\d{6}\s+[\d:]+)?\s+\d+ (Connect|Query|Quit|Prepare|Execute|Close stmt|Reset stmt|Init DB|` +
		`Statistics|Ping|Change user|Set option|Long Data|Fetch|Field List|Reset connection)\t?(.*)$`)
	var entries []string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if m := head.FindStringSubmatch(line); m != nil {
			entries = append(entries, strings.TrimSpace(m[1]+" "+m[2]))
		} else if len(entries) > 0 { // a statement of several lines
			entries[len(entries)-1] += "\n" + line
		}
	}
	return entries, nil
}
