// Package mysqltest starts a mysqlserver for a test, on a loopback port of its own, with data of its own.
package mysqltest

import (
	"crypto/x509"
	"database/sql"
	"os"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"scheduled-messages/lambda/mysqlserver"
)

// The server's master user. Like the one of RDS it may do everything.
const (
	AdminUser     = "admin"
	AdminPassword = "Master-Pass_1"
)

// Server is a running MySQL server.
type Server struct {
	Host   string // "localhost", which its certificate names, beside 127.0.0.1
	Port   int
	CAFile string // PEM of the authority that signed the certificate, for SSL_CERT_FILE
	Roots  *x509.CertPool
	Kind   mysqlserver.Kind
	Real   bool // MySQL or MariaDB; false: the embedded server, which has no general log and knows less SQL

	address string // to dial: the host, unless it was put elsewhere
	server  *mysqlserver.Server
}

// Start starts a server, which stops when the test ends.
func Start(t testing.TB, opts ...Option) *Server {
	t.Helper()
	settings := newSettings(opts)
	if settings.kind != "" && !mysqlserver.Has(settings.kind) {
		t.Skipf("needs a server %s: put mysqld (8.0, 8.4 or 9) on PATH, or install the package mariadb-server", settings.kind)
	}
	dir, err := os.MkdirTemp("", "mysql") // short: a socket's path holds at most 107 characters
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	address, dial, port := "127.0.0.1", "localhost", settings.port
	if port != 0 {
		address, dial = settings.address, settings.address
	} else if port, err = mysqlserver.FreePort(address); err != nil {
		t.Fatal(err)
	}
	certificate, err := mysqlserver.NewCertificate(dir, append([]string{"localhost", "127.0.0.1", address}, settings.names...)...)
	if err != nil {
		t.Fatal(err)
	}
	server, err := mysqlserver.New(mysqlserver.Options{
		Dir: dir, Host: address, Port: port, Certificate: certificate, User: AdminUser, Password: AdminPassword,
		MaxConnections: settings.maxConnections, Kind: settings.kind, GeneralLog: true, Arguments: settings.arguments,
	})
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Host: "localhost", Port: port, CAFile: certificate.CAFile, Roots: certificate.Roots,
		Kind: server.Kind, Real: server.Kind != mysqlserver.Embedded, address: dial, server: server}
	s.Restart(t)
	t.Cleanup(func() { _ = s.server.Stop() })
	return s
}

// StartMariaDB starts a MariaDB, and skips the test where there is none.
func StartMariaDB(t testing.TB, opts ...Option) *Server {
	t.Helper()
	return Start(t, append(opts, On(mysqlserver.MariaDB))...)
}

// Each runs a test on a server of each kind.
func Each(t *testing.T, test func(*testing.T, *Server), opts ...Option) {
	t.Helper()
	Kinds(t, func(t *testing.T, kind Option) { test(t, Start(t, append(opts, kind)...)) })
}

// EachReal runs a test on a MySQL and on a MariaDB: the embedded server isolates no transactions, loses rows that are
// written at once, and keeps no general log.
func EachReal(t *testing.T, test func(*testing.T, *Server), opts ...Option) {
	t.Helper()
	for _, kind := range []mysqlserver.Kind{mysqlserver.MySQL, mysqlserver.MariaDB} {
		t.Run(string(kind), func(t *testing.T) { test(t, Start(t, append(opts, On(kind))...)) })
	}
}

// Kinds runs a test for each kind of server, with the option that starts it.
func Kinds(t *testing.T, test func(*testing.T, Option)) {
	t.Helper()
	for _, kind := range []mysqlserver.Kind{mysqlserver.MySQL, mysqlserver.MariaDB, mysqlserver.Embedded} {
		t.Run(string(kind), func(t *testing.T) { test(t, On(kind)) })
	}
}

// Stop takes the server away: its connections are cut and its port refuses new ones. Its data stays.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	if err := s.server.Stop(); err != nil {
		t.Fatal(err)
	}
}

// Restart brings a stopped server back, on the same port and with its data, and waits until it answers.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	if err := s.server.Start(); err != nil {
		t.Fatal(err)
	}
	db := s.Admin(t)
	defer db.Close()
	var err error
	for range 600 {
		if err = db.Ping(); err == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("the server does not answer: %v\n%s", err, s.server.Said())
}

// GeneralLog returns what the server has received, one entry a command: "Query SELECT 1", "Connect app@localhost on
// messages using SSL/TLS", "Prepare ...". A Prepare is answered before it is logged, and so is sure to be among them
// only once its connection has sent something else. It skips the test with the embedded server, which keeps no such log.
func (s *Server) GeneralLog(t testing.TB) []string {
	t.Helper()
	if !s.Real {
		t.Skip("needs mysqld or mariadbd: the embedded server keeps no general log")
	}
	entries, err := s.server.GeneralLog()
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// ErrorLog is what the server has printed; the embedded one prints nothing.
func (s *Server) ErrorLog() string { return s.server.Said() }

// Admin opens a pool as the master user.
func (s *Server) Admin(t testing.TB) *sql.DB {
	t.Helper()
	return s.Open(t, AdminUser, AdminPassword, "")
}

// Open opens a pool as user on a database, over verified TLS. It is closed when the test ends.
func (s *Server) Open(t testing.TB, user, password, database string) *sql.DB {
	t.Helper()
	connector, err := mysql.NewConnector(s.Config(user, password, database))
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	t.Cleanup(func() { _ = db.Close() })
	return db
}
