package external_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/external"
	"scheduled-messages/infra/sandbox/mysqltest"
)

func TestOneAddressLeavesAQuarterOfTheConnectionsToTheOthers(t *testing.T) {
	for most := 4; most <= 6000; most++ {
		l := external.NewLimits(most)
		if l.Direct+l.Overflow != most || l.Direct-l.Share < most/4 || l.Share < 1 || l.Overflow < 1 {
			t.Fatalf("%d connections: %+v", most, l)
		}
	}
	if l := external.NewLimits(1); l.Direct < 1 || l.Overflow < 1 {
		t.Errorf("an overflow of 0 has no limit: %+v", l)
	}
}

func TestEverySessionOfAnAddressCanComeBackInAMinuteAndAFloodTakesHoursToBlockTheHost(t *testing.T) {
	limit, err := strconv.Atoi(parameter("max_connect_errors"))
	if err != nil {
		t.Fatal(err)
	}
	for _, most := range []int{2, 22, 67, 600, 3000} {
		l := external.NewLimits(most)
		if l.PerMinute < l.PerAddress || l.PerAddress < most || l.PerAddress < 200 {
			t.Errorf("%d connections: %+v", most, l)
		}
		if hours := float64(limit) / float64(l.PerMinute) / 60; hours < 2.5 {
			t.Errorf("%d connections: %d errors a minute block HAProxy's address after %.1f hours", most, l.PerMinute, hours)
		}
	}
}

// silent opens connections that never log in, and reports how many HAProxy keeps. What it refuses it closes at once, which
// takes a moment on a busy machine: the count is that of ten seconds later, or of as soon as it is the one that is wanted.
func silent(t *testing.T, dial dialer, clients, want int) (kept int) {
	t.Helper()
	var open []net.Conn
	for range clients {
		conn, err := dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		open = append(open, conn)
	}
	for giveUp := time.Now().Add(10 * time.Second); len(open) > want && time.Now().Before(giveUp); {
		open = slices.DeleteFunc(open, func(conn net.Conn) bool {
			_ = conn.SetReadDeadline(time.Now().Add(time.Millisecond))
			_, err := conn.Read(make([]byte, 1))
			return err != nil && !isTimeout(err)
		})
	}
	return len(open)
}

func isTimeout(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }

func silentAddressKeepsNobodyWaiting(t *testing.T, writer, _ *mysqltest.Server) {
	const most = 67 // of a single instance at 4 ACUs
	e := enter(t, startResolver(t, "127.0.0.1"), writer.Port, func(s *external.Settings) { s.Limits = external.NewLimits(most) }, nil)
	e.turns(200)
	if kept := silent(t, e.dialFrom("127.0.0.8"), 250, external.NewLimits(most).PerAddress); kept != external.NewLimits(most).PerAddress {
		t.Errorf("%d silent connections of one address are kept, want %d", kept, external.NewLimits(most).PerAddress)
	}
	start := time.Now()
	for range 5 { // long before the server gives a silent connection up
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		conn, err := e.openBy(writer, e.dialFrom("127.0.0.9")).Conn(ctx)
		cancel()
		if err != nil {
			t.Fatalf("another address, after %v: %v", time.Since(start), err)
		}
		defer conn.Close()
	}
	t.Logf("another address had 5 sessions after %v", time.Since(start).Round(time.Millisecond))
}

func officeComesIn(t *testing.T, writer, _ *mysqltest.Server) {
	settings := external.NewSettings(&config.Config{ExternalAccess: config.AccessSingle, MaxCapacity: 1}, "", 1)
	e := enter(t, startResolver(t, "127.0.0.1"), writer.Port, func(s *external.Settings) { s.Limits = settings.Limits }, nil)
	e.turns(200)
	start := time.Now()
	together(t, e.openBy(writer, e.dialFrom("127.0.0.8")), 15) // half of HAProxy's 31, of 90 connections
	if waited := time.Since(start); waited > 10*time.Second {  // those beyond the share wait for 30 seconds
		t.Errorf("they waited %v", waited)
	}
}

func headerTellsTheClient(t *testing.T, writer, _ *mysqltest.Server) {
	e := enter(t, startResolver(t, "127.0.0.1"), writer.Port, func(s *external.Settings) {
		s.Limits, s.ProxyProtocol = external.NewLimits(67), true
	}, nil)
	e.turns(200)
	// Version 1 of the protocol, which a classic load balancer speaks, from the balancer's one address.
	behind := func(client string) dialer {
		return func(ctx context.Context) (net.Conn, error) {
			conn, err := e.dialFrom("127.0.0.10")(ctx)
			if err == nil {
				_, err = fmt.Fprintf(conn, "PROXY TCP4 %s 10.0.0.1 40000 3306\r\n", client)
			}
			return conn, err
		}
	}
	if kept := silent(t, behind("203.0.113.8"), 250, 200); kept != 200 {
		t.Errorf("%d silent connections of one client are kept", kept)
	}
	other := e.openBy(writer, behind("203.0.113.9"))
	if err := other.Ping(); err != nil {
		t.Errorf("another client of the same balancer: %v", err)
	}
	other.Close()
	e.until("the log names the client", func() bool { return strings.Contains(e.printed(), "203.0.113.9:40000 [") })
}

func overflowFollows(t *testing.T, writer, reader *mysqltest.Server) {
	names := startResolver(t, "127.0.0.1")
	e := enter(t, names, writer.Port, func(s *external.Settings) {
		s.Limits = external.Limits{Direct: 3, Overflow: 2, Share: 1, PerAddress: 50, PerMinute: 6000}
	}, nil)
	e.turns(200)
	direct, err := e.open(writer).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	overflow, err := e.open(writer).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	names.set("127.0.0.2", false)
	e.until("both old sessions are cut", func() bool {
		return direct.PingContext(t.Context()) != nil && overflow.PingContext(t.Context()) != nil
	})
	e.until("the new writer answers", func() bool { return e.answerer(reader) == 2 })
	printed := e.printed()
	for _, server := range []string{" mysql cluster/database ", " mysql cluster/overflow "} {
		if !strings.Contains(printed, server) {
			t.Errorf("no session went to%s:\n%s", server, printed)
		}
	}
}

// TestFloodOfOneAddressBlocksNoHost has one address connect, read the greeting and leave, as fast as it can.
func TestFloodOfOneAddressBlocksNoHost(t *testing.T) {
	findHAProxy(t)
	const most, flood = 67, 4000
	l := external.NewLimits(most)
	server := mysqltest.StartMariaDB(t, mysqltest.Arguments("--skip-name-resolve=OFF", fmt.Sprintf("--max-connect-errors=%d", l.PerMinute+200)))
	// MariaDB counts no errors of 127.0.0.1.
	from := func(text string) string {
		return strings.ReplaceAll(text, " check inter ", " source 127.0.0.6 check inter ")
	}
	e := enter(t, startResolver(t, "127.0.0.1"), server.Port, func(s *external.Settings) { s.Limits = l }, from)
	e.turns(200)
	var greeted int
	var mu sync.Mutex
	var done sync.WaitGroup
	for range 8 {
		done.Go(func() {
			for range flood / 8 {
				conn, err := e.dialFrom("127.0.0.8")(t.Context())
				if err != nil {
					continue
				}
				_ = conn.SetReadDeadline(time.Now().Add(patience))
				if _, err := io.ReadFull(conn, make([]byte, 5)); err == nil {
					mu.Lock()
					greeted++
					mu.Unlock()
				}
				conn.Close()
			}
		})
	}
	done.Wait()
	if greeted < l.PerMinute/2 || greeted > 2*l.PerMinute { // two windows of a minute at most
		t.Errorf("%d of %d connections of a flood reached the server, the limit is %d a minute", greeted, flood, l.PerMinute)
	}
	if blocks(t, server, "127.0.0.6") {
		t.Error("the flood got HAProxy's address blocked")
	}
	if err := e.openBy(server, e.dialFrom("127.0.0.9")).Ping(); err != nil {
		t.Errorf("another address: %v", err)
	}
}
