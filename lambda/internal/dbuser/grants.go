package dbuser

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// grantee is a user with the grants that it should have.
type grantee struct {
	conn         *sql.Conn
	name         string // quoted, with its host
	object       string // the table, quoted, with its database
	role         Role
	user, tables string // for errors
}

// grant grants what the role needs and revokes everything else. It grants first, so that a user with wider grants always has
// its privileges: a statement of the application that runs meanwhile does not fail.
//
// In a grant on a table the database's name is literal whatever it holds. In one on an entire database an underscore is
// a wildcard or not, and so escaped or not, by the server's partial_revokes, which is on in Aurora.
// https://dev.mysql.com/doc/refman/8.4/en/grant.html
func grant(ctx context.Context, conn *sql.Conn, user, database string, role Role) error {
	g := grantee{
		conn:   conn,
		name:   identifier(user) + "@`%`",
		object: identifier(database) + "." + identifier(role.Table),
		role:   role,
		user:   user,
		tables: database + "." + role.Table,
	}
	missing, excess, err := g.compare(ctx)
	if err != nil {
		return err
	}
	if missing {
		if err := g.grant(ctx); err != nil {
			return err
		}
	}
	var problems error
	for _, line := range excess {
		problems = errors.Join(problems, g.exec(ctx, g.revocations(line)...))
	}
	if missing, excess, err = g.compare(ctx); err != nil {
		return err
	}
	if len(excess) > 0 { // what was not understood is revoked with all the rest, and the right ones are granted again at once
		err := g.exec(ctx, "REVOKE ALL PRIVILEGES, GRANT OPTION FROM "+g.name)
		problems, missing = errors.Join(problems, err), true
	}
	if missing {
		if err := g.grant(ctx); err != nil {
			return err
		}
	}
	if missing, excess, err = g.compare(ctx); err != nil {
		return err
	}
	if missing || len(excess) > 0 {
		wrong := fmt.Errorf("the privileges of %s are not %s on %s alone: %q", user, role.list(), g.tables, excess)
		return errors.Join(wrong, problems)
	}
	return nil
}

func (g grantee) grant(ctx context.Context) error {
	if err := g.exec(ctx, "GRANT "+g.role.list()+" ON "+g.object+" TO "+g.name); err != nil {
		return fmt.Errorf("granting %s %s on %s: %w", g.user, g.role.list(), g.tables, err)
	}
	return nil
}

func (g grantee) exec(ctx context.Context, statements ...string) error {
	for _, statement := range statements {
		if _, err := g.conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// compare reports whether the one grant is missing, and which others there are.
func (g grantee) compare(ctx context.Context) (missing bool, excess []string, err error) {
	rows, err := g.conn.QueryContext(ctx, "SHOW GRANTS FOR "+g.name)
	if err != nil {
		return false, nil, err
	}
	defer rows.Close()
	missing = true
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return false, nil, err
		}
		switch privileges, object, ok := g.parse(line); {
		case ok && object == g.object && slices.Equal(privileges, g.role.Privileges):
			missing = false
		case ok && object == "*.*" && slices.Equal(privileges, []string{"USAGE"}): // which means none
		default:
			excess = append(excess, line)
		}
	}
	return missing, excess, rows.Err()
}

// revocations are the statements that revoke what a line of SHOW GRANTS has too much, and none for a line that is
// not understood.
func (g grantee) revocations(line string) []string {
	privileges, object, ok := g.parse(line)
	if !ok {
		return nil
	}
	on := ""
	if object != "" {
		on = " ON " + object
	}
	privileges = slices.DeleteFunc(privileges, func(privilege string) bool {
		return privilege == "USAGE" || object == g.object && slices.Contains(g.role.Privileges, privilege)
	})
	var statements []string
	for _, privilege := range privileges { // one by one: a server lists some that it does not take in one list
		statements = append(statements, "REVOKE "+privilege+on+" FROM "+g.name)
	}
	return statements
}

// parse takes a line of SHOW GRANTS apart: the privileges, with GRANT OPTION among them, and what they are on; roles
// are on nothing.
func (g grantee) parse(line string) (privileges []string, object string, ok bool) {
	given, options, ok := strings.Cut(line, " TO "+g.name)
	if !ok || !strings.HasPrefix(given, "GRANT ") {
		return nil, "", false
	}
	list, object, _ := strings.Cut(strings.TrimPrefix(given, "GRANT "), " ON ")
	privileges = split(list)
	if strings.Contains(options, " WITH GRANT OPTION") {
		privileges = append(privileges, "GRANT OPTION")
	}
	return privileges, object, true
}

// split splits a list at its commas, but not at those between the columns of one privilege.
func split(list string) (parts []string) {
	depth, from := 0, 0
	for i, character := range list {
		switch character {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				parts, from = append(parts, strings.TrimSpace(list[from:i])), i+1
			}
		}
	}
	return append(parts, strings.TrimSpace(list[from:]))
}

func identifier(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }
