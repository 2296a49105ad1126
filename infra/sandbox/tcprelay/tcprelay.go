// Package tcprelay stands between a client and a server of a test, counts what either sends, and cuts connections.
package tcprelay

import (
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// Direction is the side to which a piece goes.
type Direction int

// The directions.
const (
	ToServer Direction = iota
	ToClient
)

// Action is what becomes of a piece.
type Action int

// The actions.
const (
	Pass Action = iota
	Drop        // the connection stays open: the other side waits
	Cut         // the connection is closed
)

// Relay listens on an address of its own. What is read at once is a piece: each statement to a MySQL server and each answer of
// it is one.
type Relay struct {
	target string
	each   func(Direction) Action

	open     atomic.Int64
	mu       sync.Mutex
	listener net.Listener
	fault    Fault
}

// Start starts a relay to a server, host:port, on a free port of a loopback address. It stops when the test ends. The function
// decides on each piece, and may be nil.
func Start(t testing.TB, address, target string, each func(Direction) Action) *Relay {
	t.Helper()
	r := &Relay{target: target, each: each}
	r.listen(t, net.JoinHostPort(address, "0"))
	return r
}

// Port is where the relay listens.
func (r *Relay) Port() int { return r.listener.Addr().(*net.TCPAddr).Port }

// Address is host:port of where the relay listens.
func (r *Relay) Address() string { return r.listener.Addr().String() }

// Open is how many connections of clients are open.
func (r *Relay) Open() int64 { return r.open.Load() }

// Close ends the listening. Open connections stay open.
func (r *Relay) Close() { _ = r.listener.Close() }

// Reopen listens again, on the same port.
func (r *Relay) Reopen(t testing.TB) {
	t.Helper()
	r.listen(t, r.Address())
}

func (r *Relay) listen(t testing.TB, address string) {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	r.listener = listener
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go r.serve(client)
		}
	}()
}

// Local is host:port on this machine.
func Local(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

func (r *Relay) serve(client net.Conn) {
	server, err := net.Dial("tcp", r.target)
	if err != nil {
		_ = client.Close()
		return
	}
	r.open.Add(1)
	defer r.open.Add(-1)
	var both sync.WaitGroup
	both.Go(func() { r.carry(ToServer, server, client) })
	both.Go(func() { r.carry(ToClient, client, server) })
	both.Wait()
}

// carry passes pieces on until one side ends or a piece is cut; either ends both directions.
func (r *Relay) carry(direction Direction, to, from net.Conn) {
	defer func() { _, _ = to.Close(), from.Close() }()
	piece := make([]byte, 64<<10)
	for {
		n, err := from.Read(piece)
		if err != nil {
			return
		}
		switch r.decide(direction) {
		case Cut:
			return
		case Drop:
			continue
		}
		if _, err := to.Write(piece[:n]); err != nil {
			return
		}
	}
}
