package main

import (
	"io"
	"net"
	"strconv"
	"testing"

	"scheduled-messages/infra/sandbox/mysqltest"
)

// listenTap stands between a rotator and the server, and calls pass before it hands on each piece that either sends.
// A statement and an answer are one piece each, so that a call is a point in the rotator's work. It drops a piece that
// pass does not let through, with its connection.
func listenTap(t testing.TB, s *mysqltest.Server, pass func() bool) (port int) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)))
			if err != nil {
				client.Close()
				continue
			}
			go carry(server, client, pass)
			go carry(client, server, pass)
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port
}

func carry(to io.WriteCloser, from io.ReadCloser, pass func() bool) {
	defer to.Close()
	defer from.Close()
	piece := make([]byte, 64<<10)
	for {
		n, err := from.Read(piece)
		if err != nil || !pass() {
			return
		}
		if _, err := to.Write(piece[:n]); err != nil {
			return
		}
	}
}
