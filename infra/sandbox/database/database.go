// Package database has the MySQL servers that stand in for a local AWS's database clusters, each with a pool before it, and the
// proxies that lead to them.
package database

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"scheduled-messages/infra/sandbox/mysqlserver"
)

// The pool, as a client and the database see it.
const (
	Port           = 3306 // what RDS's proxies listen on, and no other
	poolSize       = 40   // connections through the pool, more than all warm functions keep
	maxConnections = 151  // a stock MySQL's
	startLimit     = 30 * time.Second
)

// Database is the MySQL server that stands in for a cluster, and the pool before it that stands in for those of RDS's proxies.
// Both are at one address.
type Database struct {
	Host  string            // of the pool, at Port
	Login mysqlserver.Login // past the pool, of a user who may do everything
	Kind  string            // in words

	folder string
	server *mysqlserver.Server
	pool   *mysqlserver.Pool

	stopping atomic.Bool
}

// start starts a database with its data in a new folder, whose path is short, at a host that the certificate names. A kind
// of "" is the best server there is.
func start(ctx context.Context, folder, host string, c *mysqlserver.Certificate, kind mysqlserver.Kind) (*Database, error) {
	if err := os.Mkdir(folder, 0o755); err != nil {
		return nil, err
	}
	own, err := c.CopyTo(folder) // which will be the server's user's alone
	if err != nil {
		return nil, err
	}
	port := Port
	pooled := mysqlserver.HAProxy() != ""
	if pooled {
		if port, err = mysqlserver.FreePort(host); err != nil {
			return nil, err
		}
	}
	d := &Database{Host: host, folder: folder}
	d.Login = mysqlserver.Login{Host: host, Port: port, User: "sandbox", Password: rand.Text(), CAFile: c.CAFile}
	d.server, err = mysqlserver.New(mysqlserver.Options{
		Dir:            folder,
		Host:           host,
		Port:           port,
		Certificate:    own,
		User:           d.Login.User,
		Password:       d.Login.Password,
		MaxConnections: maxConnections,
		Kind:           kind,
	})
	if err != nil {
		return nil, err
	}
	if err := d.server.Start(); err != nil {
		return nil, err
	}
	if err := d.answers(ctx); err != nil {
		return nil, errors.Join(err, d.stop())
	}
	d.Kind = string(d.server.Kind)
	if d.server.Kind == mysqlserver.Embedded {
		d.Kind = "an embedded MySQL"
	}
	if !pooled {
		d.Kind += " without a pool (install haproxy for one)"
		return d, nil
	}
	at := func(port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }
	d.pool, err = mysqlserver.StartPool(folder, at(Port), at(port), poolSize)
	if err != nil {
		return nil, errors.Join(err, d.stop())
	}
	d.Kind += " behind haproxy"
	return d, nil
}

// answers waits until the server takes connections. A server that ends, or that does not answer, is an error with its log.
func (d *Database) answers(ctx context.Context) error {
	db, err := d.Login.Open("")
	if err != nil {
		return err
	}
	defer db.Close()
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, fmt.Errorf("no answer in %s", startLimit))
	defer cancel()
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-d.server.Ended():
			return fmt.Errorf("the MySQL server has ended:\n%s", d.server.Output())
		case <-ctx.Done():
			return fmt.Errorf("the MySQL server: %w: %w\n%s", context.Cause(ctx), err, d.server.Output())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// watch calls failed when the server ends by itself.
func (d *Database) watch(failed func(error)) {
	<-d.server.Ended()
	if !d.stopping.Load() {
		failed(fmt.Errorf("the database at %s has ended:\n%s", d.Host, d.server.Output()))
	}
}

// concurrency is how many environments of a function the database bears at a time.
func (d *Database) concurrency() int {
	if d.server.Kind == mysqlserver.Embedded {
		return 1 // it loses rows that are written at the same time
	}
	return 10
}

// prepare does what RDS does before anybody can connect to a new cluster: it makes its database, if it has one, and its
// master user.
func (d *Database) prepare(ctx context.Context, database, user, password string) error {
	account := mysqlserver.Quote(user) + "@'%'"
	statements := []string{
		"CREATE USER " + account + " IDENTIFIED BY " + mysqlserver.Quote(password),
		"GRANT ALL PRIVILEGES ON *.* TO " + account + " WITH GRANT OPTION",
	}
	if database != "" {
		statements = append(statements, "CREATE DATABASE `"+database+"`")
	}
	return d.run(ctx, statements...)
}

// setPassword changes the master user's password.
func (d *Database) setPassword(ctx context.Context, user, password string) error {
	return d.run(ctx, "ALTER USER "+mysqlserver.Quote(user)+"@'%' IDENTIFIED BY "+mysqlserver.Quote(password))
}

func (d *Database) run(ctx context.Context, statements ...string) error {
	db, err := d.Login.Open("")
	if err != nil {
		return err
	}
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// stop ends both, and removes the data.
func (d *Database) stop() error {
	d.stopping.Store(true)
	var err error
	if d.pool != nil {
		err = d.pool.Stop()
	}
	return errors.Join(err, d.server.Stop(), os.RemoveAll(d.folder))
}

// clientFile writes what the mysql client takes as --defaults-file.
func (d *Database) clientFile(path, database string) error {
	text := fmt.Sprintf(`[client]
host=%s
port=%d
user=%s
password=%s
ssl-ca="%s"
default-character-set=utf8mb4
[mysql]
database=%s
`, d.Host, Port, d.Login.User, d.Login.Password, d.Login.CAFile, database)
	return os.WriteFile(path, []byte(text), 0o600)
}

// tlsFolder is where the certificate is, below the clusters' folder.
func tlsFolder(folder string) string { return filepath.Join(folder, "tls") }
