package main

import (
	"context"
	"crypto/tls"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqlserver"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/infra/sandbox/tcprelay"
	"scheduled-messages/lambda/internal/jsonlog"
	"scheduled-messages/lambda/internal/mysql"
)

// crowd is updaters that keep their connections to the pool.
type crowd struct {
	handlers []*handler
	relay    *tcprelay.Relay
	errors   atomic.Int64
	tooMany  atomic.Int64
	last     atomic.Value
}

// TestServerConnectionsAreSharedByUpdatersThatKeepTheirs has 1,000 updaters write through MySQL Router, which gives a server
// connection back after a statement, and at most 15 of them at any moment.
func TestServerConnectionsAreSharedByUpdatersThatKeepTheirs(t *testing.T) {
	s := lambdatest.Prepare(t, mysqltest.Start(t, mysqltest.On(mysqlserver.MySQL), mysqltest.MaxConnections(maxConnections)))
	c := gather(t, s, environments)
	before := s.Variable(t, "Threads_connected")
	for round := range 2 { // in the second, each over the connection that it has
		c.write(t, round, nil)
	}
	if kept := c.relay.Open(); kept != environments {
		t.Errorf("%d updaters keep their connection to the pool", kept)
	}
	if failed := c.errors.Load(); failed > 0 {
		t.Errorf("%d statuses were not written: %v", failed, c.last.Load())
	}
	written := lambdatest.Rows(t, lambdatest.OpenApp(t, s))
	for i := range 2 * environments {
		if id := fmt.Sprintf("shared-%d-%d", i/environments, i%environments); written[id].Status != "SENT" || written[id].ProviderID == "" {
			t.Fatalf("%s is %+v", id, written[id])
		}
	}
	writers := map[int64]map[string]bool{} // the clients of each server connection
	for _, entry := range s.Entries(t) {
		if _, rest, found := strings.Cut(entry.Text, "'shared-"); found {
			id, _, _ := strings.Cut(rest, "'")
			_, client, _ := strings.Cut(id, "-")
			if writers[entry.Connection] == nil {
				writers[entry.Connection] = map[string]bool{}
			}
			writers[entry.Connection][client] = true
		}
	}
	most := 0
	for _, clients := range writers {
		most = max(most, len(clients))
	}
	t.Logf("%d updaters, %d at once: %s server connections at most (%s before), %d wrote, one of them for %d updaters",
		environments, poolSize, s.Variable(t, "Max_used_connections"), before, len(writers), most)
	if used := number(t, s.Variable(t, "Max_used_connections")); used > 2*poolSize {
		t.Errorf("%d server connections were in use at once", used)
	}
	if most < environments/poolSize/2 {
		t.Errorf("the busiest server connection served %d updaters", most)
	}
}

// TestASessionThatIsNotShareableKeepsItsServerConnection is the same with what pins a connection of RDS Proxy and of MySQL
// Router. A system variable, which pins one of RDS Proxy as well, MySQL Router sets again on the next connection.
func TestASessionThatIsNotShareableKeepsItsServerConnection(t *testing.T) {
	for name, pin := range map[string]func(context.Context, *sql.DB) error{
		"SET": func(ctx context.Context, db *sql.DB) error {
			_, err := db.ExecContext(ctx, "SET @mine = 1")
			return err
		},
		"a prepared statement": func(ctx context.Context, db *sql.DB) error {
			_, err := db.PrepareContext(ctx, "SELECT id FROM messages WHERE id = ?")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := lambdatest.Prepare(t, mysqltest.Start(t, mysqltest.On(mysqlserver.MySQL), mysqltest.MaxConnections(maxConnections)))
			c := gather(t, s, 2*maxConnections)
			c.write(t, 0, pin)
			t.Logf("%d updaters: %d were turned away with Too many connections, %s server connections in use at most; %v", len(c.handlers),
				c.tooMany.Load(), s.Variable(t, "Max_used_connections"), c.last.Load())
			if c.tooMany.Load() == 0 {
				t.Error("nobody was turned away: the test above proves nothing")
			}
		})
	}
}

// gather makes updaters whose pool is a MySQL Router.
func gather(t *testing.T, s *mysqltest.Server, updaters int) *crowd {
	t.Helper()
	c := &crowd{relay: tcprelay.Start(t, "127.0.0.1", tcprelay.Local(s.StartRouter(t, poolSize)), nil)}
	server := mysql.Server{Host: s.Host, Port: c.relay.Port(), Name: lambdatest.Database}
	for range updaters {
		pool := mysql.NewPool(server, lambdatest.NewSecrets(), lambdatest.AppSecretARN, time.Hour, &tls.Config{RootCAs: s.Roots})
		t.Cleanup(pool.Close)
		c.handlers = append(c.handlers, &handler{pool: pool, sender: lambdatest.SenderARN, overdueAfter: time.Hour, log: jsonlog.New(&lambdatest.Output{})})
	}
	return c
}

// write has each updater write a status, poolSize of them at a time, and first do what pins its session.
func (c *crowd) write(t *testing.T, round int, pin func(context.Context, *sql.DB) error) {
	t.Helper()
	next := make(chan int)
	var group sync.WaitGroup
	for range poolSize {
		group.Go(func() {
			for i := range next {
				var err error
				if pin != nil {
					err = c.handlers[i].pool.Do(t.Context(), pin)
				}
				if err == nil {
					_, err = c.handlers[i].Invoke(t.Context(), []byte(lambdatest.SentRecord(fmt.Sprintf("shared-%d-%d", round, i))))
				}
				if err != nil {
					c.errors.Add(1)
					c.last.Store(err.Error())
				}
				if err != nil && strings.Contains(err.Error(), "Too many connections") {
					c.tooMany.Add(1)
				}
			}
		})
	}
	for i := range c.handlers {
		next <- i
	}
	close(next)
	group.Wait()
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
