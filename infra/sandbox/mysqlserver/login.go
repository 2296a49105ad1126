package mysqlserver

import (
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"errors"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/go-sql-driver/mysql"
)

// Login is how a user logs in to a server.
type Login struct {
	Host           string
	Port           int
	User, Password string
	CAFile         string // PEM of the authority that signed the server's certificate
}

// Open opens a pool on a database, or on none, over verified TLS.
func (l Login) Open(database string) (*sql.DB, error) {
	text, err := os.ReadFile(l.CAFile)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, errors.New("no certificate in " + l.CAFile)
	}
	connector, err := mysql.NewConnector(l.Config(database, roots))
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

// Config is a driver configuration, over TLS verified by the roots, without server-side prepares.
func (l Login) Config(database string, roots *x509.CertPool) *mysql.Config {
	c := mysql.NewConfig()
	c.Net, c.Addr = "tcp", net.JoinHostPort(l.Host, strconv.Itoa(l.Port))
	c.User, c.Passwd, c.DBName = l.User, l.Password, database
	c.TLS = &tls.Config{RootCAs: roots, ServerName: l.Host, MinVersion: tls.VersionTLS12}
	c.InterpolateParams, c.ParseTime, c.Loc = true, true, time.UTC
	c.Logger = &mysql.NopLogger{} // a server that is stopped on purpose is no news
	return c
}
