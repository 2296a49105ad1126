// Package dbuser gives the database's users what their secrets and roles specify: name, password, and privileges on the
// rows of one table, and no others.
package dbuser

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"scheduled-messages/lambda/contract"
)

// Role is what a user of the database is for. A user has the privileges on the table that its role gives, and nothing
// else: not on other tables, so not on the one with the migrations' versions either, and not on the schema.
type Role struct {
	Name       string   // in errors
	Privileges []string // on rows, in the order in which servers list them: SELECT, INSERT, UPDATE
	Table      string
}

// The roles.
var (
	app    = Role{"application", []string{"SELECT", "INSERT", "UPDATE"}, "messages"}
	reader = Role{"reader", []string{"SELECT"}, "messages"}
)

// App is the role of the user that writes statuses.
func App() Role { return app }

// Reader is the role of the user that reads them.
func Reader() Role { return reader }

// Fingerprint changes when the privileges that Ensure gives a role change, so that the program knows when to run the migrator
// again.
func Fingerprint() string {
	var all []string
	for _, role := range []Role{app, reader} {
		all = append(all, role.Name+": "+role.list()+" on "+role.Table)
	}
	return strings.Join(all, "; ")
}

func (r Role) list() string { return strings.Join(r.Privileges, ", ") }

// Ensure creates the secret's user or brings it up to date. The role's table must exist. Two calls must not run at once. It
// changes nothing on a user that is right, except that it sets the password, so open connections stay open and work.
//
// The password is the secret's current one, never an earlier one that a rotation has replaced.
func Ensure(ctx context.Context, conn *sql.Conn, secret contract.DatabaseSecret, database string, role Role) error {
	if secret.Username == "" || secret.Password == "" {
		return errors.New("username or password is empty")
	}
	if err := NotSelf(ctx, conn, secret.Username); err != nil {
		return err
	}
	identified, err := identification(ctx, conn, secret.Password)
	if err != nil {
		return err
	}
	// REQUIRE SSL holds also on a cluster that someone lets take plain connections.
	if _, err := conn.ExecContext(ctx, "CREATE USER IF NOT EXISTS ?@'%' "+identified+" REQUIRE SSL", secret.Username); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "ALTER USER ?@'%' "+identified, secret.Username); err != nil {
		return err
	}
	return grant(ctx, conn, secret.Username, database, role)
}

// NotSelf refuses the user that is logged in: a secret in the wrong place would take away the master user's privileges.
func NotSelf(ctx context.Context, conn *sql.Conn, user string) error {
	var self string // name@host
	if err := conn.QueryRowContext(ctx, "SELECT CURRENT_USER()").Scan(&self); err != nil {
		return err
	}
	if strings.HasPrefix(self, user+"@") {
		return fmt.Errorf("%s is the master user: its privileges must not be reduced", user)
	}
	return nil
}

// SetPassword gives an existing user the secret's password.
func SetPassword(ctx context.Context, conn *sql.Conn, secret contract.DatabaseSecret) error {
	identified, err := identification(ctx, conn, secret.Password)
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "ALTER USER ?@'%' "+identified, secret.Username)
	return err
}
