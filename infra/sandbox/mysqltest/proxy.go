package mysqltest

import (
	"net"
	"strconv"
	"testing"

	"scheduled-messages/infra/sandbox/mysqlserver"
)

// StartRouter starts a MySQL Router before the server, see mysqlserver.StartRouter, on the port that it returns. It skips
// the test where there is none, and stops when the test ends.
func (s *Server) StartRouter(t testing.TB, idle int) (port int) {
	t.Helper()
	if mysqlserver.Router() == "" {
		t.Skip("needs mysqlrouter: put MySQL Router on PATH")
	}
	return s.startPool(t, func(listen, server string) (*mysqlserver.Pool, error) {
		return mysqlserver.StartRouter(t.TempDir(), listen, server, idle, s.certificate)
	})
}

// StartHAProxy starts a proxy before the server that lets a number of connections at a time through, and has the others wait, on
// the port that it returns. It skips the test where there is none, and stops when the test ends.
func (s *Server) StartHAProxy(t testing.TB, connections int) (port int) {
	t.Helper()
	if mysqlserver.HAProxy() == "" {
		t.Skip("needs haproxy: install the package haproxy")
	}
	return s.startPool(t, func(listen, server string) (*mysqlserver.Pool, error) {
		return mysqlserver.StartPool(t.TempDir(), listen, server, connections)
	})
}

func (s *Server) startPool(t testing.TB, start func(listen, server string) (*mysqlserver.Pool, error)) (port int) {
	t.Helper()
	port, err := mysqlserver.FreePort("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	address := func(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
	pool, err := start(address(port), address(s.Port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Stop() })
	return port
}
