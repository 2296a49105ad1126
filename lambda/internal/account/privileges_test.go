package account_test

import (
	"strings"
	"testing"

	"scheduled-messages/lambda/mysqltest"
)

func TestTheUserMayDoNoMoreThanReadAndWriteRowsOfItsDatabase(t *testing.T) {
	s := mysqltest.StartMariaDB(t)
	s.Exec(t, "CREATE DATABASE my_db", "CREATE TABLE my_db.t (n INT PRIMARY KEY)",
		"CREATE DATABASE myxdb", "CREATE TABLE myxdb.t (n INT PRIMARY KEY)")
	if err := ensure(t, s, password, "my_db"); err != nil {
		t.Fatal(err)
	}
	db := s.Open(t, "app", password, "my_db")
	for _, statement := range []string{"INSERT INTO t VALUES (1)", "UPDATE t SET n = 2", "SELECT n FROM t"} {
		if _, err := db.Exec(statement); err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
	for statement, want := range map[string]uint16{
		"DROP TABLE t": 1142, "DELETE FROM t": 1142, "TRUNCATE TABLE t": 1142, "CREATE TABLE u (n INT)": 1142,
		"ALTER TABLE t ADD m INT": 1142, "CREATE INDEX i ON t (n)": 1142, "CREATE VIEW v AS SELECT 1": 1142,
		"INSERT INTO myxdb.t VALUES (1)": 1142, "SELECT * FROM myxdb.t": 1142, "SELECT * FROM mysql.user": 1142,
		"CREATE DATABASE other": 1044, "DROP DATABASE my_db": 1044, "CREATE USER u": 1227, "SET GLOBAL max_connections = 1": 1227,
		"GRANT SELECT ON my_db.* TO app": 1044, "LOCK TABLES t READ": 1044, "SELECT * FROM t INTO OUTFILE '/tmp/f'": 1227,
	} {
		if _, err := db.Exec(statement); number(err) != want {
			t.Errorf("%s: got %v, want error %d", statement, err, want)
		}
	}
	if got := number(s.Open(t, "app", password, "myxdb").Ping()); got != 1044 {
		t.Errorf("got error %d for a database whose name the underscore would stand for", got)
	}
}

func TestPrivilegesThatAreMoreAreTakenAway(t *testing.T) {
	s := mysqltest.StartMariaDB(t)
	s.Exec(t, "CREATE DATABASE messages", "CREATE DATABASE other", "CREATE TABLE other.t (n INT)", "CREATE ROLE boss")
	for name, more := range map[string][]string{
		"on the database": {"GRANT DELETE, CREATE ON messages.* TO app@'%'"},
		"on all":          {"GRANT SELECT ON *.* TO app@'%'"},
		"grant option":    {"GRANT USAGE ON *.* TO app@'%' WITH GRANT OPTION"},
		"on another":      {"GRANT SELECT ON other.* TO app@'%'", "GRANT SELECT (n) ON other.t TO app@'%'"},
		"a role":          {"GRANT boss TO app@'%'"},
	} {
		t.Run(name, func(t *testing.T) {
			s.Exec(t, "DROP USER IF EXISTS app@'%'")
			s.CreateUser(t, "app", "old", "SELECT ON messages.*")
			s.Exec(t, more...)
			if err := ensure(t, s, password, "messages"); err != nil {
				t.Fatal(err)
			}
			grants := query(t, s.Admin(t), "SHOW GRANTS FOR app@'%'")
			if len(grants) != 2 || grants[1] != "GRANT SELECT, INSERT, UPDATE ON `messages`.* TO `app`@`%`" ||
				!strings.HasPrefix(grants[0], "GRANT USAGE ON *.*") || strings.Contains(grants[0], "GRANT OPTION") {
				t.Errorf("got %q", grants)
			}
		})
	}
}
