package account_test

import (
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"

	"scheduled-messages/lambda/internal/account"
	"scheduled-messages/lambda/internal/mysqltest"
	"scheduled-messages/lambda/message"
)

// Every character that pulumi-random may be told to put into a password, and some that it may not.
const password = "Aa0!#$%&*()-_=+[]{}<>:?'\\`;,. ünï"

func secret(password string) message.DatabaseSecret {
	return message.DatabaseSecret{Username: "app", Password: password}
}

func ensure(t *testing.T, s *mysqltest.Server, password, database string) error {
	t.Helper()
	conn, err := s.Admin(t).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return account.Ensure(t.Context(), conn, secret(password), database)
}

func TestTheUserLogsInWithTheSecretsPassword(t *testing.T) {
	for name, option := range servers() {
		t.Run(name, func(t *testing.T) {
			s := mysqltest.Start(t, option...)
			s.Exec(t, "CREATE DATABASE messages", "CREATE TABLE messages.t (n INT PRIMARY KEY)")
			for _, password := range []string{"first", password, password} {
				if err := ensure(t, s, password, "messages"); err != nil {
					t.Fatal(err)
				}
				db := s.Open(t, "app", password, "messages")
				if _, err := db.Exec("INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE n = 1"); err != nil {
					t.Fatal(err)
				}
			}
			if got := number(s.Open(t, "app", "first", "messages").Ping()); got != 1045 {
				t.Errorf("got error %d with the password of before", got)
			}
		})
	}
}

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

func TestAUserThatIsRightIsLeftAlone(t *testing.T) {
	s := mysqltest.StartMariaDB(t)
	s.Exec(t, "CREATE DATABASE messages")
	if err := ensure(t, s, password, "messages"); err != nil {
		t.Fatal(err)
	}
	before := len(s.GeneralLog(t))
	if err := ensure(t, s, password, "messages"); err != nil {
		t.Fatal(err)
	}
	for _, entry := range s.GeneralLog(t)[before:] {
		if strings.HasPrefix(entry, "Query GRANT") || strings.HasPrefix(entry, "Query REVOKE") {
			t.Errorf("the server got %q", entry)
		}
	}
}

func TestTheServerNeverSeesThePassword(t *testing.T) {
	s := mysqltest.StartMariaDB(t)
	s.Exec(t, "CREATE DATABASE messages")
	if err := ensure(t, s, "unmistakable", "messages"); err != nil {
		t.Fatal(err)
	}
	log := strings.Join(s.GeneralLog(t), "\n")
	if !strings.Contains(log, "CREATE USER") || strings.Contains(log, "unmistakable") {
		t.Errorf("got %s", log)
	}
}

func TestAnEmptyPasswordIsRefused(t *testing.T) {
	if err := account.Ensure(t.Context(), nil, secret(""), "messages"); err == nil {
		t.Error("a user without a password was made")
	}
}

func TestTheUserNeedsTLSAlsoWhereTheServerDoesNot(t *testing.T) {
	s := mysqltest.StartMariaDB(t, mysqltest.Arguments("--require-secure-transport=OFF"))
	s.Exec(t, "CREATE DATABASE messages")
	if err := ensure(t, s, password, "messages"); err != nil {
		t.Fatal(err)
	}
	for user, want := range map[string]uint16{mysqltest.AdminUser: 0, "app": 1045} {
		config := s.Config(user, map[string]string{mysqltest.AdminUser: mysqltest.AdminPassword, "app": password}[user], "")
		config.TLS = nil
		connector, err := mysql.NewConnector(config)
		if err != nil {
			t.Fatal(err)
		}
		db := sql.OpenDB(connector)
		defer db.Close()
		if err := db.Ping(); number(err) != want {
			t.Errorf("%s in the clear: got %v, want error %d", user, err, want)
		}
	}
}

func TestTheMasterUserIsNotCutDown(t *testing.T) {
	for name, option := range servers() {
		t.Run(name, func(t *testing.T) {
			s := mysqltest.Start(t, option...)
			conn, err := s.Admin(t).Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			master := message.DatabaseSecret{Username: mysqltest.AdminUser, Password: mysqltest.AdminPassword}
			if err := account.Ensure(t.Context(), conn, master, "messages"); err == nil {
				t.Error("the master user was made the application's")
			}
			s.Exec(t, "CREATE DATABASE still_may")
		})
	}
}

func servers() map[string][]mysqltest.Option {
	return map[string][]mysqltest.Option{"found": nil, "embedded": {mysqltest.Embedded()}}
}

func number(err error) uint16 {
	var said *mysql.MySQLError
	if errors.As(err, &said) {
		return said.Number
	}
	return 0
}

func query(t *testing.T, db *sql.DB, statement string) (lines []string) {
	t.Helper()
	rows, err := db.Query(statement)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}
