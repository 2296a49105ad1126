package dbuser

import (
	"context"
	"database/sql"
	"fmt"
)

// uses are statements that need one privilege and find no row. A server checks privileges before it looks for rows.
var uses = map[string]string{
	"SELECT": "SELECT id FROM %s WHERE FALSE",
	"INSERT": "INSERT INTO %s (id) SELECT '' FROM DUAL WHERE FALSE",
	"UPDATE": "UPDATE %s SET id = '' WHERE FALSE",
}

// Prove uses each privilege of a role, as the user who is logged in, and changes no row. Its error names the privilege
// that the server does not grant.
func Prove(ctx context.Context, db *sql.DB, role Role) error {
	for _, privilege := range role.Privileges {
		if _, err := db.ExecContext(ctx, fmt.Sprintf(uses[privilege], identifier(role.Table))); err != nil {
			return fmt.Errorf("%s on %s: %w", privilege, role.Table, err)
		}
	}
	return nil
}
