package tcprelay_test

import (
	"bufio"
	"net"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/tcprelay"
)

// echo answers each line with itself, and counts what it gets.
func echo(t *testing.T) (address string, lines chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	lines = make(chan string, 100)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				for in := bufio.NewScanner(conn); in.Scan(); {
					lines <- in.Text()
					if _, err := conn.Write(append(in.Bytes(), '\n')); err != nil {
						return
					}
				}
			}()
		}
	}()
	return listener.Addr().String(), lines
}

// ask sends a line and returns the answer, or "" when there is none.
func ask(t *testing.T, conn net.Conn, line string) string {
	t.Helper()
	if _, err := conn.Write([]byte(line + "\n")); err != nil {
		return ""
	}
	_ = conn.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
	text := make([]byte, 100)
	n, err := conn.Read(text)
	if err != nil {
		return ""
	}
	return string(text[:n-1])
}

func dial(t *testing.T, r *tcprelay.Relay) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", r.Address())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func TestEachFaultHitsOneRequest(t *testing.T) {
	for name, test := range map[string]struct {
		fault   tcprelay.Fault
		arrives bool
	}{
		"cut before the server":  {tcprelay.CutRequest, false},
		"cut after the server":   {tcprelay.CutResponse, true},
		"dropped, and kept open": {tcprelay.Swallow, false},
	} {
		address, lines := echo(t)
		r := tcprelay.Start(t, "127.0.0.1", address, nil)
		conn := dial(t, r)
		if got := ask(t, conn, "before"); got != "before" || <-lines != "before" {
			t.Fatalf("%s: got %q before the fault", name, got)
		}
		r.Next(test.fault)
		if got := ask(t, conn, "fault"); got != "" {
			t.Errorf("%s: got %q", name, got)
		}
		if arrived := len(lines) == 1; arrived != test.arrives {
			t.Errorf("%s: the request arrived: %t", name, arrived)
		}
		if got := ask(t, dial(t, r), "after"); got != "after" {
			t.Errorf("%s: got %q after the fault", name, got)
		}
	}
}

func TestAFunctionDecidesOnEachPieceOfEitherDirection(t *testing.T) {
	address, _ := echo(t)
	var seen []tcprelay.Direction
	r := tcprelay.Start(t, "127.0.0.1", address, func(d tcprelay.Direction) tcprelay.Action {
		seen = append(seen, d)
		if len(seen) == 4 {
			return tcprelay.Cut
		}
		return tcprelay.Pass
	})
	conn := dial(t, r)
	if first, second := ask(t, conn, "a"), ask(t, conn, "b"); first != "a" || second != "" {
		t.Errorf("got %q and %q", first, second)
	}
	if len(seen) != 4 || seen[0] != tcprelay.ToServer || seen[1] != tcprelay.ToClient {
		t.Errorf("saw %v", seen)
	}
}

func TestOpenConnectionsOutliveTheListenerWhichComesBackOnItsPort(t *testing.T) {
	address, _ := echo(t)
	r := tcprelay.Start(t, "127.0.0.1", address, nil)
	kept := dial(t, r)
	if ask(t, kept, "a") != "a" || r.Open() != 1 {
		t.Fatal("not connected")
	}
	port := r.Port()
	r.Close()
	if _, err := net.Dial("tcp", r.Address()); err == nil {
		t.Error("a closed relay takes connections")
	}
	if ask(t, kept, "b") != "b" {
		t.Error("an open connection was closed")
	}
	r.Reopen(t)
	if r.Port() != port || ask(t, dial(t, r), "c") != "c" {
		t.Error("it did not come back")
	}
}
