package external_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/external"
	"scheduled-messages/infra/sandbox/mysqltest"
)

// patience is how long a test waits for what has to come; nothing is measured by it.
const patience = time.Minute

// entrance is a running HAProxy.
type entrance struct {
	t              *testing.T
	listen, health string
	output         string
}

// enter starts HAProxy on what the settings render, with what edit changes in it.
func enter(t *testing.T, names *resolver, port int, change func(*external.Settings), edit func(string) string) *entrance {
	t.Helper()
	haproxy, folder := findHAProxy(t), t.TempDir()
	e := &entrance{t: t, listen: unused(t), health: unused(t), output: filepath.Join(folder, "output")}
	s := external.NewSettings(&config.Config{ExternalAccess: config.AccessHA, MaxCapacity: 256}, "cluster.db.example.com", 2)
	s.User, s.Script, s.Resolver, s.Port, s.Listen, s.Health = "", luaFile(t), names.conn.LocalAddr().String(), port, e.listen, e.health
	if change != nil {
		change(&s)
	}
	text, err := s.Configuration()
	if err != nil {
		t.Fatal(err)
	}
	if edit != nil {
		text = edit(text)
	}
	path := filepath.Join(folder, "haproxy.cfg")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	output, err := os.Create(e.output)
	if err != nil {
		t.Fatal(err)
	}
	defer output.Close()
	command := exec.Command(haproxy, "-db", "-f", path)
	command.Stdout, command.Stderr = output, output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
		if t.Failed() {
			printed, _ := os.ReadFile(e.output)
			t.Logf("haproxy: %s", printed)
		}
	})
	e.until("it serves its health", func() bool { return e.status() != 0 })
	return e
}

// unused is a loopback address with a port that nobody listens on.
func unused(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// until waits for what has to come.
func (e *entrance) until(what string, holds func() bool) {
	e.t.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			e.t.Fatalf("not in %v: %s", patience, what)
		}
	}
}

// status is that of the health endpoint, 0 if it does not answer.
func (e *entrance) status() int {
	response, err := http.Get("http://" + e.health + external.HealthPath)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

func (e *entrance) turns(status int) {
	e.t.Helper()
	e.until(fmt.Sprintf("health is %d", status), func() bool { return e.status() == status })
}

// open is a pool that comes in through HAProxy, over TLS with the server's own name.
func (e *entrance) open(server *mysqltest.Server) *sql.DB {
	return e.openBy(server, e.dialFrom("127.0.0.1"))
}

// dialer makes a client's TCP connection to HAProxy.
type dialer func(ctx context.Context) (net.Conn, error)

// dialFrom connects from a client's address.
func (e *entrance) dialFrom(address string) dialer {
	d := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	return func(ctx context.Context) (net.Conn, error) { return d.DialContext(ctx, "tcp", e.listen) }
}

// openBy is open for a client that connects in a way of its own.
func (e *entrance) openBy(server *mysqltest.Server, dial dialer) *sql.DB {
	e.t.Helper()
	c := server.Config(mysqltest.AdminUser, mysqltest.AdminPassword, "")
	c.DialFunc = func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) }
	connector, err := mysql.NewConnector(c)
	if err != nil {
		e.t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	e.t.Cleanup(func() { db.Close() })
	return db
}

// answerer is the number of the server at the other end of a new connection, 0 if there is none.
func (e *entrance) answerer(server *mysqltest.Server) (number int) {
	db := e.open(server)
	defer db.Close()
	ctx, cancel := context.WithTimeout(e.t.Context(), 10*time.Second)
	defer cancel()
	if err := db.QueryRowContext(ctx, "SELECT @@server_id").Scan(&number); err != nil {
		return 0
	}
	return number
}

// printed is what HAProxy printed.
func (e *entrance) printed() string {
	text, err := os.ReadFile(e.output)
	if err != nil {
		e.t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}
