package mysqltest

import (
	"crypto/tls"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
)

// Option changes how a server is started.
type Option func(*settings)

type settings struct {
	maxConnections int
	embedded       bool
	arguments      []string
}

func newSettings(opts []Option) settings {
	s := settings{maxConnections: 151} // as a stock MySQL has it
	for _, opt := range opts {
		opt(&s)
	}
	return s
}

// MaxConnections sets how many clients the server takes at once.
func MaxConnections(n int) Option { return func(s *settings) { s.maxConnections = n } }

// Embedded takes the embedded server even where MariaDB is installed.
func Embedded() Option { return func(s *settings) { s.embedded = true } }

// Arguments adds arguments to mariadbd's command line. The embedded server takes none.
func Arguments(arguments ...string) Option {
	return func(s *settings) { s.arguments = append(s.arguments, arguments...) }
}

// Config is a driver configuration for the server, over verified TLS, without server-side prepares.
func (s *Server) Config(user, password, database string) *mysql.Config {
	c := mysql.NewConfig()
	c.Net, c.Addr = "tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
	c.User, c.Passwd, c.DBName = user, password, database
	c.TLS = &tls.Config{RootCAs: s.Roots, ServerName: s.Host, MinVersion: tls.VersionTLS12}
	c.InterpolateParams, c.ParseTime, c.Loc = true, true, time.UTC
	c.Logger = &mysql.NopLogger{} // a server that is stopped on purpose is no news
	return c
}

// Exec runs statements as the master user.
func (s *Server) Exec(t testing.TB, statements ...string) {
	t.Helper()
	db := s.Admin(t)
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// CreateUser makes a user with a native password, who may come from any host, and gives it privileges, such as
// "SELECT, INSERT ON `messages`.*".
func (s *Server) CreateUser(t testing.TB, user, password string, privileges ...string) {
	t.Helper()
	s.Exec(t, fmt.Sprintf("CREATE USER %s@'%%' IDENTIFIED BY %s", quote(user), quote(password)))
	for _, privilege := range privileges {
		s.Exec(t, fmt.Sprintf("GRANT %s TO %s@'%%'", privilege, quote(user)))
	}
}

// SetPassword gives a user another password. Connections that are open stay so, as on a real rotation.
func (s *Server) SetPassword(t testing.TB, user, password string) {
	t.Helper()
	s.Exec(t, fmt.Sprintf("ALTER USER %s@'%%' IDENTIFIED BY %s", quote(user), quote(password)))
}

// Kill cuts a client's connection, by the number that CONNECTION_ID() gives.
func (s *Server) Kill(t testing.TB, connection int64) {
	t.Helper()
	s.Exec(t, fmt.Sprintf("KILL %d", connection))
}

// Variable reads one of the server's status variables, such as Threads_connected or Max_used_connections.
func (s *Server) Variable(t testing.TB, name string) string {
	t.Helper()
	db := s.Admin(t)
	defer db.Close()
	var value sql.NullString
	if err := db.QueryRow("SHOW GLOBAL STATUS LIKE ?", name).Scan(&name, &value); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return value.String
}

func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

// freePort looks below the ports that systems give to outgoing connections (from 32768 on, on Linux), so that no
// client's connection takes the port while the server is stopped.
func freePort() (port int, err error) {
	for range 20 {
		port = 10000 + rand.IntN(22000)
		var listener net.Listener
		if listener, err = net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
			return port, listener.Close()
		}
	}
	return 0, err
}
