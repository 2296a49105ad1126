package external_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"scheduled-messages/infra/external"
	"scheduled-messages/infra/sandbox/mysqltest"
)

func manyClientsComeIn(t *testing.T, writer, _ *mysqltest.Server) {
	e := enter(t, startResolver(t, "127.0.0.1"), writer.Port, nil, nil)
	e.turns(200)
	together(t, e.open(writer), 200)
}

// together has so many clients come in at once, each on a connection of its own that it holds until the last one has its.
func together(t *testing.T, db *sql.DB, clients int) {
	t.Helper()
	var all, done sync.WaitGroup
	all.Add(clients)
	ids, failures := make([]int64, clients), make([]error, clients)
	for i := range clients {
		done.Go(func() {
			conn, err := db.Conn(t.Context())
			if err == nil {
				defer conn.Close()
				err = conn.QueryRowContext(t.Context(), "SELECT CONNECTION_ID()").Scan(&ids[i])
			}
			failures[i] = err
			all.Done()
			all.Wait()
		})
	}
	done.Wait()
	distinct := map[int64]bool{}
	for i, id := range ids {
		if failures[i] != nil {
			t.Fatalf("client %d: %v", i, failures[i])
		}
		distinct[id] = true
	}
	if len(distinct) != clients {
		t.Errorf("%d clients had %d connections", clients, len(distinct))
	}
}

func clientsWait(t *testing.T, writer, _ *mysqltest.Server) {
	const share, clients = 3, 20
	e := enter(t, startResolver(t, "127.0.0.1"), writer.Port, func(s *external.Settings) { s.Limits = external.NewLimits(share) }, nil)
	e.turns(200)
	var done sync.WaitGroup
	failures, most := make([]error, clients), make([]int, clients)
	for i := range clients {
		done.Go(func() {
			db := e.open(writer)
			defer db.Close()
			// Sleeping ones are on their way out, and this test's own do not count.
			failures[i] = db.QueryRow("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND = 'Query' AND SLEEP(0.05) = 0").Scan(&most[i])
		})
	}
	done.Wait()
	for i := range clients {
		if failures[i] != nil || most[i] > share {
			t.Errorf("client %d: %v, next to %d others", i, failures[i], most[i])
		}
	}
}

func silentSessionEnds(t *testing.T, writer, _ *mysqltest.Server) {
	const idle = 3 * time.Second
	e := enter(t, startResolver(t, "127.0.0.1"), writer.Port, func(s *external.Settings) { s.Idle = idle }, nil)
	e.turns(200)
	// What a driver opened, seen from below: the way its end comes.
	raw := make(chan net.Conn, 1)
	config := writer.Config(mysqltest.AdminUser, mysqltest.AdminPassword, "")
	config.DialFunc = func(ctx context.Context, network, _ string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, e.listen)
		raw <- conn
		return conn, err
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	talking, err := e.open(writer).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Conn(t.Context()); err != nil {
		t.Fatal(err)
	}
	silent, ended := <-raw, make(chan error, 1)
	_ = silent.SetReadDeadline(time.Now().Add(patience))
	start := time.Now()
	go func() { _, err := silent.Read(make([]byte, 1)); ended <- err }()
	for done := false; !done; {
		select {
		case err := <-ended:
			if done = true; !errors.Is(err, io.EOF) || time.Since(start) < idle/2 {
				t.Errorf("the silent session ended after %v with: %v", time.Since(start), err)
			}
		case <-time.After(idle / 20):
			if err := talking.PingContext(t.Context()); err != nil {
				t.Fatalf("the one that talks, after %v: %v", time.Since(start), err)
			}
		}
	}
	if err := talking.PingContext(t.Context()); err != nil {
		t.Errorf("the one that talks: %v", err)
	}
}
