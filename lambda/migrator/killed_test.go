package main

import (
	"io"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

// tap stands between a migrator and the server and counts what either sends. Each statement and each answer is sent
// in one piece, so that a count is a point in the migrator's work.
type tap struct {
	listener net.Listener
	server   string
	strike   func() // called once, instead of handing on the piece that was the last
	left     [2]atomic.Int64
	once     sync.Once
}

const (
	asked    = 0 // pieces from the migrator: struck before the server has the statement
	answered = 1 // pieces from the server: struck when it has carried the statement out
)

func listenTap(t testing.TB, s *mysqltest.Server) *tap {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	p := &tap{listener: listener, server: net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port))}
	go p.serve()
	return p
}

func (p *tap) port() string { return strconv.Itoa(p.listener.Addr().(*net.TCPAddr).Port) }

func (p *tap) serve() {
	for {
		migrator, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil {
			migrator.Close()
			continue
		}
		go p.carry(asked, server, migrator)
		go p.carry(answered, migrator, server)
	}
}

func (p *tap) carry(side int, to io.WriteCloser, from io.ReadCloser) {
	defer to.Close()
	defer from.Close()
	piece := make([]byte, 64<<10)
	for {
		n, err := from.Read(piece)
		if err != nil {
			return
		}
		if p.left[side].Add(-1) <= 0 {
			p.once.Do(p.strike)
			return
		}
		if _, err := to.Write(piece[:n]); err != nil {
			return
		}
	}
}

func TestAMigratorThatWasKilledAtAnyPointIsFollowedByOneThatFinishes(t *testing.T) {
	mysqltest.EachKind(t, func(t *testing.T, s *mysqltest.Server) {
		d := deploy(t)
		for side, name := range []string{asked: "before a statement", answered: "after a statement"} {
			t.Run(name, func(t *testing.T) {
				points := 0
				for killed := true; killed; points++ {
					if points > 200 {
						t.Fatal("the migrator never came through")
					}
					fresh(t, s)
					killed = d.killAt(t, s, side, points+1)
					if _, err := d.run(t, s); err != nil {
						t.Fatalf("after a kill at %d: %v", points+1, err)
					}
					checkMigrated(t, s, appPass)
					if t.Failed() {
						t.Fatalf("after a kill at %d", points+1)
					}
				}
				t.Logf("killed at %d points", points-1)
				if points < 20 {
					t.Error("too few to have hit every statement")
				}
			})
		}
		checkLog(t, d.printed.String())
	})
}

// killAt runs a migrator that is killed when a side has sent its nth piece. It tells whether it came to that.
func (d *deployment) killAt(t testing.TB, s *mysqltest.Server, side, nth int) bool {
	t.Helper()
	var killed atomic.Bool
	p := listenTap(t, s)
	defer p.listener.Close()
	process := d.start(t, s, map[string]string{contract.EnvDBPort: p.port()})
	defer process.Stop()
	p.strike = func() {
		killed.Store(true)
		process.Stop()
	}
	p.left[1-side].Store(1 << 40)
	p.left[side].Store(int64(nth))
	_, failure := invoke(process, time.Minute)
	if failure != nil && !killed.Load() { // without a failure it was killed over its good-bye to the server
		t.Fatal(failure)
	}
	return killed.Load()
}
