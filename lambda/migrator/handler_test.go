package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

// environment is the migrator's, for a stack without a reader.
func environment(s *mysqltest.Server) lambdatest.Environment {
	return lambdatest.DatabaseEnvironment(s,
		contract.EnvDBSecretARN, lambdatest.AppSecretARN, contract.EnvDBAdminSecretARN, lambdatest.AdminSecretARN)
}

// target makes a migrator for a server that has the database, as Aurora does, and the table that users are granted on,
// so that the files may be about something else.
func target(t *testing.T, s *mysqltest.Server, files fs.FS) *handler {
	t.Helper()
	s.Exec(t, "CREATE DATABASE IF NOT EXISTS messages", "CREATE TABLE IF NOT EXISTS messages.messages (id VARCHAR(64) NOT NULL PRIMARY KEY)")
	m, err := newHandler(environment(s).Getenv, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	m.files, m.cluster.Secrets, m.cluster.Trust = files, lambdatest.NewSecrets(), &tls.Config{RootCAs: s.Roots}
	return m
}

// handle is Invoke with its answer decoded.
func (h *handler) handle(ctx context.Context, event ...string) (a answer, err error) {
	payload, err := h.Invoke(ctx, []byte(append(event, "{}")[0]))
	if err != nil {
		return answer{}, err
	}
	err = json.Unmarshal(payload, &a)
	return a, err
}

func file(statements ...string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("-- +goose NO TRANSACTION\n-- +goose Up\n" + strings.Join(statements, ";\n") + ";\n")}
}

func TestMigrationsAreAppliedOnceEachInOrder(t *testing.T) {
	mysqltest.Each(t, func(t *testing.T, s *mysqltest.Server) {
		files := fstest.MapFS{
			"0002_b.sql": file("INSERT INTO seen (n) VALUES (2)"),
			"0001_a.sql": file("CREATE TABLE seen (id INT PRIMARY KEY AUTO_INCREMENT, n INT)", "INSERT INTO seen (n) VALUES (1)"),
		}
		m := target(t, s, files)
		for _, want := range []answer{
			{Version: 2, Applied: []string{"0001_a.sql", "0002_b.sql"}},
			{Version: 2, Applied: []string{}},
			{Version: 3, Applied: []string{"0003_c.sql"}},
		} {
			if want.Version == 3 {
				files["0003_c.sql"] = file("INSERT INTO seen (n) VALUES (3)")
			}
			got, err := m.handle(t.Context())
			if err != nil || got.Version != want.Version || !slices.Equal(got.Applied, want.Applied) || !slices.Equal(got.Users, []string{"app"}) {
				t.Fatalf("got %+v, %v; want %+v", got, err, want)
			}
		}
		var seen string
		db := s.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, "messages")
		if err := db.QueryRow("SELECT GROUP_CONCAT(n ORDER BY id) FROM seen").Scan(&seen); err != nil || seen != "1,2,3" {
			t.Errorf("got %q, %v", seen, err)
		}
	})
}

func TestTwoAtOnceApplyEachMigrationOnce(t *testing.T) {
	mysqltest.EachReal(t, twoAtOnce)
}

func twoAtOnce(t *testing.T, s *mysqltest.Server) {
	files := fstest.MapFS{"0001_a.sql": file("CREATE TABLE IF NOT EXISTS seen (n INT)")}
	for n := 2; n < 10; n++ {
		files[fmt.Sprintf("%04d_n.sql", n)] = file("SELECT SLEEP(0.02)", fmt.Sprintf("INSERT INTO seen VALUES (%d)", n))
	}
	const migrators = 4
	errs, applied := make(chan error, migrators), make(chan int, migrators)
	for range migrators {
		m := target(t, s, files)
		go func() {
			got, err := m.handle(t.Context())
			applied <- len(got.Applied)
			errs <- err
		}()
	}
	all := 0
	for range migrators {
		if err := <-errs; err != nil {
			t.Error(err)
		}
		all += <-applied
	}
	var rows, versions int
	db := s.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, "messages")
	err := db.QueryRow("SELECT (SELECT COUNT(*) FROM seen), (SELECT COUNT(*) FROM schema_migrations)").Scan(&rows, &versions)
	if err != nil || all != len(files) || rows != len(files)-1 || versions != len(files)+1 {
		t.Errorf("%d applied, %d rows, %d versions, %v", all, rows, versions, err)
	}
}

func TestAMigrationThatFailsStopsThoseAfterItAndIsContinuedWhenFixed(t *testing.T) {
	mysqltest.EachKind(t, func(t *testing.T, s *mysqltest.Server) {
		files := fstest.MapFS{
			"0001_a.sql": file("CREATE TABLE IF NOT EXISTS a (n INT)"),
			"0002_b.sql": file("CREATE TABEL b (n INT)"),
			"0003_c.sql": file("CREATE TABLE IF NOT EXISTS c (n INT)"),
		}
		if _, err := target(t, s, files).handle(t.Context()); err == nil || !strings.Contains(err.Error(), "0002_b.sql") ||
			!strings.Contains(err.Error(), "TABEL") {
			t.Fatalf("got %v, want the file and the server's text", err)
		}
		files["0002_b.sql"] = file("CREATE TABLE IF NOT EXISTS b (n INT)")
		got, err := target(t, s, files).handle(t.Context())
		if err != nil || !slices.Equal(got.Applied, []string{"0002_b.sql", "0003_c.sql"}) {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestAVersionTableThatWasLeftEmptyIsFixed(t *testing.T) {
	mysqltest.EachKind(t, func(t *testing.T, s *mysqltest.Server) {
		m := target(t, s, fstest.MapFS{"0001_a.sql": file("CREATE TABLE IF NOT EXISTS a (n INT)")})
		s.Exec(t, "CREATE TABLE messages.schema_migrations (id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, "+
			"version_id BIGINT NOT NULL, is_applied BOOLEAN NOT NULL, tstamp TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP)")
		if got, err := m.handle(t.Context()); err != nil || got.Version != 1 {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestTheDocumentedWayToAddAColumnIsSafeToRepeat(t *testing.T) {
	mysqltest.EachReal(t, addColumnTwice)
}

func addColumnTwice(t *testing.T, s *mysqltest.Server) {
	m := target(t, s, fstest.MapFS{"0001_a.sql": file("CREATE TABLE IF NOT EXISTS a (n INT)"), "0002_b.sql": file(
		"SET @change = IF((SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() "+
			"AND table_name = 'a' AND column_name = 'm') = 0, 'ALTER TABLE a ADD COLUMN m INT NULL', 'DO 0')",
		"PREPARE change_a FROM @change", "EXECUTE change_a")})
	for range 2 {
		if _, err := m.handle(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.Exec(t, "SELECT n, m FROM messages.a", "DELETE FROM messages.schema_migrations WHERE version_id = 2")
	}
}

func TestALockThatIsNotFreedInTimeIsAnErrorThatNamesTheCause(t *testing.T) {
	mysqltest.EachKind(t, func(t *testing.T, s *mysqltest.Server) {
		m := target(t, s, fstest.MapFS{"0001_a.sql": file("CREATE TABLE IF NOT EXISTS a (n INT)")})
		conn, err := s.Admin(t).Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := m.cluster.NewLock(s.Admin(t), m.log).SessionLock(t.Context(), conn); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), margin+1500*time.Millisecond)
		defer cancel()
		if _, err := m.handle(ctx); err == nil || !strings.Contains(err.Error(), "another migrator") {
			t.Errorf("got %v", err)
		}
	})
}
