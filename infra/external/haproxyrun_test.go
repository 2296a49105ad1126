package external_test

import (
	"testing"
	"time"

	"scheduled-messages/infra/external"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/infra/sandbox/tcprelay"
)

// TestRealHAProxyBeforeARealDatabase runs what the template renders, with two MariaDBs behind it on one port of two
// addresses: a writer, and what a failover makes of a reader.
func TestRealHAProxyBeforeARealDatabase(t *testing.T) {
	findHAProxy(t)
	writer := mysqltest.StartMariaDB(t, mysqltest.MaxConnections(400), mysqltest.Arguments("--server-id=1"))
	reader := mysqltest.StartMariaDB(t, mysqltest.At("127.0.0.2", writer.Port), mysqltest.Arguments("--server-id=2"))
	for _, property := range []struct {
		name string
		test func(t *testing.T, writer, reader *mysqltest.Server)
	}{
		{"a query goes through, over TLS to the server itself", queryGoesThrough},
		{"after a failover new sessions go to the new writer and old ones are cut", failoverIsFollowed},
		{"a name that does not resolve keeps nothing from starting, and heals", unresolvedNameHeals},
		{"a resolver that falls silent or forgets the name for a moment changes nothing", resolverMayFail},
		{"a database that goes away turns health red, and green when it is back", databaseComesBack},
		{"200 clients come in at once", manyClientsComeIn},
		{"clients beyond the share wait for their turn", clientsWait},
		{"a silent session ends cleanly, one that talks stays", silentSessionEnds},
		{"200 silent connections of one address keep no other waiting", silentAddressKeepsNobodyWaiting},
		{"15 clients of one address come in at once on the smallest cluster", officeComesIn},
		{"behind a classic load balancer the limits are the client's, and not the balancer's", headerTellsTheClient},
		{"a failover cuts the overflow's sessions too", overflowFollows},
	} {
		t.Run(property.name, func(t *testing.T) { property.test(t, writer, reader) })
	}
}

func queryGoesThrough(t *testing.T, writer, _ *mysqltest.Server) {
	e := enter(t, startResolver(t, "127.0.0.1"), writer.Port, nil, nil)
	e.turns(200)
	var name, cipher string
	if err := e.open(writer).QueryRow("SHOW SESSION STATUS LIKE 'Ssl_cipher'").Scan(&name, &cipher); err != nil || cipher == "" {
		t.Errorf("cipher %q, %v", cipher, err)
	}
}

func failoverIsFollowed(t *testing.T, writer, reader *mysqltest.Server) {
	names := startResolver(t, "127.0.0.1")
	e := enter(t, names, writer.Port, nil, nil)
	e.turns(200)
	old, err := e.open(writer).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := e.answerer(writer); got != 1 {
		t.Fatalf("server %d answers", got)
	}
	start := time.Now()
	names.set("127.0.0.2", false)
	e.until("the new writer answers", func() bool { return e.answerer(reader) == 2 })
	// HAProxy asks again once the old answer has been held: the first answer, or one that was on its way, decides.
	_, answers := names.counts("127.0.0.2")
	if answers > 3 {
		t.Errorf("only after %d answers with the new address", answers)
	}
	t.Logf("followed after %v and %d answers with the new address (hold and check: 2s each)", time.Since(start).Round(10*time.Millisecond), answers)
	e.until("the old session is cut", func() bool { return old.PingContext(t.Context()) != nil })
	t.Logf("the old session was cut after %v", time.Since(start).Round(10*time.Millisecond))
	// The new one is left alone.
	fresh, err := e.open(reader).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	asked, _ := names.counts("")
	e.until("two more answers", func() bool { now, _ := names.counts(""); return now >= asked+2 })
	if err := fresh.PingContext(t.Context()); err != nil {
		t.Errorf("a session with the new writer: %v", err)
	}
}

func unresolvedNameHeals(t *testing.T, writer, _ *mysqltest.Server) {
	names := startResolver(t, "")
	e := enter(t, names, writer.Port, nil, nil)
	e.turns(503)
	if got := e.answerer(writer); got != 0 {
		t.Fatalf("server %d answers", got)
	}
	names.set("127.0.0.1", false)
	e.turns(200)
	e.until("it lets sessions through", func() bool { return e.answerer(writer) == 1 })
}

func resolverMayFail(t *testing.T, writer, _ *mysqltest.Server) {
	names := startResolver(t, "127.0.0.1")
	e := enter(t, names, writer.Port, func(s *external.Settings) { s.Hold = 100 * time.Millisecond }, nil)
	e.turns(200)
	session, err := e.open(writer).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, failure := range []struct {
		name   string
		silent bool
	}{{"silent", true}, {"NXDOMAIN", false}} {
		names.set("", failure.silent)
		e.until("five more questions", func() bool { asked, _ := names.counts(""); return asked >= 5 })
		if status, got, err := e.status(), e.answerer(writer), session.PingContext(t.Context()); status != 200 || got != 1 || err != nil {
			t.Errorf("%s: health %d, server %d answers, the old session: %v", failure.name, status, got, err)
		}
		names.set("127.0.0.1", false)
		e.until("it resolves again", func() bool { _, answers := names.counts("127.0.0.1"); return answers > 0 })
	}
}

func databaseComesBack(t *testing.T, writer, _ *mysqltest.Server) {
	// In front of the server, so that it can refuse connections and keep those that it has, as a host that is cut off.
	relay := tcprelay.Start(t, "127.0.0.1", tcprelay.Local(writer.Port), nil)
	e := enter(t, startResolver(t, "127.0.0.1"), relay.Port(), nil, nil)
	e.turns(200)
	session, err := e.open(writer).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	relay.Close()
	e.turns(503)
	e.until("the session is cut", func() bool { return session.PingContext(t.Context()) != nil })
	if got := e.answerer(writer); got != 0 {
		t.Errorf("server %d answers", got)
	}
	relay.Reopen(t)
	e.turns(200)
	e.until("it lets sessions through", func() bool { return e.answerer(writer) == 1 })

	// And the server itself, the way a crash takes it.
	writer.Stop(t)
	writer.Restart(t)
	e.until("it lets sessions through again", func() bool { return e.answerer(writer) == 1 })
}
