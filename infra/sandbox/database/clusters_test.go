package database

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/mysqlserver"
	"scheduled-messages/infra/sandbox/process"
	"scheduled-messages/infra/sandbox/process/processtest"
)

func TestMain(m *testing.M) { processtest.Main(m) }

// shortFolder is one whose sockets have paths that are short enough, and which a server's user may enter.
func shortFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "clusters-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return folder
}

// rig are clusters and what others know of them.
type rig struct {
	*Clusters
	t      *testing.T
	files  string
	logins map[string]mysqlserver.Login
	failed chan error
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, files: t.TempDir(), failed: make(chan error, 1)}
	var err error
	r.Clusters, err = NewClusters(t.Context(), Options{
		Folder:      filepath.Join(shortFolder(t), "d"),
		ClientFiles: r.files,
		Changed: func(logins map[string]mysqlserver.Login) error {
			r.logins = logins
			return nil
		},
		Failed: func(err error) { r.failed <- err },
	})
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// create makes a cluster with a database messages and the master user steward.
func (r *rig) create(cluster, password string) (host string) {
	r.t.Helper()
	host, err := r.Create(r.t.Context(), cluster, "messages", "steward", password)
	if err != nil {
		r.t.Fatal(err)
	}
	return host
}

// run runs a statement as the master user, at the host that functions use.
func (r *rig) run(host, password, statement string) error {
	login := mysqlserver.Login{Host: host, Port: Port, User: "steward", Password: password, CAFile: r.Certificate.CAFile}
	db, err := login.Open("messages")
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(r.t.Context(), statement)
	return err
}

func TestTwoClustersSideBySideHaveTheirOwnDatabases(t *testing.T) {
	r := newRig(t)
	first, second := r.create("first", "one"), r.create("second", "two")
	if first == second || r.Host("first") != first || r.Host("second") != second {
		t.Errorf("they are at %s and %s", first, second)
	}
	if err := r.run(first, "one", "CREATE TABLE messages (id INT)"); err != nil {
		t.Error(err)
	}
	if err := r.run(second, "two", "SELECT * FROM messages"); err == nil || !strings.Contains(err.Error(), "messages.messages") {
		t.Errorf("the second has the first's table: %v", err)
	}
	if err := r.run(second, "one", "SELECT 1"); err == nil {
		t.Error("the first's password opens the second")
	}
	if err := r.SetPassword(t.Context(), "second", "steward", "three"); err != nil || r.run(second, "three", "SELECT 1") != nil {
		t.Errorf("a new password: %v", err)
	}
	if hosts := slices.Sorted(maps.Keys(r.logins)); !slices.Equal(hosts, slices.Sorted(slices.Values([]string{first, second}))) {
		t.Errorf("known are %v", hosts)
	}
	if err := r.Delete("second"); err != nil || r.Host("second") != "" || len(r.logins) != 1 {
		t.Errorf("after its end: at %q, %v, %v", r.Host("second"), r.logins, err)
	}
	if err := r.run(first, "one", "SELECT * FROM messages"); err != nil {
		t.Errorf("the first ended with the second: %v", err)
	}
	again := r.create("second", "four")
	if err := r.run(again, "four", "CREATE TABLE messages (id INT)"); err != nil {
		t.Errorf("a cluster of the same name: %v", err)
	}
	select {
	case err := <-r.failed:
		t.Errorf("a database that was ended is reported: %v", err)
	default:
	}
	text, err := os.ReadFile(filepath.Join(r.files, "my.cnf"))
	if err != nil || !strings.Contains(string(text), "host="+again+"\n") || !strings.Contains(string(text), "default-character-set=utf8mb4") {
		t.Errorf("the mysql client reads %s, %v", text, err)
	}
}

// TestADatabaseThatEndsByItselfIsReported kills its server.
func TestADatabaseThatEndsByItselfIsReported(t *testing.T) {
	if mysqlserver.Best() == mysqlserver.Embedded {
		t.Skip("needs a server on PATH: the embedded one does not end by itself")
	}
	r := newRig(t)
	r.create("first", "one")
	pids, err := process.Owned(process.TestsVariable, strconv.Itoa(os.Getpid()))
	if err != nil {
		t.Fatal(err)
	}
	for _, pid := range pids {
		line, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
		if strings.Contains(string(line), "--datadir="+r.options.Folder) {
			_ = syscall.Kill(pid, syscall.SIGKILL) // a wrapper of it may be gone with it
		}
	}
	select {
	case err := <-r.failed:
		if !strings.Contains(err.Error(), "the database at "+r.Host("first")+" has ended") {
			t.Errorf("reported is %v", err)
		}
	case <-time.After(time.Minute):
		t.Error("nothing is reported")
	}
}

// TestAServerThatDoesNotStartIsReportedWithItsLog has a MariaDB that ends a while after it was started, as one does that finds
// no room on its disk.
func TestAServerThatDoesNotStartIsReportedWithItsLog(t *testing.T) {
	bin := shortFolder(t)
	for name, script := range map[string]string{
		"mariadb-install-db": "for a; do case $a in --datadir=*) mkdir \"${a#*=}\" ;; esac; done\n",
		"mariadbd":           "[ \"$1\" = --version ] && exec echo mariadbd Ver 9.9.9\nsleep 0.5\necho No space left on device >&2\nexit 1\n",
	} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	t.Setenv("XDG_CACHE_HOME", shortFolder(t))
	folder := filepath.Join(shortFolder(t), "d")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	c, err := mysqlserver.NewCertificate(folder, "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	_, err = start(t.Context(), filepath.Join(folder, "1"), "127.0.0.1", c, mysqlserver.MariaDB)
	if err == nil || !strings.Contains(err.Error(), "has ended:\nNo space left on device") || time.Since(began) > startLimit/2 {
		t.Errorf("after %s: %v", time.Since(began), err)
	}
}
