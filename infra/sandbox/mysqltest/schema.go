package mysqltest

import (
	"context"
	"database/sql"
	"io/fs"
	"strings"
	"testing"
)

// Migrated makes a database, runs the SQL files in it in the order of their names, and opens it as the master user. The general
// log begins after that: a migration may prepare a statement, which no function does.
func (s *Server) Migrated(t testing.TB, database string, files fs.FS) *sql.DB {
	t.Helper()
	s.Exec(t, "CREATE DATABASE "+database)
	db := s.Open(t, AdminUser, AdminPassword, database)
	names, err := fs.Glob(files, "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("SQL files: %q, %v", names, err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		if err := Apply(db, string(text)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if err := s.server.ClearGeneralLog(); err != nil {
		t.Fatal(err)
	}
	return db
}

// Apply runs a migration's statements one by one on one connection, as the migrator does. A statement ends with a
// semicolon at the end of a line.
func Apply(db *sql.DB, file string) error {
	ctx := context.Background()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	for statement := range strings.SplitSeq(file, ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
