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
	pollInterval = 500 * time.Millisecond
	// grace is how long a statement of the function waits before the users that the migrator made lose the sessions that may
	// block it: after this time those with an open transaction or a running statement, after twice this time all of them. RDS
	// Proxy and clients connect again.
	grace = 3 * time.Second
)

// watch observes a connection while it works, and ends sessions that block it.
type watch struct {
	lock     *Lock
	id       int64 // the connection's
	cancel   context.CancelFunc
	done     chan struct{}
	blockers []string // what may block it, and is not ended; of the last poll that saw it wait
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
		case <-time.After(pollInterval):
		}
		waits, err := w.waits(ctx)
		switch {
		case err != nil:
			if ctx.Err() == nil {
				w.lock.log.WarnContext(ctx, "cannot see what blocks this invocation", contract.LogError, err.Error())
			}
			return
		case !waits:
			since, w.blockers = time.Time{}, nil
		case since.IsZero():
			since = time.Now()
		case time.Since(since) >= grace:
			if err := w.clear(ctx, time.Since(since) >= 2*grace); err != nil && ctx.Err() == nil {
				w.lock.log.WarnContext(ctx, "cannot end what blocks this invocation", contract.LogError, err.Error())
			}
		}
	}
}

// waits reports whether the connection waits for a lock: of metadata, or of a row.
func (w *watch) waits(ctx context.Context) (waits bool, err error) {
	err = w.lock.db.QueryRowContext(ctx, "SELECT "+
		"EXISTS (SELECT 1 FROM information_schema.processlist WHERE id = ? AND state LIKE 'Waiting for%lock') OR "+
		"EXISTS (SELECT 1 FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = ? AND trx_state = 'LOCK WAIT')", w.id, w.id,
	).Scan(&waits)
	return waits, err
}

// clear ends sessions of the users that the migrator made, the busy ones or idle ones as well, and keeps the names of what
// else may block the connection.
func (w *watch) clear(ctx context.Context, idle bool) error {
	all, err := sessions(ctx, w.lock.db, w.id)
	if err != nil {
		return err
	}
	users, problems := w.lock.cluster.usernames(ctx)
	w.blockers = nil
	for _, one := range all {
		switch ours := slices.Contains(users, one.user); {
		case ours && (one.busy || idle):
			w.lock.log.WarnContext(ctx, "ending a session that may block this invocation",
				"connection", one.id, "user", one.user, "host", one.host, "seconds", one.seconds)
			problems = errors.Join(problems, one.end(ctx, w.lock.db))
		case !ours && one.busy:
			w.blockers = append(w.blockers, one.String())
		}
	}
	prepared, err := w.prepared(ctx)
	w.blockers = append(w.blockers, prepared...)
	return errors.Join(problems, err)
}

// prepared are transactions that are neither committed nor rolled back, keep their locks, and belong to no session. Nothing
// shows who owns them, so none is ended.
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
			all = append(all, fmt.Sprintf("a prepared transaction, which XA ROLLBACK X'%x', X'%x', %d ends",
				data[:global], data[global:], format))
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
