package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	gooseDB "github.com/pressly/goose/v3/database"

	"scheduled-messages/lambda/internal/cluster"
)

// versionTable is the table of what was applied.
const versionTable = "schema_migrations"

// apply applies the migrations that the database has not seen yet, in their order, and names them. One that runs at
// the same time waits and then finds nothing to do.
func apply(ctx context.Context, db *sql.DB, files fs.FS, lock *cluster.Lock) (version int64, applied []string, err error) {
	table, err := gooseDB.NewStore(gooseDB.DialectMySQL, versionTable)
	if err != nil {
		return 0, nil, err
	}
	provider, err := goose.NewProvider("", db, files, goose.WithStore(versions{table}),
		goose.WithSessionLocker(lock), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return 0, nil, err
	}
	results, err := provider.Up(ctx)
	if partial, ok := errors.AsType[*goose.PartialError](err); ok {
		return 0, nil, fmt.Errorf("%s: %w", partial.Failed.Source.Path, partial.Err) // goose's own text has numbers only
	}
	if err != nil {
		return 0, nil, err
	}
	applied = []string{} // as JSON: an empty list, and not null
	for _, result := range results {
		applied = append(applied, result.Source.Path)
	}
	version, err = provider.GetDBVersion(ctx)
	return version, applied, err
}

// versions is goose's table of what was applied, with a fix. Goose creates the table and inserts version 0 in one transaction,
// but MySQL commits after a CREATE; a migrator that was killed in between would leave a table that goose then takes for
// broken every time. Here such a table counts as missing, and creating it again does no harm.
type versions struct{ gooseDB.Store }

// TableExists implements goose's StoreExtender.
func (v versions) TableExists(ctx context.Context, db gooseDB.DBTxConn) (bool, error) {
	var tables int
	err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM information_schema.tables "+
		"WHERE table_schema = DATABASE() AND table_name = ?", v.Tablename()).Scan(&tables)
	if err != nil || tables == 0 {
		return false, err
	}
	_, err = v.GetMigration(ctx, db, 0)
	if errors.Is(err, gooseDB.ErrVersionNotFound) {
		return false, nil
	}
	return err == nil, err
}

// CreateVersionTable creates the table with the columns that goose reads and writes.
func (v versions) CreateVersionTable(ctx context.Context, db gooseDB.DBTxConn) error {
	_, err := db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS `+v.Tablename()+` (
		id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
		version_id BIGINT NOT NULL UNIQUE,
		is_applied BOOLEAN NOT NULL,
		tstamp     TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP)`)
	return err
}

// Insert records a version. Goose creates the table before it takes the lock, so that two may record version 0.
func (v versions) Insert(ctx context.Context, db gooseDB.DBTxConn, request gooseDB.InsertRequest) error {
	ignore := ""
	if request.Version == 0 {
		ignore = "IGNORE "
	}
	statement := "INSERT " + ignore + "INTO " + v.Tablename() + " (version_id, is_applied) VALUES (?, TRUE)"
	_, err := db.ExecContext(ctx, statement, request.Version)
	return err
}
