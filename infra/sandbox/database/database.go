// Package database is the MySQL server that stands in for a database cluster, with the pool before it.
package database

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"scheduled-messages/infra/sandbox/mysqlserver"
)

const (
	Port           = 3306 // what RDS's proxies listen on, and no other
	poolSize       = 40   // connections through the pool, more than all warm functions keep
	maxConnections = 151  // a stock MySQL's
)

// Database is the MySQL server that stands in for the cluster, and the pool before it that stands in for RDS Proxy.
// Both are at the one address that RDS's answers tell.
type Database struct {
	Host        string
	Login       mysqlserver.Login // past the pool
	Certificate *mysqlserver.Certificate
	Kind        string // in words
	Concurrency int    // of each function
	server      *mysqlserver.Server
	pool        *mysqlserver.Pool
}

// Start starts it with its data in a new folder, whose path is short.
func Start(ctx context.Context, folder string, embedded bool) (*Database, error) {
	host, err := freeAddress()
	if err != nil {
		return nil, err
	}
	if err := os.Mkdir(folder, 0o755); err != nil {
		return nil, err
	}
	d := &Database{Host: host}
	// The local webhook receiver shows the same certificate, as localhost.
	if d.Certificate, err = mysqlserver.NewCertificate(folder, host, "localhost"); err != nil {
		return nil, err
	}
	port := Port
	pooled := mysqlserver.HAProxy() != ""
	if pooled {
		if port, err = mysqlserver.FreePort(host); err != nil {
			return nil, err
		}
	}
	d.Login = mysqlserver.Login{Host: host, Port: port, User: "sandbox", Password: rand.Text(), CAFile: d.Certificate.CAFile}
	kind := mysqlserver.Kind("") // the best that there is
	if embedded {
		kind = mysqlserver.Embedded
	}
	d.server, err = mysqlserver.New(mysqlserver.Options{
		Dir: folder, Host: host, Port: port, Certificate: d.Certificate, User: d.Login.User, Password: d.Login.Password,
		MaxConnections: maxConnections, Kind: kind,
	})
	if err != nil {
		return nil, err
	}
	if err := d.server.Start(); err != nil {
		return nil, err
	}
	if err := d.answers(ctx); err != nil {
		return nil, errors.Join(err, d.Stop())
	}
	d.Kind, d.Concurrency = string(d.server.Kind), 10
	if d.server.Kind == mysqlserver.Embedded {
		d.Kind, d.Concurrency = "an embedded MySQL", 1 // it loses rows that are written at the same time
	}
	if !pooled {
		d.Kind += " without a pool (install haproxy for one)"
		return d, nil
	}
	d.pool, err = mysqlserver.StartPool(folder, net.JoinHostPort(host, strconv.Itoa(Port)), net.JoinHostPort(host, strconv.Itoa(port)), poolSize)
	if err != nil {
		return nil, errors.Join(err, d.Stop())
	}
	d.Kind += " behind haproxy"
	return d, nil
}

func (d *Database) answers(ctx context.Context) error {
	db, err := d.Login.Open("")
	if err != nil {
		return err
	}
	defer db.Close()
	for range 600 {
		if err = db.PingContext(ctx); err == nil || ctx.Err() != nil {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("the MySQL server does not answer: %w\n%s", err, d.server.Said())
}

// Stop ends both.
func (d *Database) Stop() error {
	var err error
	if d.pool != nil {
		err = d.pool.Stop()
	}
	return errors.Join(err, d.server.Stop())
}

// freeAddress finds a loopback address whose MySQL port is free; on Linux all of 127.0.0.0/8 is this machine.
func freeAddress() (host string, err error) {
	for range 20 {
		host = fmt.Sprintf("127.%d.%d.%d", 1+mathrand.IntN(254), mathrand.IntN(256), 1+mathrand.IntN(254))
		var listener net.Listener
		if listener, err = net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(Port))); err == nil {
			return host, listener.Close()
		}
	}
	return "", fmt.Errorf("port %d, on which the database has to be, is taken on all loopback addresses: %w", Port, err)
}

// ClientFile is what the mysql client takes as --defaults-file.
func (d *Database) ClientFile(folder, database string) (string, error) {
	path := filepath.Join(folder, "my.cnf")
	return path, os.WriteFile(path, fmt.Appendf(nil, "[client]\nhost=%s\nport=%d\nuser=%s\npassword=%s\nssl-ca=%s\n[mysql]\ndatabase=%s\n",
		d.Host, Port, d.Login.User, d.Login.Password, d.Login.CAFile, database), 0o600)
}
