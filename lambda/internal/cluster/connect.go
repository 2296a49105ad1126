package cluster

import (
	"context"
	"crypto/tls"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
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
	// server knows the new one a moment before the secret's current version has it.
	maxDenials = 5
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
		if mysql.IsAccessDenied(err) {
			denials++
		}
		if !retryable(err) || denials >= maxDenials {
			return nil, err
		}
		if last == nil || ctx.Err() == nil { // an attempt that the context ended says nothing
			last = err
		}
		log.WarnContext(ctx, "waiting for the database", contract.LogAttempt, attempt, contract.LogError, err.Error())
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("no connection in %d attempts: check the writer instance, and port %d "+
				"from this function's security group to the cluster's: %w", attempt, c.Server.Port, last)
		case <-time.After(pause):
		}
	}
}

func (c *Cluster) attempt(ctx context.Context) (*sql.DB, error) {
	var admin contract.DatabaseSecret
	if err := c.Secrets.Get(ctx, c.AdminARN, &admin); err != nil {
		return nil, permanent{err} // it was retried already
	}
	return c.Login(ctx, admin)
}

// sessionVariables would pin a connection of RDS Proxy: these connections do not go through it.
func sessionVariables() map[string]string {
	return map[string]string{
		// MySQL's default, so that migrations mean the same on every server, and SHOW GRANTS is quoted with backticks.
		"sql_mode": "'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO," +
			"NO_ENGINE_SUBSTITUTION'",
		// Seconds; a year by default. While an ALTER TABLE waits for a transaction to end, all other statements on the
		// table wait for the ALTER TABLE.
		"lock_wait_timeout": "20",
	}
}

// Login opens a pool as a secret's user, and tries once.
func (c *Cluster) Login(ctx context.Context, secret contract.DatabaseSecret) (*sql.DB, error) {
	config := mysql.Config(secret, c.Server, c.Trust)
	config.Params = sessionVariables()
	connector, err := driver.NewConnector(config)
	if err != nil {
		return nil, permanent{err}
	}
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	db := sql.OpenDB(connector)
	if err := db.PingContext(ctx); err != nil {
		db.Close() // it holds no connection, so there is no error
		return nil, fmt.Errorf("%s:%d: %w", c.Server.Host, c.Server.Port, err)
	}
	return db, nil
}

// permanent is an error that waiting does not fix.
type permanent struct{ error }

// Unwrap is the error itself.
func (p permanent) Unwrap() error { return p.error }

// retryable reports whether waiting may help: there is no server yet, or none that takes connections. An error of the server that
// stays, and a certificate that is not to be trusted, are no such case.
func retryable(err error) bool {
	if _, ok := errors.AsType[permanent](err); ok {
		return false
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return false
	}
	return mysql.Number(err) == 0 || mysql.Is(err, mysql.TooManyConnections, mysql.AccessDenied, mysql.ServerShutdown)
}
