package maintenance

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Lock lets one function work at a time. The server frees it when the connection ends, so a function that was killed
// leaves none behind, and not before the statement that it left running has ended. GET_LOCK would pin a connection of
// RDS Proxy, but none of these goes through it.
type Lock struct{}

const lockName = "maintenance"

// SessionLock waits until the lock is free or the context ends. It is goose's SessionLocker, with SessionUnlock.
func (Lock) SessionLock(ctx context.Context, conn *sql.Conn) error {
	wait := time.Minute
	if deadline, ok := ctx.Deadline(); ok {
		wait = max(time.Until(deadline)-time.Second, 0)
	}
	var got sql.NullInt64
	if err := conn.QueryRowContext(ctx, "SELECT GET_LOCK(?, ?)", lockName, int(wait.Seconds())).Scan(&got); err != nil {
		return fmt.Errorf("waiting for another migrator or rotator to end: %w", err)
	}
	if got.Int64 != 1 {
		return fmt.Errorf("another migrator or rotator has not ended within %s", wait.Round(time.Second))
	}
	return nil
}

// SessionUnlock frees the lock.
func (Lock) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	var freed sql.NullInt64
	return conn.QueryRowContext(ctx, "SELECT RELEASE_LOCK(?)", lockName).Scan(&freed)
}

// Alone runs something on a connection that holds the lock. Whoever sets the application user's password, and whoever
// moves its secret on, does so here: what is read from the secret within still holds at the end.
func Alone(ctx context.Context, db *sql.DB, run func(context.Context, *sql.Conn) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	var one Lock
	if err := one.SessionLock(ctx, conn); err != nil {
		return err
	}
	return errors.Join(run(ctx, conn), one.SessionUnlock(context.WithoutCancel(ctx), conn))
}
