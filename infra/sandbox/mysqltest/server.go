// Package mysqltest starts a mysqlserver for a test, on a loopback port of its own, with data of its own.
package mysqltest

import (
	"crypto/rand"
	"crypto/x509"
	"database/sql"
	"os"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"scheduled-messages/infra/sandbox/mysqlserver"
)

// The server's master user. Like the one of RDS it may do everything.
const (
	AdminUser     = "admin"
	AdminPassword = "Master-Pass_1"
)

// Server is a running MySQL server.
type Server struct {
	Host   string // "localhost", which its certificate names, as it does 127.0.0.1
	Port   int
	CAFile string // PEM of the authority that signed the certificate, for SSL_CERT_FILE
	Roots  *x509.CertPool
	Kind   mysqlserver.Kind
	Real   bool // MySQL or MariaDB; false: the embedded server, which has no general log and knows less SQL

	certificate *mysqlserver.Certificate
	dir         string
	address     string            // to dial: the host, unless it was put elsewhere
	keeper      mysqlserver.Login // of a user that tests leave alone
	server      *mysqlserver.Server
	stopped     bool
}

// Start starts a server, which stops when the test ends; or it takes one that an earlier test of the package was done
// with, see Main, with nothing in it.
func Start(t testing.TB, opts ...Option) *Server {
	t.Helper()
	settings := newSettings(opts)
	if settings.kind == "" {
		settings.kind = mysqlserver.Best()
	}
	if !mysqlserver.Has(settings.kind) {
		t.Skipf("needs a server %s: put mysqld (8.0, 8.4 or 9) on PATH, or install the package mariadb-server", settings.kind)
	}
	s := takeIdle(settings.key())
	if s == nil {
		s = start(t, settings)
	}
	t.Cleanup(func() {
		if t.Failed() || !s.putIdle(settings.key()) {
			s.remove()
		}
	})
	if s.Real {
		if err := s.reset(); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// start starts a new server.
func start(t testing.TB, settings settings) *Server {
	t.Helper()
	dir, err := os.MkdirTemp("", "mysql") // short: a socket's path holds at most 107 characters
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Host: "localhost", Port: settings.port, Kind: settings.kind, Real: settings.kind != mysqlserver.Embedded,
		dir: dir, address: "localhost", keeper: mysqlserver.Login{User: "keeper", Password: rand.Text()}}
	started := false
	defer func() {
		if !started {
			s.remove()
		}
	}()
	address := "127.0.0.1"
	if s.Port != 0 {
		address, s.address = settings.address, settings.address
	} else if s.Port, err = mysqlserver.FreePort(address); err != nil {
		t.Fatal(err)
	}
	if !s.Real {
		s.keeper.User, s.keeper.Password = AdminUser, AdminPassword
	}
	certificate, err := mysqlserver.NewCertificate(dir, append([]string{"localhost", "127.0.0.1", address}, settings.names...)...)
	if err != nil {
		t.Fatal(err)
	}
	s.CAFile, s.Roots, s.certificate = certificate.CAFile, certificate.Roots, certificate
	s.server, err = mysqlserver.New(mysqlserver.Options{
		Dir: dir, Host: address, Port: s.Port, Certificate: certificate, User: s.keeper.User, Password: s.keeper.Password,
		MaxConnections: settings.maxConnections, Kind: settings.kind, GeneralLog: true, Arguments: settings.arguments,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Restart(t)
	started = true
	return s
}

func (s *Server) remove() {
	if s.server != nil {
		_ = s.server.Stop()
	}
	_ = os.RemoveAll(s.dir)
}

// StartMariaDB starts a MariaDB, and skips the test where there is none.
func StartMariaDB(t testing.TB, opts ...Option) *Server {
	t.Helper()
	return Start(t, append(opts, On(mysqlserver.MariaDB))...)
}

// Stop takes the server away: its connections are cut and its port refuses new ones. Its data stays.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	s.stopped = true
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
	s.stopped = false
	db := s.Open(t, s.keeper.User, s.keeper.Password, "")
	defer db.Close()
	var err error
	for range 600 {
		if err = db.Ping(); err == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("the server does not answer: %v\n%s", err, s.server.Output())
}

// GeneralLog returns what the server has received, one entry a command: "Query SELECT 1", "Connect app@localhost on
// messages using SSL/TLS", "Prepare ...". A Prepare is answered before it is logged, and so is sure to be among them
// only once its connection has sent something else. It skips the test with the embedded server, which keeps no such log.
func (s *Server) GeneralLog(t testing.TB) (texts []string) {
	t.Helper()
	for _, entry := range s.Entries(t) {
		texts = append(texts, entry.Text)
	}
	return texts
}

// Entries is GeneralLog with the connections.
func (s *Server) Entries(t testing.TB) []mysqlserver.Entry {
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
func (s *Server) ErrorLog() string { return s.server.Output() }

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
