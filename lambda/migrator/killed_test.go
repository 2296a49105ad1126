package main

import (
	"fmt"
	"io/fs"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqlserver"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/infra/sandbox/tcprelay"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/migrator/migrations"
)

// What a kill before a statement leaves is what one after the statement before it leaves. Both are tried on MySQL, which is
// what is deployed, and one of them, which meets every state, on the servers that it may be replaced by.
func TestAMigratorThatWasKilledAtAnyPointIsFollowedByOneThatFinishes(t *testing.T) {
	mysqltest.EachKind(t, func(t *testing.T, s *mysqltest.Server) {
		d := deploy(t)
		t.Run("before a statement", func(t *testing.T) { d.killAtEach(t, s, tcprelay.ToServer) })
		if s.Kind == mysqlserver.MySQL {
			t.Run("after a statement", func(t *testing.T) { d.killAtEach(t, s, tcprelay.ToClient) })
		}
		checkLog(t, d.printed.String())
	})
}

// killAtEach kills a migrator at each piece in a direction.
func (d *deployment) killAtEach(t *testing.T, s *mysqltest.Server, direction tcprelay.Direction) {
	points := 0
	for killed := true; killed; points++ {
		if points > 200 {
			t.Fatal("the migrator never finished")
		}
		fresh(t, s)
		killed = d.killAt(t, s, direction, int64(points+1))
		if _, err := d.run(t, s); err != nil {
			t.Fatalf("after a kill at %d: %v", points+1, err)
		}
		checkMigrated(t, s, lambdatest.AppPassword)
		if t.Failed() {
			t.Fatalf("after a kill at %d", points+1)
		}
	}
	t.Logf("killed at %d points", points-1)
	if points < 20 {
		t.Error("too few to have hit every statement")
	}
}

// killAt runs a migrator that is killed when its nth piece in a direction is on its way, instead of passing it on: a statement that
// the server does not get, or the answer to one that it has run. It reports whether there were that many pieces.
func (d *deployment) killAt(t testing.TB, s *mysqltest.Server, direction tcprelay.Direction, nth int64) bool {
	t.Helper()
	var pieces atomic.Int64
	var process atomic.Pointer[lambdaruntime.Process]
	relay := tcprelay.Start(t, "127.0.0.1", tcprelay.Local(s.Port), func(to tcprelay.Direction) tcprelay.Action {
		if to != direction || pieces.Add(1) < nth {
			return tcprelay.Pass
		}
		process.Load().Stop()
		return tcprelay.Cut
	})
	defer relay.Close()
	process.Store(d.start(t, s, contract.EnvDBPort, strconv.Itoa(relay.Port())))
	defer process.Load().Stop()
	_, failure := invoke(process.Load(), time.Minute)
	killed := pieces.Load() >= nth
	if failure != nil && !killed { // without a failure it was killed while it closed its connection to the server
		t.Fatal(failure)
	}
	return killed
}

// fresh empties the server: the database as Aurora makes it, and no user.
func fresh(t testing.TB, s *mysqltest.Server) {
	t.Helper()
	s.Exec(t, "DROP DATABASE IF EXISTS messages", "CREATE DATABASE messages", "DROP USER IF EXISTS app@'%'")
}

// checkMigrated asserts that the database is as one complete run of the migrator leaves it.
func checkMigrated(t testing.TB, s *mysqltest.Server, password string) {
	t.Helper()
	app := s.Open(t, "app", password, "messages")
	defer app.Close()
	if _, err := app.Exec("INSERT INTO messages (id, status) VALUES ('m', 'SENT')"); err != nil {
		t.Error(err)
	}
	var versions string
	admin := lambdatest.OpenAdmin(t, s)
	defer admin.Close()
	err := admin.QueryRow("SELECT GROUP_CONCAT(version_id ORDER BY version_id) FROM schema_migrations").Scan(&versions)
	want := "0"
	for i := range migrationFiles(t) {
		want += fmt.Sprintf(",%d", i+1)
	}
	if err != nil || versions != want {
		t.Errorf("the versions are %q, %v", versions, err)
	}
	for _, statement := range []string{"DROP TABLE messages", "DELETE FROM messages", "CREATE TABLE other (n INT)",
		"SELECT * FROM schema_migrations", "INSERT INTO schema_migrations (version_id, is_applied) VALUES (9, 1)"} {
		if _, err := app.Exec(statement); err == nil {
			t.Errorf("%s was not refused", statement)
		}
	}
}

// migrationFiles are the names of the migrations that are deployed.
func migrationFiles(t testing.TB) []string {
	t.Helper()
	names, err := fs.Glob(migrations.Files(), "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("got %q, %v", names, err)
	}
	return names
}
