package dbuser_test

import (
	"fmt"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/mysqlserver"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/dbuser"
	"scheduled-messages/lambda/internal/mysql"
)

// partialRevokes runs a test with the two meanings that an underscore has in a grant on a database: with
// partial_revokes, as on Aurora, it stands for itself, and without it is a wildcard, as always on MariaDB.
func partialRevokes(t *testing.T, test func(*testing.T, *mysqltest.Server)) {
	for _, value := range []string{"ON", "OFF"} {
		t.Run("partial_revokes "+value, func(t *testing.T) {
			test(t, mysqltest.Start(t, mysqltest.On(mysqlserver.MySQL), mysqltest.Arguments("--partial-revokes="+value)))
		})
	}
	t.Run("MariaDB", func(t *testing.T) { test(t, mysqltest.StartMariaDB(t)) })
}

func TestTheUserMayDoNoMoreThanReadAndWriteRowsOfItsTable(t *testing.T) {
	partialRevokes(t, func(t *testing.T, s *mysqltest.Server) {
		makeTable(t, s, "my_db")
		makeTable(t, s, "myxdb")
		if err := ensure(t, s, password, "my_db"); err != nil {
			t.Fatal(err)
		}
		db := s.Open(t, "app", password, "my_db")
		for _, statement := range []string{"INSERT INTO messages VALUES ('a')", "UPDATE messages SET id = 'b'", "SELECT id FROM messages"} {
			if _, err := db.Exec(statement); err != nil {
				t.Errorf("%s: %v", statement, err)
			}
		}
		const noTable, noDatabase, noPrivilege = 1142, 1044, 1227
		for statement, want := range map[string]uint16{
			"DROP TABLE messages": noTable, "DELETE FROM messages": noTable, "TRUNCATE TABLE messages": noTable,
			"ALTER TABLE messages ADD m INT": noTable, "CREATE INDEX i ON messages (id)": noTable, "CREATE TABLE u (n INT)": noTable,
			"CREATE VIEW v AS SELECT 1": noTable, "SELECT * FROM schema_migrations": noTable,
			"INSERT INTO schema_migrations VALUES (2)": noTable, "UPDATE schema_migrations SET id = 2": noTable,
			"INSERT INTO myxdb.messages VALUES ('a')": noTable, "SELECT * FROM myxdb.messages": noTable, "SELECT * FROM mysql.user": noTable,
			"CREATE DATABASE other": noDatabase, "DROP DATABASE my_db": noDatabase, "CREATE USER u": noPrivilege,
			"SET GLOBAL max_connections = 1": noPrivilege, "GRANT SELECT ON my_db.messages TO app": noTable,
			"LOCK TABLES messages READ": noDatabase, "SELECT * FROM messages INTO OUTFILE '/tmp/f'": noPrivilege,
		} {
			if got := mysql.Number(exec(db, statement)); got != want {
				t.Errorf("%s: got error %d, want %d", statement, got, want)
			}
		}
		if got := mysql.Number(s.Open(t, "app", password, "myxdb").Ping()); got != noDatabase {
			t.Errorf("got error %d for a database whose name the underscore would stand for", got)
		}
	})
}

func TestAReaderMayOnlyRead(t *testing.T) {
	mysqltest.Each(t, func(t *testing.T, s *mysqltest.Server) {
		makeTable(t, s, "messages")
		reader := contract.DatabaseSecret{Username: "reader", Password: password}
		if err := dbuser.Ensure(t.Context(), admin(t, s), reader, "messages", dbuser.Reader()); err != nil {
			t.Fatal(err)
		}
		db := s.Open(t, "reader", password, "messages")
		if err := dbuser.Prove(t.Context(), db, dbuser.Reader()); err != nil {
			t.Error(err)
		}
		for _, statement := range []string{"INSERT INTO messages VALUES ('a')", "UPDATE messages SET id = 'a'", "SELECT * FROM schema_migrations"} {
			if exec(db, statement) == nil {
				t.Errorf("%s was not refused", statement)
			}
		}
	})
}

func TestAPrivilegeThatIsMissingIsNamed(t *testing.T) {
	mysqltest.Each(t, func(t *testing.T, s *mysqltest.Server) {
		makeTable(t, s, "messages")
		s.Exec(t, "INSERT INTO messages.messages VALUES ('there')")
		s.CreateUser(t, "app", password)
		for i, privilege := range dbuser.App().Privileges {
			s.Exec(t, "GRANT SELECT, INSERT, UPDATE ON messages.messages TO app@'%'", "REVOKE "+privilege+" ON messages.messages FROM app@'%'")
			err := dbuser.Prove(t.Context(), s.Open(t, "app", password, "messages"), dbuser.App())
			if err == nil || !strings.HasPrefix(err.Error(), privilege+" on messages: ") {
				t.Errorf("%d: without %s: got %v", i, privilege, err)
			}
		}
		if got := query(t, s.Admin(t), "SELECT id FROM messages.messages"); fmt.Sprint(got) != "[there]" {
			t.Errorf("the rows are %q", got)
		}
	})
}

func TestPrivilegesThatAreMoreAreTakenAway(t *testing.T) {
	partialRevokes(t, func(t *testing.T, s *mysqltest.Server) {
		makeTable(t, s, "my_db")
		s.Exec(t, "CREATE DATABASE other", "CREATE TABLE other.t (n INT PRIMARY KEY, m INT)", "CREATE ROLE boss",
			"CREATE PROCEDURE my_db.p() SELECT 1")
		for name, more := range map[string][]string{
			"of the version before": {"GRANT SELECT, INSERT, UPDATE ON `my\\_db`.* TO app@'%'"},
			"on the database":       {"GRANT DELETE, CREATE ON my_db.* TO app@'%'"},
			"on the table":          {"GRANT DELETE, UPDATE (id), INSERT (id), TRIGGER ON my_db.messages TO app@'%'"},
			"on the table, to give": {"GRANT SELECT ON my_db.messages TO app@'%' WITH GRANT OPTION"},
			"on the versions":       {"GRANT SELECT ON my_db.schema_migrations TO app@'%'"},
			"on all":                {"GRANT SELECT, PROCESS, RELOAD ON *.* TO app@'%'"},
			"everything":            {"GRANT ALL PRIVILEGES ON *.* TO app@'%' WITH GRANT OPTION"},
			"grant option":          {"GRANT USAGE ON *.* TO app@'%' WITH GRANT OPTION"},
			"on another":            {"GRANT SELECT ON other.* TO app@'%'", "GRANT SELECT (n, m), UPDATE (m) ON other.t TO app@'%'"},
			"on a procedure":        {"GRANT EXECUTE ON PROCEDURE my_db.p TO app@'%'"},
			"a role":                {"GRANT boss TO app@'%' WITH ADMIN OPTION"},
		} {
			t.Run(name, func(t *testing.T) {
				s.Exec(t, "DROP USER IF EXISTS app@'%'")
				s.CreateUser(t, "app", "old")
				s.Exec(t, more...)
				if err := ensure(t, s, password, "my_db"); err != nil {
					t.Fatal(err)
				}
				grants := query(t, s.Admin(t), "SHOW GRANTS FOR app@'%'")
				if len(grants) != 2 || grants[1] != "GRANT SELECT, INSERT, UPDATE ON `my_db`.`messages` TO `app`@`%`" ||
					!strings.HasPrefix(grants[0], "GRANT USAGE ON *.*") || strings.Contains(grants[0], "GRANT OPTION") {
					t.Errorf("got %q", grants)
				}
			})
		}
	})
}

func TestAUserWithAWiderGrantIsNeverWithoutItsPrivileges(t *testing.T) {
	partialRevokes(t, func(t *testing.T, s *mysqltest.Server) {
		makeTable(t, s, "my_db")
		// Both ways to spell the underscore, of which a server means one.
		s.CreateUser(t, "app", password, "SELECT, INSERT, UPDATE ON `my\\_db`.*", "SELECT, INSERT, UPDATE, DELETE ON `my_db`.*")
		if got := changes(t, s); len(got) != 8 || !strings.HasPrefix(got[0], "GRANT SELECT, INSERT, UPDATE ON `my_db`.`messages`") {
			t.Errorf("the server got %q", got)
		}
		if got := changes(t, s); len(got) != 0 {
			t.Errorf("the second time, the server got %q", got)
		}
	})
}

// changes are the statements by which Ensure changes privileges, in their order.
func changes(t *testing.T, s *mysqltest.Server) (statements []string) {
	t.Helper()
	before := len(s.GeneralLog(t))
	if err := ensure(t, s, password, "my_db"); err != nil {
		t.Fatal(err)
	}
	for _, entry := range s.GeneralLog(t)[before:] {
		if statement := strings.TrimPrefix(entry, "Query "); strings.HasPrefix(statement, "GRANT") || strings.HasPrefix(statement, "REVOKE") {
			statements = append(statements, statement)
		}
	}
	return statements
}
