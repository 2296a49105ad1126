package mysqltest_test

import (
	"database/sql"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"

	"scheduled-messages/infra/sandbox/mysqltest"
)

func refusal(t *testing.T, err error) uint16 {
	t.Helper()
	var refused *mysql.MySQLError
	if !errors.As(err, &refused) {
		t.Fatalf("want a refusal by the server, got %v", err)
	}
	return refused.Number
}

func TestDataOutlivesAStopThatCutsTheConnections(t *testing.T) {
	mysqltest.Each(t, func(t *testing.T, s *mysqltest.Server) {
		db := s.Admin(t)
		s.Exec(t, "CREATE DATABASE d", "CREATE TABLE d.t (n INT PRIMARY KEY)", "INSERT INTO d.t VALUES (7)")
		if err := db.Ping(); err != nil {
			t.Fatal(err)
		}
		s.Stop(t)
		if _, err := db.Exec("INSERT INTO d.t VALUES (8)"); err == nil {
			t.Fatal("a stopped server took a row")
		}
		s.Restart(t)
		var n, rows int
		if err := db.QueryRow("SELECT MAX(n), COUNT(*) FROM d.t").Scan(&n, &rows); err != nil || n != 7 || rows != 1 {
			t.Fatalf("got row %d of %d, %v", n, rows, err)
		}
	})
}

func TestAUserHasItsPasswordAndItsPrivilegesOnly(t *testing.T) {
	mysqltest.Each(t, func(t *testing.T, s *mysqltest.Server) {
		s.Exec(t, "CREATE DATABASE d", "CREATE TABLE d.t (n INT PRIMARY KEY)", "CREATE DATABASE other")
		s.CreateUser(t, "app", "it's \\ one", "SELECT, INSERT ON d.*")
		if _, err := s.Open(t, "app", "it's \\ one", "d").Exec("INSERT INTO t VALUES (1)"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Open(t, "app", "it's \\ one", "d").Exec("DROP TABLE t"); err == nil {
			t.Fatal("DROP was not refused")
		}
		s.SetPassword(t, "app", "another")
		if got := refusal(t, s.Open(t, "app", "it's \\ one", "d").Ping()); got != 1045 {
			t.Fatalf("got error %d for the old password", got)
		}
		if err := s.Open(t, "app", "another", "d").Ping(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAConnectionWithoutTLSIsRefused(t *testing.T) {
	mysqltest.Each(t, func(t *testing.T, s *mysqltest.Server) {
		config := s.Config(mysqltest.AdminUser, mysqltest.AdminPassword, "")
		config.TLS = nil
		connector, err := mysql.NewConnector(config)
		if err != nil {
			t.Fatal(err)
		}
		db := sql.OpenDB(connector)
		defer db.Close()
		refusal(t, db.Ping())
	})
}

func TestTheAuthorityIsInAFile(t *testing.T) {
	s := mysqltest.Start(t, mysqltest.Embedded())
	text, err := os.ReadFile(s.CAFile)
	if err != nil || !s.Roots.AppendCertsFromPEM(text) {
		t.Fatalf("no certificate in %q, %v", text, err)
	}
}

func TestTheGeneralLogHasEachCommandByItself(t *testing.T) {
	mysqltest.EachReal(t, generalLogTellsCommandsApart)
}

func generalLogTellsCommandsApart(t *testing.T, s *mysqltest.Server) {
	db := s.Admin(t)
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("SELECT 1,\n 2"); err != nil {
		t.Fatal(err)
	}
	statement, err := db.Prepare("SELECT 3")
	if err != nil {
		t.Fatal(err)
	}
	if err := statement.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("SELECT 4"); err != nil { // by then the server has logged what came before it
		t.Fatal(err)
	}
	log := s.GeneralLog(t)
	for _, want := range []string{"Query SELECT 1,\n 2", "Prepare SELECT 3"} {
		if !slices.Contains(log, want) {
			t.Errorf("no %q in\n%s", want, strings.Join(log, "\n"))
		}
	}
}

func TestMaxConnectionsHold(t *testing.T) {
	mysqltest.EachReal(t, maxConnectionsHold, mysqltest.MaxConnections(10))
}

func maxConnectionsHold(t *testing.T, s *mysqltest.Server) {
	var held []*sql.DB
	for range 20 {
		db := s.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, "")
		held = append(held, db)
		if err := db.Ping(); err != nil {
			if got := refusal(t, err); got != 1040 {
				t.Fatalf("got error %d", got)
			}
			return
		}
	}
	t.Fatalf("%d connections were let in", len(held))
}

func TestAConnectionCanBeCutByItsNumber(t *testing.T) {
	mysqltest.Each(t, func(t *testing.T, s *mysqltest.Server) {
		conn, err := s.Admin(t).Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		var number int64
		if err := conn.QueryRowContext(t.Context(), "SELECT CONNECTION_ID()").Scan(&number); err != nil {
			t.Fatal(err)
		}
		s.Kill(t, number)
		if err := conn.PingContext(t.Context()); err == nil {
			t.Error("the connection still answers")
		}
	})
}
