// Package account keeps the application's database user as its secret says: name, password, and privileges that go
// no further than reading and writing rows of the one database.
package account

import (
	"context"
	"crypto/sha1"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"scheduled-messages/lambda/message"
)

// privileges are in the order in which the server lists them.
const privileges = "SELECT, INSERT, UPDATE"

// Ensure creates the secret's user or brings it up to date. Two of it must not run at once. It changes nothing on a
// user that is as it should be, but for setting the password, so connections that are open stay so and work.
//
// The password is the secret's current one, never an earlier one that a rotation has replaced.
func Ensure(ctx context.Context, conn *sql.Conn, secret message.DatabaseSecret, database string) error {
	if secret.Username == "" || secret.Password == "" {
		return errors.New("username or password is empty")
	}
	if err := NotSelf(ctx, conn, secret.Username); err != nil {
		return err
	}
	// REQUIRE SSL holds also on a cluster that someone lets take plain connections.
	_, err := conn.ExecContext(ctx, "CREATE USER IF NOT EXISTS ?@'%' IDENTIFIED WITH mysql_native_password AS ? REQUIRE SSL",
		secret.Username, nativeHash(secret.Password))
	if err != nil {
		return err
	}
	if err := SetPassword(ctx, conn, secret); err != nil {
		return err
	}
	return grant(ctx, conn, secret.Username, database)
}

// NotSelf refuses the user that is logged in: a secret in the wrong place would take the master user its rights.
func NotSelf(ctx context.Context, conn *sql.Conn, user string) error {
	var self string // name@host
	if err := conn.QueryRowContext(ctx, "SELECT CURRENT_USER()").Scan(&self); err != nil {
		return err
	}
	if strings.HasPrefix(self, user+"@") {
		return fmt.Errorf("%s is the master user, whose privileges are not to be cut down", user)
	}
	return nil
}

// SetPassword gives an existing user the secret's password.
//
// The plugin is RDS Proxy's MYSQL_NATIVE_PASSWORD. The server gets the hash that this plugin keeps, and not the
// password, which it would write to its general log, its slow log and its binary log on some version or other. Both
// MySQL and MariaDB know WITH ... AS.
func SetPassword(ctx context.Context, conn *sql.Conn, secret message.DatabaseSecret) error {
	_, err := conn.ExecContext(ctx, "ALTER USER ?@'%' IDENTIFIED WITH mysql_native_password AS ?",
		secret.Username, nativeHash(secret.Password))
	return err
}

// grant gives the user what it needs and takes away what is more. Rights that are more are taken away all at once,
// roles aside; for the few milliseconds until the right ones are back the user has none, and statements of then fail.
func grant(ctx context.Context, conn *sql.Conn, user, database string) error {
	missing, excess, err := compare(ctx, conn, user, database)
	if err != nil {
		return err
	}
	if len(excess) > 0 {
		if _, err := conn.ExecContext(ctx, "REVOKE ALL PRIVILEGES, GRANT OPTION FROM ?@'%'", user); err != nil {
			return err
		}
		missing = true
	}
	if missing {
		if _, err := conn.ExecContext(ctx, "GRANT "+privileges+" ON "+pattern(database)+".* TO ?@'%'", user); err != nil {
			return err
		}
	}
	if missing, excess, err = compare(ctx, conn, user, database); err != nil {
		return err
	}
	if missing || len(excess) > 0 {
		return fmt.Errorf("the privileges of %s are not %s on %s alone: %q", user, privileges, database, excess)
	}
	return nil
}

// compare tells whether the one grant is missing, and which others there are.
func compare(ctx context.Context, conn *sql.Conn, user, database string) (missing bool, excess []string, err error) {
	rows, err := conn.QueryContext(ctx, "SHOW GRANTS FOR ?@'%'", user)
	if err != nil {
		return false, nil, err
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return false, nil, err
		}
		// USAGE means none; MariaDB goes on with the password's hash.
		if !strings.HasPrefix(line, "GRANT USAGE ON *.* TO ") {
			lines = append(lines, line)
		} else if strings.Contains(line, " WITH GRANT OPTION") {
			lines = append(lines, "GRANT OPTION ON *.*")
		}
	}
	if err := rows.Err(); err != nil {
		return false, nil, err
	}
	want := "GRANT " + privileges + " ON " + pattern(database) + ".* TO " + identifier(user) + "@`%`"
	missing = !slices.Contains(lines, want)
	return missing, slices.DeleteFunc(lines, func(line string) bool { return line == want }), nil
}

// nativeHash is what the plugin mysql_native_password keeps of a password.
func nativeHash(password string) string {
	once := sha1.Sum([]byte(password))
	twice := sha1.Sum(once[:])
	return "*" + strings.ToUpper(hex.EncodeToString(twice[:]))
}

// pattern quotes a database's name for GRANT, where an underscore stands for any character unless it is escaped.
func pattern(database string) string {
	return identifier(strings.NewReplacer(`_`, `\_`, `%`, `\%`).Replace(database))
}

func identifier(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }
