package cluster

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"scheduled-messages/lambda/contract"
)

const (
	lookEvery = 500 * time.Millisecond
	// patience is how long a statement of the function waits before the users that the migrator made lose the sessions
	// that may hold it up: after once as long those with an open transaction or a running statement, after twice as
	// long all of them. RDS Proxy and clients connect again.
	patience = 3 * time.Second
)

// watch looks on while a connection works, and ends sessions that hold it up.
type watch struct {
	lock    *Lock
	id      int64 // the connection's
	cancel  context.CancelFunc
	done    chan struct{}
	holders []string // what may be the cause, and is not ended; of the last look at a connection that waited
}

func (l *Lock) startWatch(ctx context.Context, conn *sql.Conn) (*watch, error) {
	w := &watch{lock: l, done: make(chan struct{})}
	if err := conn.QueryRowContext(ctx, "SELECT CONNECTION_ID()").Scan(&w.id); err != nil {
		return nil, err
	}
	ctx, w.cancel = context.WithCancel(ctx)
	go func() {
		defer close(w.done)
		w.run(ctx)
	}()
	return w, nil
}

func (w *watch) stop() {
	w.cancel()
	<-w.done
}

func (w *watch) run(ctx context.Context) {
	var since time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(lookEvery):
		}
		waits, err := w.waits(ctx)
		switch {
		case err != nil:
			if ctx.Err() == nil {
				w.lock.log.WarnContext(ctx, "cannot see whether anybody holds this up", "error", err.Error())
			}
			return
		case !waits:
			since, w.holders = time.Time{}, nil
		case since.IsZero():
			since = time.Now()
		case time.Since(since) >= patience:
			if err := w.clear(ctx, time.Since(since) >= 2*patience); err != nil && ctx.Err() == nil {
				w.lock.log.WarnContext(ctx, "cannot end what holds this up", "error", err.Error())
			}
		}
	}
}

// waits reports whether the connection waits for a lock: of metadata, or of a row.
func (w *watch) waits(ctx context.Context) (waits bool, err error) {
	err = w.lock.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM information_schema.processlist WHERE id = ? AND state LIKE 'Waiting for%lock') "+
		"OR EXISTS (SELECT 1 FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = ? AND trx_state = 'LOCK WAIT')", w.id, w.id).Scan(&waits)
	return waits, err
}

// clear ends the sessions of the users that the migrator made, those that are busy or idle ones as well, and remembers what
// else may hold the connection up.
func (w *watch) clear(ctx context.Context, idle bool) error {
	all, err := sessions(ctx, w.lock.db, w.id)
	if err != nil {
		return err
	}
	users, problems := w.lock.cluster.usernames(ctx)
	w.holders = nil
	for _, one := range all {
		switch ours := slices.Contains(users, one.user); {
		case ours && (one.busy || idle):
			w.lock.log.WarnContext(ctx, "ending a session that may hold this up",
				"connection", one.id, "user", one.user, "host", one.host, "seconds", one.seconds)
			problems = errors.Join(problems, one.end(ctx, w.lock.db))
		case !ours && one.busy:
			w.holders = append(w.holders, one.String())
		}
	}
	prepared, err := w.prepared(ctx)
	w.holders = append(w.holders, prepared...)
	return errors.Join(problems, err)
}

// prepared are transactions that are neither committed nor rolled back, keep their locks, and belong to no session. Nobody
// can tell whose they are, so none is ended.
func (w *watch) prepared(ctx context.Context) (all []string, err error) {
	rows, err := w.lock.db.QueryContext(ctx, "XA RECOVER")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var format, global, branch int
		var data []byte
		if err := rows.Scan(&format, &global, &branch, &data); err != nil {
			return nil, err
		}
		if global+branch == len(data) {
			all = append(all, fmt.Sprintf("a prepared transaction, which XA ROLLBACK X'%x', X'%x', %d ends", data[:global], data[global:], format))
		}
	}
	return all, rows.Err()
}

// usernames are the names of the users that the migrator makes.
func (c *Cluster) usernames(ctx context.Context) (names []string, err error) {
	for _, user := range c.Users {
		var secret contract.DatabaseSecret
		if problem := c.Secrets.Get(ctx, user.ARN, &secret); problem != nil {
			err = errors.Join(err, problem)
			continue
		}
		names = append(names, secret.Username)
	}
	return names, err
}
