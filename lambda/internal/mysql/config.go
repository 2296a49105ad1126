// Package mysql connects functions to the database: how every connection is made, and the updater's pool of one.
package mysql

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/go-sql-driver/mysql"

	"scheduled-messages/lambda/contract"
)

const (
	dialTimeout  = 5 * time.Second
	writeTimeout = 10 * time.Second
	// silence is how long a peer may leave what was sent without an acknowledgement. It finds a peer that went away
	// while the environment was frozen, and does not disturb one that thinks: RDS Proxy may hold a statement back
	// for its whole borrow timeout.
	silence = 5 * time.Second
)

// Server is a database on a server.
type Server struct {
	Host string
	Port int
	Name string // the database's
}

// ServerFromEnv reads DB_HOST, DB_PORT and DB_NAME. Its error names every variable that is missing or wrong.
func ServerFromEnv(getenv func(string) string) (Server, error) {
	server := Server{Host: getenv(contract.EnvDBHost), Name: getenv(contract.EnvDBName)}
	var problems []error
	if server.Host == "" {
		problems = append(problems, fmt.Errorf("%s is not set", contract.EnvDBHost))
	}
	port, err := strconv.ParseUint(getenv(contract.EnvDBPort), 10, 16)
	if err != nil || port == 0 {
		problems = append(problems, fmt.Errorf("%s is %q, want a port", contract.EnvDBPort, getenv(contract.EnvDBPort)))
	}
	server.Port = int(port)
	if server.Name == "" {
		problems = append(problems, fmt.Errorf("%s is not set", contract.EnvDBName))
	}
	return server, errors.Join(problems...)
}

// Config says how to connect to the server as the secret's user. The server's certificate is always verified,
// against trust's RootCAs and for its ServerName; nil, or what it leaves empty, means the system's roots and the
// server's host. The host and port in the secret are the cluster's and not looked at, because a function may go
// through the proxy.
//
// Nothing in it pins a connection of RDS Proxy: parameters are put into the statement on this side, so that nothing
// is prepared, and no session variable is set. That is safe while a backslash is never part of a longer character, as in
// utf8mb4, which the driver asks for: a server that is set to gbk and to skip-character-set-client-handshake must not be used. Reading has no timeout of its own: the context of each call ends it.
func Config(secret contract.DatabaseSecret, server Server, trust *tls.Config) *mysql.Config {
	if trust == nil {
		trust = &tls.Config{}
	}
	trust = trust.Clone()
	trust.InsecureSkipVerify = false
	trust.MinVersion = max(trust.MinVersion, tls.VersionTLS12)
	if trust.ServerName == "" {
		trust.ServerName = server.Host
	}
	config := mysql.NewConfig()
	config.User = secret.Username
	config.Passwd = secret.Password
	config.Net = "tcp"
	config.Addr = net.JoinHostPort(server.Host, strconv.Itoa(server.Port))
	config.DBName = server.Name
	config.TLS = trust
	config.InterpolateParams = true
	config.ParseTime = true
	config.RejectReadOnly = true // a writer that was demoted under an open connection is left, not complained to
	config.Timeout = dialTimeout
	config.WriteTimeout = writeTimeout
	config.Logger = &mysql.NopLogger{} // it prints lines that are not JSON, of errors that it returns as well
	dialer := &net.Dialer{Control: giveUpOnSilence}
	config.DialFunc = dialer.DialContext
	return config
}
