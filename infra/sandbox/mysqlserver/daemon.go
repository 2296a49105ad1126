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

	"scheduled-messages/infra/sandbox/process"
)

// daemon is a MySQL or a MariaDB with a data directory, a port and a socket of its own.
type daemon struct {
	bin       string
	arguments []string
	process   *syscall.SysProcAttr
	log       string // the general log's file
	running   *exec.Cmd
	exited    chan struct{}
	printed   string // the file with what it prints
}

// found are the places of a server's binary, in the order in which they are tried. Debian keeps servers in folders that
// are not on everyone's PATH.
func found(name string) (paths []string) {
	for _, folder := range append(filepath.SplitList(os.Getenv("PATH")), "/usr/sbin", "/usr/local/sbin") {
		if path, err := exec.LookPath(filepath.Join(folder, name)); err == nil && folder != "" {
			paths = append(paths, path)
		}
	}
	return paths
}

// newDaemon prepares the folder and the arguments that both servers take. Only the user of the options can log in: the init
// file, which is run before the server takes connections, leaves no other user that has a password to guess or none.
func newDaemon(bin string, o Options, dropUsers string) (*daemon, error) {
	d := &daemon{bin: bin, log: filepath.Join(o.Dir, "general.log"), printed: filepath.Join(o.Dir, "output")}
	setup := filepath.Join(o.Dir, "setup.sql") // one statement a line; run at every start
	user := Quote(o.User) + "@'%'"
	err := os.WriteFile(setup, fmt.Appendf(nil, "%s\nCREATE USER IF NOT EXISTS %s IDENTIFIED BY %s;\n"+
		"GRANT ALL PRIVILEGES ON *.* TO %s WITH GRANT OPTION;\n", dropUsers, user, Quote(o.Password), user), 0o600)
	if err != nil {
		return nil, err
	}
	c := o.Certificate
	d.arguments = []string{
		"--no-defaults", "--datadir=" + filepath.Join(o.Dir, "data"), "--tmpdir=" + o.Dir,
		"--port=" + strconv.Itoa(o.Port), "--bind-address=" + o.Host, "--socket=" + filepath.Join(o.Dir, "s"),
		"--pid-file=" + filepath.Join(o.Dir, "pid"), "--init-file=" + setup,
		"--ssl-ca=" + c.CAFile, "--ssl-cert=" + c.CertFile, "--ssl-key=" + c.KeyFile, "--require-secure-transport=ON",
		"--general-log-file=" + d.log, "--max-connections=" + strconv.Itoa(o.MaxConnections),
		"--skip-name-resolve", "--performance-schema=OFF", "--local-infile=OFF", "--innodb-buffer-pool-size=32M",
		// The kernel's own asynchronous I/O is limited for all servers of a machine together (fs.aio-max-nr).
		"--innodb-use-native-aio=OFF", "--innodb-flush-log-at-trx-commit=2", "--character-set-server=utf8mb4",
		"--innodb-flush-method=nosync", // what a server wrote outlives it, though not the machine
	}
	if o.GeneralLog {
		d.arguments = append(d.arguments, "--general-log=ON")
	}
	d.process, err = unprivileged(o.Dir)
	return d, err
}

// unprivileged makes dir the property of a user without rights when we are root, whom servers refuse to run for.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	if os.Geteuid() != 0 {
		return process.DieWithParent(nil), nil
	}
	owner, err := user.Lookup("mysql") // Debian's servers make it
	if err != nil {
		if owner, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, err := strconv.Atoi(owner.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(owner.Gid)
	if err != nil {
		return nil, err
	}
	err = filepath.Walk(dir, func(path string, _ os.FileInfo, err error) error {
		return errors.Join(err, os.Chown(path, uid, gid))
	})
	return process.DieWithParent(&syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}), err
}

func (d *daemon) start() error {
	output, err := os.OpenFile(d.printed, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer output.Close() // the server has its own descriptor of it
	d.exited = make(chan struct{})
	d.running = exec.Command(d.bin, d.arguments...)
	d.running.SysProcAttr, d.running.Stdout, d.running.Stderr = d.process, output, output
	if err := d.running.Start(); err != nil {
		return err
	}
	go func(running *exec.Cmd, exited chan struct{}) {
		_ = running.Wait()
		close(exited)
	}(d.running, d.exited)
	select {
	case <-d.exited: // a wrong argument, or the port was taken in the meantime
		return fmt.Errorf("%s: %s", d.bin, d.output())
	case <-time.After(300 * time.Millisecond):
		return nil
	}
}

// stop ends the server as a crash would: connections are cut at once, and its log brings the data back.
func (d *daemon) stop() error {
	if d.running == nil {
		return nil
	}
	err := d.running.Process.Kill()
	<-d.exited
	d.running = nil
	if errors.Is(err, os.ErrProcessDone) { // it had ended by itself
		return nil
	}
	return err
}

func (d *daemon) ended() <-chan struct{} { return d.exited }

func (d *daemon) output() string {
	text, err := os.ReadFile(d.printed)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func (d *daemon) generalLog() ([]Entry, error) {
	text, err := os.ReadFile(d.log)
	if err != nil {
		return nil, err
	}
	// A line that starts a command: a time, which MariaDB gives once a second only, the connection's number, the
	// command and its argument.
	head := regexp.MustCompile(`^(?:\d{6}\s+[\d:]+|[\dT:.-]+Z)?\s+(\d+) (Connect|Query|Quit|Prepare|Execute|Close stmt|Reset stmt|` +
		`Init DB|Statistics|Ping|Change user|Set option|Long Data|Fetch|Field List|Reset [Cc]onnection)\t?(.*)$`)
	var entries []Entry
	own := true // of the server itself, which is connection 0
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if m := head.FindStringSubmatch(line); m != nil {
			connection, err := strconv.ParseInt(m[1], 10, 64)
			if err != nil {
				return nil, err
			}
			if own = connection == 0; !own {
				entries = append(entries, Entry{connection, strings.TrimSpace(m[2] + " " + m[3])})
			}
		} else if !own { // a statement of several lines
			entries[len(entries)-1].Text += "\n" + line
		}
	}
	return entries, nil
}

// clearGeneralLog counts on the server's opening the file to append to it.
func (d *daemon) clearGeneralLog() error { return os.Truncate(d.log, 0) }
