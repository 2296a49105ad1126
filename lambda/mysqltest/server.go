// Package mysqltest starts a MySQL server for tests: MariaDB where it is installed, and otherwise an embedded server
// that speaks the same protocol. Either is reached over TLS, on a loopback port of its own, with data of its own.
package mysqltest

import (
	"crypto/x509"
	"database/sql"
	"os"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
)

// The server's master user. Like the one of RDS it may do everything, and logs in with a native password.
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
	Real   bool // MariaDB; false: the embedded server, which has no general log and knows less SQL

	engine engine
}

// engine is what MariaDB and the embedded server have in common. Both keep their data over a stop.
type engine interface {
	start() error
	stop() error
	said() string // what it has to tell of itself, when it does not start
	generalLog() ([]string, error)
}

// Start starts a server, which stops when the test ends.
func Start(t testing.TB, opts ...Option) *Server {
	t.Helper()
	settings := newSettings(opts)
	dir, err := os.MkdirTemp("", "mysql") // short: a socket's path holds at most 107 characters
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	certificate, err := newCertificate(dir)
	if err != nil {
		t.Fatal(err)
	}
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Host: "localhost", Port: port, CAFile: certificate.caFile, Roots: certificate.roots}
	if bin := mariadbd(); bin != "" && !settings.embedded {
		s.Real = true
		s.engine, err = newMariaDB(bin, dir, port, certificate, settings)
	} else {
		s.engine, err = newEmbedded(port, certificate, settings)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.Restart(t)
	t.Cleanup(func() { _ = s.engine.stop() })
	return s
}

// StartMariaDB starts a MariaDB, and skips the test where there is none.
func StartMariaDB(t testing.TB, opts ...Option) *Server {
	t.Helper()
	if mariadbd() == "" {
		t.Skip("needs mariadbd: install the package mariadb-server")
	}
	return Start(t, opts...)
}

// Stop takes the server away: its connections are cut and its port refuses new ones. Its data stays.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	if err := s.engine.stop(); err != nil {
		t.Fatal(err)
	}
}

// Restart brings a stopped server back, on the same port and with its data, and waits until it answers.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	if err := s.engine.start(); err != nil {
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
	t.Fatalf("the server does not answer: %v\n%s", err, s.engine.said())
}

// GeneralLog returns what the server has received, one entry a command: "Query SELECT 1", "Connect app@localhost on
// messages using SSL/TLS", "Prepare ...". A Prepare is answered before it is logged, and so is sure to be among them
// only once its connection has sent something else. It skips the test with the embedded server, which keeps no such log.
func (s *Server) GeneralLog(t testing.TB) []string {
	t.Helper()
	if !s.Real {
		t.Skip("needs mariadbd: the embedded server keeps no general log")
	}
	entries, err := s.engine.generalLog()
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

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
