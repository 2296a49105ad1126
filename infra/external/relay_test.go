package external_test

import (
	"errors"
	"io"
	"net"
	"testing"
)

// relay passes connections on to a server. Once its listener is closed it takes no more and keeps those that it has.
type relay struct {
	listener net.Listener
	to       string
}

func startRelay(t *testing.T, to string) *relay {
	t.Helper()
	r := &relay{to: to}
	r.serve(t)
	return r
}

// serve listens, the second time on the same port.
func (r *relay) serve(t *testing.T) {
	t.Helper()
	address := "127.0.0.1:0"
	if r.listener != nil {
		address = r.listener.Addr().String()
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	r.listener = listener
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", r.to)
			if err != nil {
				client.Close()
				continue
			}
			go pass(client, server)
			go pass(server, client)
		}
	}()
}

func pass(from, to net.Conn) {
	_, err := io.Copy(to, from)
	if err != nil && errors.Is(err, net.ErrClosed) {
		return
	}
	from.Close()
	to.Close()
}
