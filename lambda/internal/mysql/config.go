// Package mysql connects functions to the database: how every connection is made, and the updater's pool of one.
package mysql

import (
	"crypto/tls"
	"net"
	"strconv"
	"time"

	"github.com/go-sql-driver/mysql"

	"scheduled-messages/lambda/contract"
)

const (
	dialTimeout  = 5 * time.Second
	writeTimeout = 10 * time.Second
	// tcpUserTimeout is how long a peer may leave what was sent without an acknowledgement. It detects a peer that disappeared
	// while the environment was frozen, and does not disturb one that is busy: RDS Proxy may hold a statement back for its
	// entire borrow timeout.
	tcpUserTimeout = 5 * time.Second
)

// Config is the driver's configuration for a connection to the server as the secret's user. The server's certificate is always
// verified,
// against trust's RootCAs and for its ServerName; nil, or what it leaves empty, means the system's roots and the
// server's host. The host and port in the secret are the cluster's and not used, because a function may go
// through the proxy.
//
// Nothing in it pins a connection of RDS Proxy: parameters are put into the statement on this side, so that nothing
// is prepared, and no session variable is set. That is safe while a backslash is never part of a longer character, as in
// utf8mb4, which the driver asks for: a server that is set to gbk and to skip-character-set-client-handshake must not be
// used. Reading has no timeout of its own: the context of each call ends it.
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
	config.RejectReadOnly = true // a writer that was demoted under an open connection is replaced by a new connection
	config.Timeout = dialTimeout
	config.WriteTimeout = writeTimeout
	config.Logger = &mysql.NopLogger{} // it prints lines that are not JSON, of errors that it returns as well
	dialer := &net.Dialer{Control: setTCPUserTimeout}
	config.DialFunc = dialer.DialContext
	return config
}
