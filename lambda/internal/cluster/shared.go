package cluster

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"scheduled-messages/lambda/internal/mysql"
)

// userTable is where the functions keep which users are theirs, of all stacks on the server, and whose database it is.
const userTable = Schema + ".users"

// Claim makes the database on a server that holds others, and takes it and the users' names for this stack. It refuses what
// somebody else has: the database of another stack, a user that no stack made, and what check, in the database, finds there.
// Nothing of it is changed.
func (c *Cluster) Claim(ctx context.Context, log *slog.Logger, check func(context.Context, *sql.Conn) error) error {
	return c.withoutDatabase(ctx, log, func(ctx context.Context, conn *sql.Conn) error {
		users, err := c.usernames(ctx)
		if err != nil {
			return err
		}
		_, err = conn.ExecContext(
			ctx,
			"CREATE TABLE IF NOT EXISTS "+userTable+" (name VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin "+
				"NOT NULL PRIMARY KEY, database_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL)",
		)
		if err != nil {
			return err
		}
		if err := c.refuseOthers(ctx, conn, users); err != nil {
			return err
		}
		if _, err := conn.ExecContext(
			ctx,
			"CREATE DATABASE IF NOT EXISTS `"+c.Server.Name+"`",
		); err != nil { // FromEnv has checked the name
			return fmt.Errorf("database %s: %w", c.Server.Name, err)
		}
		if _, err := conn.ExecContext(ctx, "USE `"+c.Server.Name+"`"); err != nil {
			return fmt.Errorf("database %s: %w", c.Server.Name, err)
		}
		if err := check(ctx, conn); err != nil {
			return err
		}
		for _, user := range users {
			if _, err := conn.ExecContext(ctx, "REPLACE INTO "+userTable+" VALUES (?, ?)", user, c.Server.Name); err != nil {
				return err
			}
		}
		return nil
	})
}

// refuseOthers is an error where the database is another stack's, or a user is there that is not in the table. A stack that
// is gone before it has made its users has left nothing but their names.
func (c *Cluster) refuseOthers(ctx context.Context, conn *sql.Conn, users []string) error {
	owners, err := names(
		ctx,
		conn,
		"SELECT name FROM "+userTable+" WHERE database_name = ? AND name IN (SELECT user FROM mysql.user) "+
			"ORDER BY name",
		c.Server.Name,
	)
	if err != nil {
		return err
	}
	if others := slices.DeleteFunc(owners, func(name string) bool { return slices.Contains(users, name) }); len(others) > 0 {
		return fmt.Errorf(
			"database %s is another stack's, of the users %s: give this stack another databaseName, or destroy the other "+
				"one first (of one that is gone, drop the users)",
			c.Server.Name,
			strings.Join(others, " and "),
		)
	}
	known, err := names(ctx, conn, "SELECT name FROM "+userTable)
	if err != nil {
		return err
	}
	for _, user := range users {
		there, err := names(ctx, conn, "SELECT DISTINCT user FROM mysql.user WHERE user = ?", user)
		if err != nil {
			return fmt.Errorf("looking for user %s: %w", user, err)
		}
		if len(there) > 0 && !slices.Contains(known, user) {
			return fmt.Errorf(
				"user %s is on the server already and no stack has made it: it would lose its password and its privileges",
				user,
			)
		}
	}
	return nil
}

// Release takes this stack's users off the server and out of the table. What is in the database stays.
func (c *Cluster) Release(ctx context.Context, log *slog.Logger) (dropped []string, err error) {
	err = c.withoutDatabase(ctx, log, func(ctx context.Context, conn *sql.Conn) error {
		users, err := c.usernames(ctx)
		if err != nil {
			return err
		}
		ours, err := names(ctx, conn, "SELECT name FROM "+userTable+" WHERE database_name = ? ORDER BY name", c.Server.Name)
		if mysql.Is(err, mysql.UnknownTable) { // no claim was ever made
			return nil
		}
		if err != nil {
			return err
		}
		for _, user := range ours {
			if !slices.Contains(users, user) {
				continue
			}
			if _, err := conn.ExecContext(ctx, "DROP USER IF EXISTS ?@'%'", user); err != nil {
				return err
			}
			if _, err := conn.ExecContext(ctx, "DELETE FROM "+userTable+" WHERE name = ?", user); err != nil {
				return err
			}
			dropped = append(dropped, user)
		}
		return nil
	})
	return dropped, err
}

// withoutDatabase is WithLock on a connection to no database, since the stack's may not be there.
func (c *Cluster) withoutDatabase(ctx context.Context, log *slog.Logger, run func(context.Context, *sql.Conn) error) error {
	server := *c
	server.Server.Name = ""
	db, err := server.Connect(ctx, log)
	if err != nil {
		return err
	}
	defer db.Close()
	return server.WithLock(ctx, db, log, run)
}

func names(ctx context.Context, conn *sql.Conn, query string, values ...any) (all []string, err error) {
	rows, err := conn.QueryContext(ctx, query, values...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		all = append(all, name)
	}
	return all, rows.Err()
}
