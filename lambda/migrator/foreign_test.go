package main

import (
	"fmt"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/mysqltest"
)

func TestWhatBelongsToOthersIsRefusedAndNotAltered(t *testing.T) {
	for name, one := range map[string]struct {
		there []string
		want  string
	}{
		"a table messages": {[]string{"CREATE TABLE messages_one.messages (body TEXT)"}, "messages_one.messages is there already"},
		"a view messages":  {[]string{"CREATE VIEW messages_one.messages AS SELECT 1 AS n"}, "messages_one.messages is there already"},
		"a table messages next to an empty table of versions": {[]string{"CREATE TABLE messages_one.messages (body TEXT)",
			"CREATE TABLE messages_one.schema_migrations (id INT PRIMARY KEY, version_id BIGINT UNIQUE, is_applied BOOL, tstamp TIMESTAMP NULL)"},
			"messages_one.messages is there already"},
		"Rails' versions":           {[]string{"CREATE TABLE messages_one.schema_migrations (version VARCHAR(255) PRIMARY KEY)"}, "columns version:"},
		"golang-migrate's versions": {[]string{"CREATE TABLE messages_one.schema_migrations (version BIGINT PRIMARY KEY, dirty BOOL)"}, "columns version, dirty:"},
		"goose's versions": {[]string{"CREATE TABLE messages_one.schema_migrations (id INT PRIMARY KEY, version_id BIGINT, is_applied BOOL, tstamp TIMESTAMP NULL)",
			"INSERT INTO messages_one.schema_migrations (id, version_id, is_applied) VALUES (1, 0, 1)"}, "another tool keeps its versions"},
		"a user": {[]string{"CREATE USER 'one-reader'@'10.%' IDENTIFIED BY 'Other-1'"}, "user one-reader is on the server already"},
	} {
		t.Run(name, func(t *testing.T) {
			mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
				m := onShared(t, s, "messages_one", "one")
				s.Exec(t, "DROP USER IF EXISTS 'one-reader'@'10.%'", "CREATE DATABASE messages_one")
				s.Exec(t, one.there...)
				t.Cleanup(func() { s.Exec(t, "DROP USER IF EXISTS 'one-reader'@'10.%'") })
				before := described(t, s)
				if _, err := m.handle(t.Context()); err == nil || !strings.Contains(err.Error(), one.want) {
					t.Errorf("got %v, want %q", err, one.want)
				}
				if after := described(t, s); after != before {
					t.Errorf("it was\n%s\nand is\n%s", before, after)
				}
			})
		})
	}
}

// described is every column of the database and every user.
func described(t *testing.T, s *mysqltest.Server) string {
	t.Helper()
	var columns, users string
	err := s.Admin(t).QueryRow("SELECT COALESCE(GROUP_CONCAT(table_name, ' ', column_name, ' ', column_type ORDER BY table_name, ordinal_position), '') " +
		"FROM information_schema.columns WHERE table_schema = 'messages_one'").Scan(&columns)
	if err == nil {
		err = s.Admin(t).QueryRow("SELECT GROUP_CONCAT(user, '@', host ORDER BY user, host) FROM mysql.user").Scan(&users)
	}
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(columns, "\n", users)
}
