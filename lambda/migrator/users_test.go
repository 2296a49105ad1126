package main

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqlserver"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/cluster"
	"scheduled-messages/lambda/internal/dbuser"
)

// withReader adds the reading user to a migrator.
func withReader(m *handler, name string) {
	m.cluster.Users = append(m.cluster.Users, cluster.User{ARN: lambdatest.ReaderSecretARN, Role: dbuser.Reader()})
	m.cluster.Secrets.(lambdatest.Secrets)[lambdatest.ReaderSecretARN] = contract.DatabaseSecret{Username: name, Password: lambdatest.AppPassword}
}

func TestAReaderIsMadeWhereItHasASecret(t *testing.T) {
	mysqltest.Each(t, func(t *testing.T, s *mysqltest.Server) {
		m := target(t, s, fstest.MapFS{})
		withReader(m, "reader")
		m.files = fstest.MapFS{"0001_a.sql": file("CREATE TABLE a (n INT PRIMARY KEY)")}
		got, err := m.handle(t.Context())
		if err != nil || !slices.Equal(got.Users, []string{"app", "reader"}) {
			t.Fatalf("got %+v, %v", got, err)
		}
		reader := s.Open(t, "reader", lambdatest.AppPassword, "messages")
		if _, err := reader.Exec("SELECT * FROM messages"); err != nil {
			t.Error(err)
		}
		if _, err := reader.Exec("INSERT INTO messages (id) VALUES ('a')"); err == nil {
			t.Error("the reader writes")
		}
	})
}

func TestTheReadersSecretIsReadFromTheEnvironment(t *testing.T) {
	for arn, want := range map[string]int{"": 1, lambdatest.ReaderSecretARN: 2} {
		variables := environment(&mysqltest.Server{Host: "h", Port: 3306}).With(contract.EnvDBReaderSecretARN, arn)
		m, err := newHandler(variables.Getenv, nil)
		if err != nil || len(m.cluster.Users) != want {
			t.Errorf("%q: got %+v, %v", arn, m.cluster.Users, err)
		}
	}
}

func TestTwoSecretsOfOneUserAreRefused(t *testing.T) {
	mysqltest.EachKind(t, func(t *testing.T, s *mysqltest.Server) {
		m := target(t, s, fstest.MapFS{"0001_a.sql": file("CREATE TABLE a (n INT PRIMARY KEY)")})
		if _, err := m.handle(t.Context()); err != nil {
			t.Fatal(err)
		}
		withReader(m, "app")
		if _, err := m.handle(t.Context()); err == nil || !strings.Contains(err.Error(), lambdatest.ReaderSecretARN) || !strings.Contains(err.Error(), `"app"`) {
			t.Errorf("got %v", err)
		}
		if _, err := s.Open(t, "app", lambdatest.AppPassword, "messages").Exec("INSERT INTO messages (id) VALUES ('a')"); err != nil {
			t.Errorf("the application's user was cut down: %v", err)
		}
	})
}

// A server takes the user whose host fits best, which need not be the one that the migrator made.
func TestAUserThatCannotLogInOrWriteIsAnErrorThatNamesWhatFailed(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		m := target(t, s, fstest.MapFS{"0001_a.sql": file("CREATE TABLE a (n INT PRIMARY KEY)")})
		for _, one := range []struct{ name, password, grant, want string }{
			{"another password", "another", "", "Error 1045"},
			{"no INSERT", lambdatest.AppPassword, "SELECT, UPDATE", "INSERT on messages: Error 1142"},
			{"no UPDATE", lambdatest.AppPassword, "SELECT, INSERT", "UPDATE on messages: Error 1142"},
		} {
			t.Run(one.name, func(t *testing.T) {
				s.Exec(t, "DROP USER IF EXISTS app@'127.0.0.1'", "CREATE USER app@'127.0.0.1' IDENTIFIED BY "+mysqlserver.Quote(one.password))
				if one.grant != "" {
					s.Exec(t, "GRANT "+one.grant+" ON messages.messages TO app@'127.0.0.1'")
				}
				_, err := m.handle(t.Context())
				if err == nil || !strings.Contains(err.Error(), one.want) || !strings.Contains(err.Error(), lambdatest.AppSecretARN) {
					t.Errorf("got %v, want %q", err, one.want)
				}
			})
		}
		s.Exec(t, "DROP USER app@'127.0.0.1'", "INSERT INTO messages.messages (id) VALUES ('there')")
		if _, err := m.handle(t.Context()); err != nil {
			t.Error(err)
		}
		var rows int
		if err := s.Admin(t).QueryRow("SELECT COUNT(*) FROM messages.messages").Scan(&rows); err != nil || rows != 1 {
			t.Errorf("%d rows, %v", rows, err)
		}
	})
}

func TestADatabaseWithAnUnderscoreWorks(t *testing.T) {
	for _, options := range [][]mysqltest.Option{
		{mysqltest.On(mysqlserver.MySQL), mysqltest.Arguments("--partial-revokes=ON")},
		{mysqltest.On(mysqlserver.MySQL), mysqltest.Arguments("--partial-revokes=OFF")},
		{mysqltest.On(mysqlserver.MariaDB)},
	} {
		t.Run("", func(t *testing.T) {
			s := mysqltest.Start(t, options...)
			m := target(t, s, fstest.MapFS{"0001_messages.sql": file("CREATE TABLE messages (id VARCHAR(64) NOT NULL PRIMARY KEY)")})
			m.cluster.Server.Name = "my_db"
			// As the version before left it, on a server of each meaning.
			s.Exec(t, "CREATE DATABASE my_db")
			s.CreateUser(t, "app", lambdatest.AppPassword, "SELECT, INSERT, UPDATE ON `my\\_db`.*")
			if _, err := m.handle(t.Context()); err != nil {
				t.Fatal(err)
			}
			app := s.Open(t, "app", lambdatest.AppPassword, "my_db")
			if _, err := app.Exec("INSERT INTO messages (id) VALUES ('a')"); err != nil {
				t.Error(err)
			}
			if _, err := app.Exec("SELECT * FROM schema_migrations"); err == nil {
				t.Error("the application's user reads the table of versions")
			}
		})
	}
}
