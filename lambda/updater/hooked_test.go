package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"testing"

	"github.com/go-sql-driver/mysql"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
)

// around is called with every statement, which it carries out or not.
type around func(ctx context.Context, carryOut func() error) error

// hooked opens the database on one connection as the application's user, with something around every statement.
func hooked(t testing.TB, s *mysqltest.Server, call around) *sql.DB {
	t.Helper()
	config := s.Config(lambdatest.AppUser, lambdatest.AppPassword, lambdatest.Database)
	config.InterpolateParams, config.ParseTime = true, true
	connector, err := mysql.NewConnector(config)
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(hookedConnector{connector, call})
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

type hookedConnector struct {
	driver.Connector
	call around
}

func (c hookedConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	return hookedConn{conn, c.call}, err
}

type hookedConn struct {
	driver.Conn
	call around
}

func (c hookedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (rows driver.Rows, err error) {
	err = c.call(ctx, func() (err error) {
		rows, err = c.Conn.(driver.QueryerContext).QueryContext(context.WithoutCancel(ctx), query, args)
		return err
	})
	if err != nil && rows != nil {
		_ = rows.Close() // or the connection would be left busy
		rows = nil
	}
	return rows, err
}

func (c hookedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (result driver.Result, err error) {
	err = c.call(ctx, func() (err error) {
		result, err = c.Conn.(driver.ExecerContext).ExecContext(context.WithoutCancel(ctx), query, args)
		return err
	})
	return result, err
}
