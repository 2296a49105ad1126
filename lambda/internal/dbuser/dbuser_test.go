package dbuser_test

import (
	"crypto/tls"
	"database/sql"
	"strings"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/cluster"
	"scheduled-messages/lambda/internal/dbuser"
	"scheduled-messages/lambda/internal/mysql"
)

// Every character that pulumi-random may be set to put into a password, and some that it may not.
const password = "Aa0!#$%&*()-_=+[]{}<>:?'\\`;,. ünï"

func secret(password string) contract.DatabaseSecret {
	return contract.DatabaseSecret{Username: "app", Password: password}
}

func ensure(t *testing.T, s *mysqltest.Server, password, in string) error {
	t.Helper()
	return dbuser.Ensure(t.Context(), admin(t, s), secret(password), in, dbuser.App())
}

// admin is a connection of the master user as the functions make it.
func admin(t *testing.T, s *mysqltest.Server) *sql.Conn {
	t.Helper()
	c := cluster.Cluster{Server: mysql.Server{Host: s.Host, Port: s.Port}, Trust: &tls.Config{RootCAs: s.Roots}}
	db, err := c.Login(t.Context(), contract.DatabaseSecret{Username: mysqltest.AdminUser, Password: mysqltest.AdminPassword})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// makeTable makes a database with the table that the roles are about, and one more in it.
func makeTable(t *testing.T, s *mysqltest.Server, database string) {
	t.Helper()
	s.Exec(t, "CREATE DATABASE `"+database+"`", "CREATE TABLE `"+database+"`.messages (id VARCHAR(64) NOT NULL PRIMARY KEY)",
		"CREATE TABLE `"+database+"`.schema_migrations (id INT NOT NULL PRIMARY KEY)")
}

func TestTheUserLogsInWithTheSecretsPassword(t *testing.T) {
	mysqltest.Each(t, func(t *testing.T, s *mysqltest.Server) {
		makeTable(t, s, "messages")
		for _, password := range []string{"first", password, password} {
			if err := ensure(t, s, password, "messages"); err != nil {
				t.Fatal(err)
			}
			db := s.Open(t, "app", password, "messages")
			if _, err := db.Exec("INSERT INTO messages VALUES ('m') ON DUPLICATE KEY UPDATE id = 'm'"); err != nil {
				t.Fatal(err)
			}
		}
		if got := mysql.Number(s.Open(t, "app", "first", "messages").Ping()); got != 1045 {
			t.Errorf("got error %d with the password of before", got)
		}
	})
}

func TestAUserThatIsRightIsLeftAlone(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		makeTable(t, s, "messages")
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
	})
}

func TestTheServerNeverSeesThePassword(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		makeTable(t, s, "messages")
		if err := ensure(t, s, "unmistakable", "messages"); err != nil {
			t.Fatal(err)
		}
		log := strings.Join(s.GeneralLog(t), "\n")
		if !strings.Contains(log, "CREATE USER") || strings.Contains(log, "unmistakable") {
			t.Errorf("got %s", log)
		}
	})
}

func TestAnEmptyPasswordIsRefused(t *testing.T) {
	if err := dbuser.Ensure(t.Context(), nil, secret(""), "messages", dbuser.App()); err == nil {
		t.Error("a user without a password was made")
	}
}

func TestTheUserNeedsTLSAlsoWhereTheServerDoesNot(t *testing.T) {
	mysqltest.EachReal(t, userNeedsTLS, mysqltest.Arguments("--require-secure-transport=OFF"))
}

func userNeedsTLS(t *testing.T, s *mysqltest.Server) {
	makeTable(t, s, "messages")
	if err := ensure(t, s, password, "messages"); err != nil {
		t.Fatal(err)
	}
	for user, want := range map[string]uint16{mysqltest.AdminUser: 0, "app": 1045} {
		config := s.Config(user, map[string]string{mysqltest.AdminUser: mysqltest.AdminPassword, "app": password}[user], "")
		config.TLS = nil
		connector, err := driver.NewConnector(config)
		if err != nil {
			t.Fatal(err)
		}
		db := sql.OpenDB(connector)
		defer db.Close()
		if err := db.Ping(); mysql.Number(err) != want {
			t.Errorf("%s in the clear: got %v, want error %d", user, err, want)
		}
	}
}

func TestTheMasterUserKeepsItsPrivileges(t *testing.T) {
	mysqltest.Each(t, func(t *testing.T, s *mysqltest.Server) {
		master := contract.DatabaseSecret{Username: mysqltest.AdminUser, Password: mysqltest.AdminPassword}
		if err := dbuser.Ensure(t.Context(), admin(t, s), master, "messages", dbuser.App()); err == nil {
			t.Error("the master user was made the application's")
		}
		s.Exec(t, "CREATE DATABASE still_may")
	})
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

func exec(db *sql.DB, statement string) error {
	_, err := db.Exec(statement)
	return err
}
