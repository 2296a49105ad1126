package mysqltest

import (
	"database/sql"
	"testing"
)

// Session keeps a connection of a user on a database, on which statements were run. It is closed when the test ends.
func (s *Server) Session(t testing.TB, user, password, database string, statements ...string) *sql.Conn {
	t.Helper()
	conn, err := s.Open(t, user, password, database).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	for _, statement := range statements {
		if _, err := conn.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	return conn
}
