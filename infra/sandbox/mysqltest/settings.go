package mysqltest

import (
	"database/sql"
	"fmt"
	"testing"

	"github.com/go-sql-driver/mysql"

	"scheduled-messages/infra/sandbox/mysqlserver"
)

// Option changes how a server is started.
type Option func(*settings)

type settings struct {
	maxConnections int
	kind           mysqlserver.Kind
	arguments      []string
	address        string
	port           int // 0: a free one
	names          []string
}

func newSettings(opts []Option) settings {
	s := settings{maxConnections: 151} // as a stock MySQL has it
	for _, opt := range opts {
		opt(&s)
	}
	return s
}

// key is the same for servers that can stand in for each other, and "" for one that is the only one of its kind.
func (s settings) key() string {
	if s.port != 0 || s.kind == mysqlserver.Embedded {
		return ""
	}
	return fmt.Sprint(s.kind, s.maxConnections, s.arguments, s.names)
}

// MaxConnections sets how many clients the server takes at once.
func MaxConnections(n int) Option { return func(s *settings) { s.maxConnections = n } }

// On takes a server of the kind, and skips the test where there is none.
func On(kind mysqlserver.Kind) Option { return func(s *settings) { s.kind = kind } }

// Embedded takes the embedded server even where another is installed.
func Embedded() Option { return On(mysqlserver.Embedded) }

// At sets the loopback address and the port that the server listens on, for one that takes another's place.
func At(address string, port int) Option {
	return func(s *settings) { s.address, s.port = address, port }
}

// Named adds names to the server's certificate.
func Named(names ...string) Option { return func(s *settings) { s.names = names } }

// Arguments adds arguments to the server's command line. The embedded server takes none.
func Arguments(arguments ...string) Option {
	return func(s *settings) { s.arguments = append(s.arguments, arguments...) }
}

// Config is a driver configuration for the server, over verified TLS, without server-side prepares.
func (s *Server) Config(user, password, database string) *mysql.Config {
	return mysqlserver.Login{Host: s.address, Port: s.Port, User: user, Password: password}.Config(database, s.Roots)
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

// CreateUser makes a user, who may come from any host, and gives it privileges, such as
// "SELECT, INSERT ON `messages`.*".
func (s *Server) CreateUser(t testing.TB, user, password string, privileges ...string) {
	t.Helper()
	s.execWith(t, "CREATE USER ?@'%' IDENTIFIED BY ?", user, password)
	for _, privilege := range privileges {
		s.execWith(t, "GRANT "+privilege+" TO ?@'%'", user)
	}
}

// SetPassword gives a user another password. Connections that are open stay so, as on a real rotation.
func (s *Server) SetPassword(t testing.TB, user, password string) {
	t.Helper()
	s.execWith(t, "ALTER USER ?@'%' IDENTIFIED BY ?", user, password)
}

// execWith leaves the quoting to the driver, which knows of the server's SQL mode.
func (s *Server) execWith(t testing.TB, statement string, values ...any) {
	t.Helper()
	db := s.Admin(t)
	defer db.Close()
	if _, err := db.Exec(statement, values...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
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
