package cluster

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"scheduled-messages/lambda/internal/mysql"
)

// Lock lets one function work at a time, and ends sessions that block the one that has it. The server frees it when the
// connection ends, so a function that was killed leaves none, and not before the statement that it left running has ended.
// GET_LOCK would pin a connection of RDS Proxy, but none of these goes through it.
//
// GET_LOCK needs no privilege: whoever knows a lock's name can hold it, and so prevent a change of its own password. So the
// name is a secret in the server, in a schema on which no other user has a privilege.
type Lock struct {
	cluster *Cluster
	db      *sql.DB
	log     *slog.Logger
	name    string
	watch   *watch
}

// Schema holds what the functions keep for themselves.
const Schema = "scheduled_messages_maintenance"

// NewLock makes a lock for one connection of a pool.
func (c *Cluster) NewLock(db *sql.DB, log *slog.Logger) *Lock {
	return &Lock{cluster: c, db: db, log: log}
}

// SessionLock waits until the lock is free or the context ends. It is goose's SessionLocker, with SessionUnlock.
func (l *Lock) SessionLock(ctx context.Context, conn *sql.Conn) (err error) {
	if l.name, err = lockName(ctx, conn); err != nil {
		return fmt.Errorf("name of the lock, in %s: %w", Schema, err)
	}
	wait := time.Minute
	if deadline, ok := ctx.Deadline(); ok {
		wait = max(time.Until(deadline)-time.Second, 0)
	}
	var got sql.NullInt64
	if err := conn.QueryRowContext(ctx, "SELECT GET_LOCK(?, ?)", l.name, int(wait.Seconds())).Scan(&got); err != nil {
		return fmt.Errorf("waiting for another migrator or rotator to end: %w", err)
	}
	if got.Int64 != 1 {
		return fmt.Errorf("another migrator or rotator has not ended within %s", wait.Round(time.Second))
	}
	l.watch, err = l.startWatch(ctx, conn)
	return err
}

// SessionUnlock frees the lock.
func (l *Lock) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	l.watch.stop()
	var freed sql.NullInt64
	return conn.QueryRowContext(ctx, "SELECT RELEASE_LOCK(?)", l.name).Scan(&freed)
}

// Explain adds to an error of what ran under the lock what may have blocked it to the end: sessions that are not this stack's
// to end.
func (l *Lock) Explain(err error) error {
	if err == nil || l.watch == nil || len(l.watch.blockers) == 0 {
		return err
	}
	return fmt.Errorf("%w (it waited for a lock; possible holders: %s)", err, strings.Join(l.watch.blockers, "; "))
}

// WithLock runs something on a connection that holds the lock. Whoever sets an ordinary user's password, and whoever makes
// another version of its secret the current one, does so here: what is read from the secret meanwhile is still true at the end.
func (c *Cluster) WithLock(ctx context.Context, db *sql.DB, log *slog.Logger, run func(context.Context, *sql.Conn) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	lock := c.NewLock(db, log)
	if err := lock.SessionLock(ctx, conn); err != nil {
		return err
	}
	err = run(ctx, conn)
	freed := lock.SessionUnlock(context.WithoutCancel(ctx), conn)
	return errors.Join(lock.Explain(err), freed)
}

// lockName reads the lock's name, and makes it the first time. Where several do so at once, MySQL ends some of their statements,
// reads among them, as a deadlock over the table that is being made: they begin again.
func lockName(ctx context.Context, conn *sql.Conn) (name string, err error) {
	for range 10 {
		name, err = readLockName(ctx, conn)
		if errors.Is(err, sql.ErrNoRows) || mysql.Is(err, mysql.UnknownDatabase, mysql.UnknownTable) {
			if err = makeLockName(ctx, conn); err == nil {
				name, err = readLockName(ctx, conn)
			}
		}
		if !mysql.Is(err, mysql.Deadlock) {
			break
		}
	}
	return name, err
}

func readLockName(ctx context.Context, conn *sql.Conn) (name string, err error) {
	err = conn.QueryRowContext(ctx, "SELECT name FROM "+Schema+".lock_name WHERE id = 1").Scan(&name)
	return name, err
}

// makeLockName makes a name, unless another is first.
func makeLockName(ctx context.Context, conn *sql.Conn) error {
	for _, statement := range []string{
		"CREATE DATABASE IF NOT EXISTS " + Schema,
		"CREATE TABLE IF NOT EXISTS " + Schema + ".lock_name (id TINYINT NOT NULL PRIMARY KEY, name VARCHAR(64) NOT NULL)",
		"INSERT IGNORE INTO " + Schema + ".lock_name VALUES (1, '" + rand.Text() + "')",
	} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
