package cluster

import (
	"database/sql"
	"sync"
	"testing"

	"scheduled-messages/infra/sandbox/mysqltest"
)

// TestAllThatMakeTheLocksNameAtOnceGetTheSame is of functions that meet a new server at once: AWS invokes a step twice, or
// rotates two secrets.
func TestAllThatMakeTheLocksNameAtOnceGetTheSame(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		db := s.Admin(t)
		conns := make([]*sql.Conn, 8)
		for i := range conns {
			conn, err := db.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			conns[i] = conn
		}
		for range 40 {
			s.Exec(t, "DROP DATABASE IF EXISTS "+Schema)
			names, errs := make([]string, len(conns)), make([]error, len(conns))
			var group sync.WaitGroup
			for i, conn := range conns {
				group.Go(func() { names[i], errs[i] = lockName(t.Context(), conn) })
			}
			group.Wait()
			for i, name := range names {
				if errs[i] != nil || name == "" || name != names[0] {
					t.Fatalf("got %q and %v, the first %q", name, errs[i], names[0])
				}
			}
		}
	})
}
