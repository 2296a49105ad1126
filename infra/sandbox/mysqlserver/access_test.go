package mysqlserver_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"scheduled-messages/infra/sandbox/mysqlserver"
)

// start starts a server in a folder that others may enter, and waits until it answers.
func start(t *testing.T, kind mysqlserver.Kind) (folder string, login mysqlserver.Login) {
	t.Helper()
	if !mysqlserver.Has(kind) {
		t.Skipf("needs a server %s on PATH", kind)
	}
	parent, err := os.MkdirTemp("", "mysql")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(parent) })
	folder = filepath.Join(parent, "d")
	for path, mode := range map[string]os.FileMode{parent: 0o755, folder: 0o755} {
		if err := os.MkdirAll(path, mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	certificate, err := mysqlserver.NewCertificate(folder, "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	port, err := mysqlserver.FreePort("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	login = mysqlserver.Login{Host: "127.0.0.1", Port: port, User: "sandbox", Password: "Master-Pass_1", CAFile: certificate.CAFile}
	server, err := mysqlserver.New(mysqlserver.Options{Kind: kind, Dir: folder, Host: login.Host, Port: port, Certificate: certificate,
		User: login.User, Password: login.Password, MaxConnections: 20})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	db, err := login.Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for range 600 {
		if err = db.Ping(); err == nil {
			return folder, login
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%v\n%s", err, server.Output())
	return "", login
}

func each(t *testing.T, test func(t *testing.T, folder string, login mysqlserver.Login)) {
	for _, kind := range []mysqlserver.Kind{mysqlserver.MySQL, mysqlserver.MariaDB, mysqlserver.Embedded} {
		t.Run(string(kind), func(t *testing.T) {
			folder, login := start(t, kind)
			test(t, folder, login)
		})
	}
}

func TestNoOtherUserOfTheMachineReachesTheSocketOrTheData(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root: it becomes another user")
	}
	each(t, func(t *testing.T, folder string, _ mysqlserver.Login) {
		paths := []string{"", "key.pem"}
		if !strings.HasSuffix(t.Name(), string(mysqlserver.Embedded)) { // which has neither a socket nor data
			paths = append(paths, "s", "data", "setup.sql", "output")
		}
		for _, path := range paths {
			at := filepath.Join(folder, path)
			if _, err := os.Stat(at); err != nil {
				t.Fatal(err) // so that what follows is refused and not missing
			}
			if path == "" {
				at += "/."
			}
			as := exec.Command("/bin/ls", "-d", at)
			as.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
			if out, err := as.CombinedOutput(); err == nil || !strings.Contains(string(out), "Permission denied") {
				t.Errorf("%q: got %v: %s", path, err, out)
			}
		}
	})
}

func TestNobodyGetsInWithoutAPassword(t *testing.T) {
	each(t, func(t *testing.T, _ string, login mysqlserver.Login) {
		for _, user := range []string{"root", "", "mysql", "mariadb.sys", "mysql.sys", "mysql.session", "mysql.infoschema", login.User} {
			login := login
			login.User, login.Password = user, ""
			db, err := login.Open("")
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			// Refused, locked (MySQL, MariaDB), or unknown to the embedded server.
			refused, ok := errors.AsType[*mysql.MySQLError](db.Ping())
			if !ok || !slices.Contains([]uint16{1045, 3118, 4151, 2012}, refused.Number) {
				t.Errorf("user %q: got %v", user, refused)
			}
		}
	})
}

func TestTheServerReadsAndWritesNoFilesForItsUsers(t *testing.T) {
	each(t, func(t *testing.T, folder string, login mysqlserver.Login) {
		// What the server's own user may read and write, were it not for the server.
		secret, out := filepath.Join(folder, "secret"), filepath.Join(folder, "out")
		if err := os.WriteFile(secret, []byte("Unmistakable"), 0o644); err != nil {
			t.Fatal(err)
		}
		db, err := login.Open("")
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var text *string
		if err := db.QueryRow("SELECT LOAD_FILE('" + secret + "')").Scan(&text); err == nil && text != nil {
			t.Errorf("LOAD_FILE read %q", *text)
		}
		if _, err := db.Exec("SELECT 1 INTO OUTFILE '" + out + "'"); err == nil {
			t.Error("INTO OUTFILE was not refused")
		}
		if _, err := os.Stat(out); err == nil {
			t.Error("INTO OUTFILE wrote a file")
		}
	})
}
