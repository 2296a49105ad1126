package cluster

import (
	"context"
	"crypto/tls"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	driver "github.com/go-sql-driver/mysql"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/mysql"
)

const (
	attemptTimeout = 10 * time.Second
	firstPause     = 100 * time.Millisecond // doubled after each attempt
	longestPause   = 5 * time.Second
	// maxDenials is how often the password may be refused. The secret is read each time: while it is rotated, the
	// server knows the new one a moment earlier than the secret's current version is that.
	maxDenials = 5
)

// Error numbers of MySQL.
const (
	tooManyConnections = 1040
	accessDenied       = 1045
	unknownDatabase    = 1049
	serverShutdown     = 1053
	noSuchThread       = 1094
	killDenied         = 1095
	unknownTable       = 1146
	privilegeMissing   = 1227
)

// Connect opens a pool as the master user. A server that is not there yet is waited for, as a writer that has just
// come up may take a while to answer, until the context ends.
func (c *Cluster) Connect(ctx context.Context, log *slog.Logger) (*sql.DB, error) {
	var last error
	denials := 0
	for attempt, pause := 1, firstPause; ; attempt, pause = attempt+1, min(2*pause, longestPause) {
		db, err := c.attempt(ctx)
		if err == nil {
			return db, nil
		}
		if Denied(err) {
			denials++
		}
		if !mayCome(err) || denials >= maxDenials {
			return nil, err
		}
		if last == nil || ctx.Err() == nil { // an attempt that the end of all time cut short tells nothing
			last = err
		}
		log.WarnContext(ctx, "waiting for the database", "attempt", attempt, "error", err.Error())
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("no connection in %d attempts, look at the writer instance and at port %d "+
				"from this function's security group to the cluster's: %w", attempt, c.Server.Port, last)
		case <-time.After(pause):
		}
	}
}

func (c *Cluster) attempt(ctx context.Context) (*sql.DB, error) {
	var admin contract.DatabaseSecret
	if err := c.Secrets.Get(ctx, c.AdminARN, &admin); err != nil {
		return nil, final{err} // it was tried again and again already
	}
	return c.Login(ctx, admin)
}

// settings are those of a session, which would pin a connection of RDS Proxy: it is not on this way.
func settings() map[string]string {
	return map[string]string{
		// MySQL's default, so that migrations mean the same on every server, and SHOW GRANTS is quoted with backticks.
		"sql_mode": "'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
		// Seconds; a year by default. While an ALTER TABLE waits for a transaction to end, all other statements on the
		// table wait for the ALTER TABLE.
		"lock_wait_timeout": "20",
	}
}

// Login opens a pool as a secret's user, and tries once.
func (c *Cluster) Login(ctx context.Context, secret contract.DatabaseSecret) (*sql.DB, error) {
	config := mysql.Config(secret, c.Server, c.Trust)
	config.Params = settings()
	connector, err := driver.NewConnector(config)
	if err != nil {
		return nil, final{err}
	}
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	db := sql.OpenDB(connector)
	if err := db.PingContext(ctx); err != nil {
		db.Close() // there is no connection in it whose end could fail
		return nil, fmt.Errorf("%s:%d: %w", c.Server.Host, c.Server.Port, err)
	}
	return db, nil
}

// Denied tells whether the server refused the password.
func Denied(err error) bool { return number(err) == accessDenied }

// final is an error that waiting does not mend.
type final struct{ error }

// Unwrap shows what is behind it.
func (f final) Unwrap() error { return f.error }

// mayCome tells whether waiting may help: there is no server yet, or none that takes connections. What a server says
// for good, and a certificate that is not to be trusted, is no such case.
func mayCome(err error) bool {
	if _, ok := errors.AsType[final](err); ok {
		return false
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return false
	}
	return slices.Contains([]uint16{0, tooManyConnections, accessDenied, serverShutdown}, number(err))
}

// number is the error's number at MySQL, and 0 when it is not from there.
func number(err error) uint16 {
	if said, ok := errors.AsType[*driver.MySQLError](err); ok {
		return said.Number
	}
	return 0
}
