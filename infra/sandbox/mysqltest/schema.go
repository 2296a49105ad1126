package mysqltest

import (
	"database/sql"
	"io/fs"
	"testing"
)

// Migrated makes a database, runs the SQL files in it in the order of their names, and opens it as the master user.
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
		if _, err := db.Exec(string(text)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return db
}
