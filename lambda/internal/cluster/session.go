package cluster

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"scheduled-messages/lambda/internal/mysql"
)

// session is another connection to the server.
type session struct {
	id         int64
	user, host string
	seconds    int64
	busy       bool // it has an open transaction or runs a statement
}

func (s session) String() string {
	return fmt.Sprintf("connection %d of %s from %s, in its state for %d s", s.id, s.user, s.host, s.seconds)
}

// EndSessions ends all sessions of a user but the one that does it, and returns how many there were. A session outlives
// a change of its user's password.
func EndSessions(ctx context.Context, db *sql.DB, user string) (ended int, err error) {
	all, err := sessions(ctx, db, 0)
	if err != nil {
		return 0, err
	}
	for _, one := range all {
		if one.user == user {
			ended++
			err = errors.Join(err, one.end(ctx, db))
		}
	}
	return ended, err
}

// sessions are all but the own one, the one that asks, and those of the server itself.
func sessions(ctx context.Context, db *sql.DB, own int64) (all []session, err error) {
	rows, err := db.QueryContext(ctx, "SELECT p.id, p.user, p.host, p.time, t.trx_id IS NOT NULL OR p.command <> 'Sleep' "+
		"FROM information_schema.processlist p LEFT JOIN information_schema.innodb_trx t ON t.trx_mysql_thread_id = p.id "+
		"WHERE p.id NOT IN (?, CONNECTION_ID()) AND p.host <> '' AND p.command NOT IN ('Daemon', 'Binlog Dump', 'Binlog Dump GTID') "+
		"AND p.user NOT IN ('system user', 'event_scheduler', 'rdsadmin', 'rdsproxyadmin')", own)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var one session
		if err := rows.Scan(&one.id, &one.user, &one.host, &one.seconds, &one.busy); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// end ends a session. Aurora's master user may have to ask RDS for it: its role has CONNECTION_ADMIN, but not on each
// cluster. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/mysql-stored-proc-ending.html
func (s session) end(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, fmt.Sprintf("KILL %d", s.id))
	if mysql.Is(err, mysql.KillDenied, mysql.PrivilegeMissing) {
		_, err = db.ExecContext(ctx, fmt.Sprintf("CALL mysql.rds_kill(%d)", s.id))
	}
	if mysql.Is(err, mysql.NoSuchThread) { // it has ended by itself
		return nil
	}
	return err
}
