package external_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"scheduled-messages/infra/database"
	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/sandbox/mysqltest"
)

// TestExternalCommand runs the output against a HAProxy with a MariaDB behind it, with MariaDB's own client.
func TestExternalCommand(t *testing.T) {
	findHAProxy(t)
	for _, name := range []string{"mysql", "unshare", "getent"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("needs %s", name)
		}
	}
	if err := exec.Command("unshare", "-rm", "sh", "-c", "mount --bind /dev/null /etc/hosts").Run(); err != nil {
		t.Skip("needs user namespaces: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0")
	}
	server := mysqltest.StartMariaDB(t, mysqltest.Named(clusterName))
	server.CreateUser(t, database.AppUser, infratest.Password)
	e := enter(t, startResolver(t, "127.0.0.1"), server.Port, nil, nil)
	e.turns(200)
	m := newConnecting(t, e.listen, server.CAFile)

	t.Run("opens a session over TLS under the cluster's name", func(t *testing.T) {
		out, err := m.command("--skip-column-names", "-e", "SELECT USER(); SHOW SESSION STATUS LIKE 'Ssl_cipher'").CombinedOutput()
		if err != nil || !strings.Contains(string(out), "app@") || strings.HasSuffix(strings.TrimSpace(string(out)), "Ssl_cipher") {
			t.Errorf("%v: %s", err, out)
		}
		m.leavesNothing()
	})
	t.Run("takes statements from its input", func(t *testing.T) {
		command := m.command("--skip-column-names")
		command.Stdin = strings.NewReader("SELECT 40 + 2;")
		if out, err := command.CombinedOutput(); err != nil || string(out) != "42\n" {
			t.Errorf("%v: %s", err, out)
		}
	})
	t.Run("goes straight on where the hosts file has the line", func(t *testing.T) {
		hosts := filepath.Join(t.TempDir(), "hosts")
		if err := os.WriteFile(hosts, []byte("127.0.0.1 "+clusterName+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		prepared := newConnecting(t, e.listen, server.CAFile)
		prepared.program("unshare", "exit 1")
		inside := prepared.command("--skip-column-names", "-e", "SELECT USER()")
		outside, err := exec.LookPath("unshare")
		if err != nil {
			t.Fatal(err)
		}
		command := exec.Command(outside, append([]string{"-rm", "sh", "-c", `mount --bind "$0" /etc/hosts && exec "$@"`, hosts}, inside.Args...)...)
		command.Env = inside.Env
		if out, err := command.CombinedOutput(); err != nil || !strings.HasPrefix(string(out), "app@") {
			t.Errorf("%v: %s", err, out)
		}
		prepared.leavesNothing()
	})
	t.Run("refuses another cluster with a certificate of the same authority", func(t *testing.T) {
		other := *m
		other.c.Cluster = "other." + clusterName
		out, err := other.command("-e", "SELECT 1").CombinedOutput()
		if err == nil || !strings.Contains(string(out), "ERROR 2026") { // SSL connection error
			t.Errorf("%v: %s", err, out)
		}
		m.leavesNothing()
	})
	t.Run("keeps the password out of command lines and environments", func(t *testing.T) {
		command := m.command("-e", "SELECT SLEEP(30)")
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		session := 0
		e.until("the session is there", func() bool { session = sleeping(t, server); return session != 0 })
		seen := 0
		processes, err := filepath.Glob("/proc/[0-9]*")
		if err != nil {
			t.Fatal(err)
		}
		for _, process := range processes {
			line, _ := os.ReadFile(filepath.Join(process, "cmdline"))
			environment, _ := os.ReadFile(filepath.Join(process, "environ"))
			if !bytes.Contains(environment, []byte("TMPDIR="+m.scratch)) {
				continue
			}
			seen++
			if bytes.Contains(line, []byte(infratest.Password)) || bytes.Contains(environment, []byte(infratest.Password)) {
				t.Errorf("%s has it: %q", process, line)
			}
		}
		if seen < 2 { // the shell and the client
			t.Errorf("%d processes of the session were looked at", seen)
		}
		files, err := filepath.Glob(filepath.Join(m.scratch, "*", "my.cnf"))
		if err != nil || len(files) != 1 {
			t.Fatal(files, err)
		}
		if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the file with the password: %v, %v", info.Mode(), err)
		}
		server.Exec(t, "KILL "+strconv.Itoa(session))
		_ = command.Wait()
		m.leavesNothing()
	})
}

// sleeping is the number of the session of the test above, once it has come in.
func sleeping(t *testing.T, server *mysqltest.Server) (session int) {
	t.Helper()
	db := server.Admin(t)
	defer db.Close()
	err := db.QueryRow("SELECT COALESCE(MAX(id), 0) FROM information_schema.PROCESSLIST WHERE info = 'SELECT SLEEP(30)'").Scan(&session)
	if err != nil {
		t.Fatal(err)
	}
	return session
}

func TestExternalCommandHasMySQLsClientVerifyTheIdentity(t *testing.T) {
	m := newConnecting(t, "127.0.0.1:3306", os.DevNull)
	m.program("mysql", `case $1 in
--version) echo "mysql  Ver 8.4.3 for Linux on x86_64 (MySQL Community Server - GPL)" ;;
*) for word in "$@"; do echo "$word"; done ;;
esac`)
	m.program("unshare", `case $4 in *getent*) exit 0 ;; esac; shift 6; exec "$@"`)
	out, err := m.command("-e", "SELECT 1").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	words := strings.Split(strings.TrimSpace(string(out)), "\n")
	if !strings.HasPrefix(words[0], "--defaults-file="+m.scratch) { // MySQL takes it as the first word only
		t.Errorf("first is %s", words[0])
	}
	for _, want := range []string{"--ssl-mode=VERIFY_IDENTITY", "--host=" + clusterName, "--port=3306", "--user=app", "--database=information_schema", "-e", "SELECT 1"} {
		if !slices.Contains(words, want) {
			t.Errorf("no %s among %q", want, words)
		}
	}
	m.leavesNothing()
}

func TestExternalCommandNamesTheLineForTheHostsFileWhereItMayNotNameTheAddress(t *testing.T) {
	for endpoint, want := range map[string]string{ // without getent, as on macOS
		"192.0.2.1": "192.0.2.1", "lb.elb.example.com": "ADDRESS-OF-lb.elb.example.com", "localhost": "127.0.0.1",
	} {
		m := newConnecting(t, "127.0.0.1:3306", os.DevNull)
		m.c.Endpoint = endpoint
		m.program("mysql", `[ "$1" = --version ] || echo "it connected all the same"`)
		m.program("unshare", "exit 1")
		m.program("getent", `[ "$2" != localhost ] || echo "127.0.0.1       STREAM localhost"`)
		out, err := m.command().CombinedOutput()
		if err == nil || !strings.Contains(string(out), "\n"+want+" "+clusterName+"\n") || strings.Contains(string(out), "all the same") {
			t.Errorf("%v: %s", err, out)
		}
		m.leavesNothing()
	}
}

func TestExternalCommandEndsWithoutAPassword(t *testing.T) {
	m := newConnecting(t, "127.0.0.1:3306", os.DevNull)
	m.program("mysql", `echo "it connected all the same"`)
	m.program("aws", `echo "AccessDenied" >&2; exit 254`)
	out, err := m.command().CombinedOutput()
	if err == nil || !strings.Contains(string(out), "AccessDenied") || !strings.Contains(string(out), "holds no password") || strings.Contains(string(out), "all the same") {
		t.Errorf("%v: %s", err, out)
	}
	m.leavesNothing()
}
