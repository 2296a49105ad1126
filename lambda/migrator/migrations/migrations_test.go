package migrations

import (
	"fmt"
	"io/fs"
	"regexp"
	"testing"
	"testing/fstest"

	"scheduled-messages/infra/sandbox/mysqltest"
)

func TestTheHashChangesWithAnyFileAndWithNothingElse(t *testing.T) {
	of := func(files fstest.MapFS) string {
		t.Helper()
		sum, err := hash(files, "SELECT on messages")
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	base := of(fstest.MapFS{"0001_a.sql": file("SELECT 1")})
	for name, changed := range map[string]fstest.MapFS{
		"another text":   {"0001_a.sql": file("SELECT 2")},
		"another name":   {"0001_b.sql": file("SELECT 1")},
		"one more":       {"0001_a.sql": file("SELECT 1"), "0002_b.sql": file("")},
		"text moved on":  {"0001_a.sql": file("SELECT "), "0002_b.sql": file("1")},
		"none":           {},
		"a file emptied": {"0001_a.sql": file("")},
	} {
		if of(changed) == base {
			t.Errorf("%s: the same hash", name)
		}
	}
	if wider, err := hash(fstest.MapFS{"0001_a.sql": file("SELECT 1")}, "SELECT, DELETE on messages"); err != nil || wider == base {
		t.Errorf("another privilege: the same hash, %v", err)
	}
	if of(fstest.MapFS{"0001_a.sql": file("SELECT 1"), "notes.txt": file("!")}) != base {
		t.Error("a file that is no migration changed the hash")
	}
}

func TestTheFilesAreNumberedWithoutGaps(t *testing.T) {
	names, err := fs.Glob(Files(), "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("got %q, %v", names, err)
	}
	number := regexp.MustCompile(`^(\d{4})_[a-z_]+\.sql$`)
	for i, name := range names {
		want := fmt.Sprintf("%04d", i+1)
		match := number.FindStringSubmatch(name)
		if match == nil || match[1] != want {
			t.Errorf("%s stands where %s_<what>.sql should", name, want)
		}
	}
}

func TestNoFileCountsOnATransaction(t *testing.T) {
	names, err := fs.Glob(Files(), "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	first := regexp.MustCompile(`^-- \+goose NO TRANSACTION\n-- \+goose Up\n`) // MySQL commits before and after DDL
	for _, name := range names {
		text, err := fs.ReadFile(Files(), name)
		if err != nil || !first.Match(text) {
			t.Errorf("%s does not begin with %s, %v", name, first, err)
		}
	}
}

func TestEveryFileIsSafeToRunTwice(t *testing.T) {
	mysqltest.Each(t, func(t *testing.T, server *mysqltest.Server) {
		names, err := fs.Glob(Files(), "*.sql")
		if err != nil {
			t.Fatal(err)
		}
		server.Exec(t, "CREATE DATABASE messages")
		db := server.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, "messages")
		for _, name := range names {
			text, err := fs.ReadFile(Files(), name)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := mysqltest.Apply(db, string(text)); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
		}
	})
}

func TestIDsThatDifferInCaseAreDifferentMessages(t *testing.T) {
	mysqltest.Each(t, func(t *testing.T, server *mysqltest.Server) {
		server.Exec(t, "CREATE DATABASE messages")
		db := server.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, "messages")
		text, err := fs.ReadFile(Files(), "0001_messages.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range []string{string(text), "INSERT INTO messages (id) VALUES ('a'), ('A')"} {
			if _, err := db.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		var status string
		if err := db.QueryRow("SELECT status FROM messages WHERE id = ?", "A").Scan(&status); err != nil || status != "SCHEDULED" {
			t.Fatalf("got status %q, %v", status, err)
		}
		if _, err := db.Exec("INSERT INTO messages (id) VALUES ('a')"); err == nil {
			t.Error("the same id was taken twice")
		}
		if _, err := db.Exec("INSERT INTO messages (id, status) VALUES ('b', 'NONE')"); err == nil {
			t.Error("a status that there is not was taken")
		}
	})
}
