package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// tablesOf are the tables that the migrations make. Each is refused where another table has its name.
var tablesOf = []string{"messages"}

// refuseForeign is an error where the database holds a table that would be taken for this stack's and is not: CREATE TABLE IF
// NOT EXISTS passes it over, and the users would get privileges on it. A table is this stack's where the versions' table is,
// and that notes version 0 before any other table is made.
func refuseForeign(ctx context.Context, conn *sql.Conn, database string) error {
	ours, err := hasOurVersions(ctx, conn, database)
	if err != nil || ours {
		return err
	}
	for _, table := range tablesOf {
		var there int
		if err := conn.QueryRowContext(
			ctx,
			"SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?",
			table,
		).Scan(
			&there,
		); err != nil {
			return err
		}
		if there > 0 {
			return fmt.Errorf(
				"%s.%s is there already, and not of this stack: it is left as it is; give the stack another databaseName",
				database,
				table,
			)
		}
	}
	return nil
}

// hasOurVersions reports whether the migrator has been at work in the database. Its error is of a table by the same name that
// another tool keeps its own versions in: Rails' and golang-migrate's have other columns, and goose's no unique version.
func hasOurVersions(ctx context.Context, conn *sql.Conn, database string) (bool, error) {
	var columns sql.NullString
	err := conn.QueryRowContext(
		ctx,
		"SELECT GROUP_CONCAT(LOWER(column_name) ORDER BY ordinal_position) FROM information_schema.columns "+
			"WHERE table_schema = DATABASE() AND table_name = ?",
		versionTable,
	).Scan(
		&columns,
	)
	if err != nil || !columns.Valid {
		return false, err
	}
	var unique int
	if err := conn.QueryRowContext(
		ctx,
		"SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? "+
			"AND column_name = 'version_id' AND non_unique = 0",
		versionTable,
	).Scan(
		&unique,
	); err != nil {
		return false, err
	}
	if want := "id,version_id,is_applied,tstamp"; columns.String != want || unique == 0 {
		return false, fmt.Errorf(
			"%s.%s is there already, with the columns %s: another tool keeps its versions in it; it is left as it is; "+
				"give the stack another databaseName",
			database,
			versionTable,
			strings.ReplaceAll(columns.String, ",", ", "),
		)
	}
	var noted int
	err = conn.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+versionTable+" WHERE version_id = 0").Scan(&noted)
	return noted > 0, err
}
