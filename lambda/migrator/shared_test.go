package main

import (
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/mysql"
	"scheduled-messages/lambda/migrator/migrations"
)

// onShared is a migrator of a stack on a server that holds more than the stack's database, with users of its own.
func onShared(t *testing.T, s *mysqltest.Server, database, stack string) *handler {
	t.Helper()
	s.Exec(t, "CREATE DATABASE IF NOT EXISTS messages") // which target makes its table in
	m := target(t, s, migrations.Files())
	s.Exec(t, "DROP DATABASE messages")
	m.cluster.Shared = true
	m.cluster.Server.Name = database
	withReader(m, stack+"-reader")
	m.cluster.Secrets.(lambdatest.Secrets)[lambdatest.AppSecretARN] = contract.DatabaseSecret{Username: stack + "-app", Password: lambdatest.AppPassword}
	return m
}

func destroyed(t *testing.T, m *handler) answer {
	t.Helper()
	got, err := m.handle(t.Context(), `{"tf":{"action":"delete"}}`)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// others puts databases and users of somebody else on a server and gives a function that lists all of it, what the stacks own
// aside.
func others(t *testing.T, s *mysqltest.Server) func() []string {
	t.Helper()
	s.Exec(t, "CREATE DATABASE shop", "CREATE TABLE shop.messages (n INT PRIMARY KEY)", "INSERT INTO shop.messages VALUES (7)",
		"CREATE TABLE shop.schema_migrations (version VARCHAR(255) PRIMARY KEY)", "CREATE DATABASE ledger", "CREATE TABLE ledger.entries (n INT PRIMARY KEY)")
	s.CreateUser(t, "app", "Other-1", "ALL PRIVILEGES ON shop.*")
	s.CreateUser(t, "reader", "Other-2", "SELECT ON *.*")
	return func() (all []string) {
		t.Helper()
		db := s.Admin(t)
		defer db.Close()
		for _, query := range []string{
			"SELECT CONCAT(table_schema, '.', table_name, ' ', column_name, ' ', column_type) FROM information_schema.columns WHERE table_schema IN ('shop', 'ledger')",
			"SELECT CONCAT('row ', n) FROM shop.messages",
			"SELECT CONCAT(grantee, ' ', privilege_type) FROM information_schema.user_privileges WHERE grantee LIKE '''app''%' OR grantee LIKE '''reader''%'",
			"SELECT CONCAT(grantee, ' ', table_schema, ' ', privilege_type) FROM information_schema.schema_privileges WHERE grantee LIKE '''app''%' OR grantee LIKE '''reader''%'",
			"SELECT CONCAT(user, ' ', plugin, ' ', COALESCE(authentication_string, '')) FROM mysql.user WHERE user IN ('app', 'reader', 'admin')",
		} {
			rows, err := db.Query(query)
			if err != nil {
				t.Fatalf("%s: %v", query, err)
			}
			for rows.Next() {
				var line string
				if err := rows.Scan(&line); err != nil {
					t.Fatal(err)
				}
				all = append(all, line)
			}
			rows.Close()
		}
		slices.Sort(all)
		return all
	}
}

func databases(t *testing.T, s *mysqltest.Server) string {
	t.Helper()
	var all string
	if err := s.Admin(t).QueryRow("SELECT GROUP_CONCAT(schema_name ORDER BY schema_name) FROM information_schema.schemata WHERE schema_name NOT IN " +
		"('mysql', 'sys', 'information_schema', 'performance_schema', 'keep', 'test')").Scan(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTwoStacksOnOneServerLeaveEachOtherAndAllOthersAlone(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		list := others(t, s)
		before := list()
		if len(before) < 10 {
			t.Fatalf("the list is blind: %q", before)
		}
		one, two := onShared(t, s, "messages_one", "one"), onShared(t, s, "messages_two", "two")
		for _, m := range []*handler{one, two, one} { // again: nothing to do, and no claim of its own in the way
			if got, err := m.handle(t.Context()); err != nil || got.Version == 0 || len(got.Users) != 2 {
				t.Fatalf("got %+v, %v", got, err)
			}
		}
		write := func(user, database string) error {
			db := s.Open(t, user, lambdatest.AppPassword, database)
			defer db.Close()
			_, err := db.Exec("INSERT INTO messages (id) VALUES ('m') ON DUPLICATE KEY UPDATE id = id")
			return err
		}
		for user, database := range map[string]string{"one-app": "messages_one", "two-app": "messages_two"} {
			if err := write(user, database); err != nil {
				t.Errorf("%s: %v", user, err)
			}
		}
		if err := write("one-app", "messages_two"); err == nil {
			t.Error("the first stack's user writes into the second's table")
		}
		if got := destroyed(t, one); !slices.Equal(got.Users, []string{"one-app", "one-reader"}) {
			t.Errorf("destroy dropped %q", got.Users)
		}
		if got := destroyed(t, one); len(got.Users) != 0 {
			t.Errorf("a second destroy dropped %q", got.Users)
		}
		if err := write("one-app", "messages_one"); !mysql.IsAccessDenied(err) {
			t.Errorf("the user of a stack that is gone: %v", err)
		}
		if err := write("two-app", "messages_two"); err != nil {
			t.Errorf("the other stack's user: %v", err)
		}
		if after := list(); !slices.Equal(after, before) {
			t.Errorf("what others have was\n%s\nand is\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
		}
		if all := databases(t, s); all != "ledger,messages_one,messages_two,scheduled_messages_maintenance,shop" {
			t.Errorf("the databases are %s", all)
		}
		again := onShared(t, s, "messages_one", "again") // with the rows of the stack that is gone
		if got, err := again.handle(t.Context()); err != nil || len(got.Applied) != 0 {
			t.Errorf("a stack in the place of one that is gone: %+v, %v", got, err)
		}
	})
}

func TestTheUsersPluginIsTheServersDefaultAndReported(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		m := onShared(t, s, "messages_one", "one")
		got, err := m.handle(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		s.CreateUser(t, "plain", "Other-1")
		for _, user := range []string{"plain", "one-app", "one-reader"} {
			var plugin string
			if err := s.Admin(t).QueryRow("SELECT plugin FROM mysql.user WHERE user = ?", user).Scan(&plugin); err != nil || plugin != got.Plugin {
				t.Errorf("%s has %s, %v, and reported is %s", user, plugin, err, got.Plugin)
			}
		}
	})
}

func TestTheDatabaseOfAnotherStackIsRefused(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		if _, err := onShared(t, s, "messages_one", "one").handle(t.Context()); err != nil {
			t.Fatal(err)
		}
		two := onShared(t, s, "messages_one", "two")
		if _, err := two.handle(t.Context()); err == nil || !strings.Contains(err.Error(), "another stack's, of the users one-app and one-reader") {
			t.Errorf("got %v", err)
		}
		two.cluster.Server.Name = "messages_two"
		if _, err := two.handle(t.Context()); err != nil {
			t.Errorf("under another name: %v", err)
		}
	})
}

func TestAnEventNamedDeleteTakesNoUserOffTheStacksOwnServer(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		m := target(t, s, migrations.Files())
		s.Exec(t, "DROP TABLE messages.messages")
		if got := destroyed(t, m); got.Version == 0 || !slices.Equal(got.Users, []string{"app"}) {
			t.Errorf("got %+v", got)
		}
	})
}
