package infra_test

import (
	"database/sql"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/lifetest"
)

// added is what a stack adds to a server of somebody else: what stays after destroy, and its two users.
var (
	addedData = []string{"column messages messages ", "column messages schema_migrations ", "rows messages.messages ",
		"rows messages.schema_migrations ", "column scheduled_messages_maintenance lock_name ",
		"column scheduled_messages_maintenance users ", "rows scheduled_messages_maintenance.lock_name ",
		"rows scheduled_messages_maintenance.users "}
	addedUsers = []string{"user team-a-", "may everywhere 'team-a-", "may 'team-a-"}
)

// hostServer is the server behind the host's cluster or instance, as a user sees it who may do everything.
type hostServer struct {
	t    *testing.T
	host string
	db   *sql.DB
}

// newHostServer puts onto the one server of an AWS what its owner has there: data, and a table and users with the names that a
// stack gives its own where it has the server to itself.
func newHostServer(t *testing.T, aws *lifetest.Running) *hostServer {
	t.Helper()
	s := &hostServer{t: t}
	for host, login := range aws.Databases() {
		db, err := login.Open("")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		s.host, s.db = host, db
	}
	if s.host == "" {
		t.Fatal("there is no server behind the host's database")
	}
	for _, statement := range []string{
		"CREATE TABLE orders.orders (id INT PRIMARY KEY, item VARCHAR(64))", "INSERT INTO orders.orders VALUES (1, 'a chair')",
		"CREATE TABLE orders.messages (n INT PRIMARY KEY)", "INSERT INTO orders.messages VALUES (7)",
		"CREATE TABLE orders.schema_migrations (version VARCHAR(255) PRIMARY KEY)",
		"CREATE USER app@'%' IDENTIFIED BY 'Host-Pass_2'", "GRANT SELECT, INSERT ON orders.* TO app@'%'",
		"CREATE USER reader@'%' IDENTIFIED BY 'Host-Pass_3'", "GRANT SELECT ON orders.orders TO reader@'%'",
	} {
		if _, err := s.db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	return s
}

// lines are all that is on the server, one thing a line: columns, tables with their rows, users, privileges.
func (s *hostServer) lines() (all []string) {
	s.t.Helper()
	const ours = " NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')"
	for what, query := range map[string]string{
		"column ": "SELECT CONCAT_WS(' ', table_schema, table_name, column_name, column_type) FROM information_schema.columns " +
			"WHERE table_schema" + ours,
		"user ": "SELECT CONCAT_WS(' ', user, host, plugin, HEX(authentication_string)) FROM mysql.user",
		"may everywhere ": "SELECT CONCAT_WS(' ', grantee, privilege_type, is_grantable) FROM " +
			"information_schema.user_privileges",
		"may ": "SELECT CONCAT_WS(' ', grantee, table_schema, privilege_type) FROM information_schema.schema_privileges " +
			"UNION SELECT CONCAT_WS(' ', grantee, table_schema, table_name, privilege_type) FROM information_schema.table_privileges",
	} {
		for _, line := range s.list(query) {
			all = append(all, what+line)
		}
	}
	for _, table := range s.list("SELECT CONCAT('`', table_schema, '`.`', table_name, '`') FROM information_schema.tables " +
		"WHERE table_type = 'BASE TABLE' AND table_schema" + ours) {
		var name, sum string
		if err := s.db.QueryRowContext(s.t.Context(), "CHECKSUM TABLE "+table).Scan(&name, &sum); err != nil {
			s.t.Fatal(err)
		}
		all = append(all, "rows "+name+" "+sum)
	}
	slices.Sort(all)
	return all
}

// list is a query's one column.
func (s *hostServer) list(query string) (all []string) {
	s.t.Helper()
	rows, err := s.db.QueryContext(s.t.Context(), query)
	if err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			s.t.Fatal(err)
		}
		all = append(all, line)
	}
	if err := rows.Err(); err != nil {
		s.t.Fatal(err)
	}
	return all
}

// onlyAdded sees that of all that was on the server nothing is changed or gone, that what was added is what the documents
// say, and that it is there.
func (s *hostServer) onlyAdded(when string, before []string, expected ...string) {
	s.t.Helper()
	now := s.lines()
	for _, line := range before {
		if !slices.Contains(now, line) {
			s.t.Errorf("%s: gone or changed on the host's server: %s", when, line)
		}
	}
	seen := map[string]bool{}
	for _, line := range now {
		if slices.Contains(before, line) {
			continue
		}
		i := slices.IndexFunc(expected, func(begin string) bool { return strings.HasPrefix(line, begin) })
		if i < 0 {
			s.t.Errorf("%s: added to the host's server: %s", when, line)
			continue
		}
		seen[expected[i]] = true
	}
	for _, begin := range expected {
		if !seen[begin] {
			s.t.Errorf("%s: nothing on the host's server is %s", when, begin)
		}
	}
}
