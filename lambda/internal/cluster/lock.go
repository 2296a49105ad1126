package cluster

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// Lock lets one function work at a time, and ends what holds up the one that has it. The server frees it when the
// connection ends, so a function that was killed leaves none behind, and not before the statement that it left running
// has ended. GET_LOCK would pin a connection of RDS Proxy, but none of these goes through it.
//
// GET_LOCK needs no privilege: whoever knows a lock's name can keep it, and so keep its own password from being
// changed. So the name is a secret of the server's, in a schema on which no other user has a privilege.
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

// Explain adds to an error of what was done under the lock what may have held it up to the end: what is not this stack's
// to end.
func (l *Lock) Explain(err error) error {
	if err == nil || l.watch == nil || len(l.watch.holders) == 0 {
		return err
	}
	return fmt.Errorf("%w (it waited for a lock; what may have it: %s)", err, strings.Join(l.watch.holders, "; "))
}

// Alone runs something on a connection that holds the lock. Whoever sets an ordinary user's password, and whoever moves
// its secret on, does so here: what is read from the secret within still holds at the end.
func (c *Cluster) Alone(ctx context.Context, db *sql.DB, log *slog.Logger, run func(context.Context, *sql.Conn) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	one := c.NewLock(db, log)
	if err := one.SessionLock(ctx, conn); err != nil {
		return err
	}
	err = run(ctx, conn)
	freed := one.SessionUnlock(context.WithoutCancel(ctx), conn)
	return errors.Join(one.Explain(err), freed)
}

// lockName reads the lock's name, and makes it the first time.
func lockName(ctx context.Context, conn *sql.Conn) (name string, err error) {
	const read = "SELECT name FROM " + Schema + ".lock_name WHERE id = 1"
	err = conn.QueryRowContext(ctx, read).Scan(&name)
	if !errors.Is(err, sql.ErrNoRows) && !slices.Contains([]uint16{unknownDatabase, unknownTable}, number(err)) {
		return name, err
	}
	for _, statement := range []string{
		"CREATE DATABASE IF NOT EXISTS " + Schema,
		"CREATE TABLE IF NOT EXISTS " + Schema + ".lock_name (id TINYINT NOT NULL PRIMARY KEY, name VARCHAR(64) NOT NULL)",
		"INSERT IGNORE INTO " + Schema + ".lock_name VALUES (1, '" + rand.Text() + "')", // another may be first
	} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return "", err
		}
	}
	return name, conn.QueryRowContext(ctx, read).Scan(&name)
}
