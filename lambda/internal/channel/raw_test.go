package channel

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"scheduled-messages/lambda/contract"
)

// raw is a receiver that answers on the bare connection, after the request was read or without reading it.
func raw(t *testing.T, readRequest bool, answer func(net.Conn)) *receiver {
	t.Helper()
	r := newReceiver(t, true, nil)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: r.server.TLS.Certificates})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	port := listener.Addr().(*net.TCPAddr).AddrPort().Port()
	_, text, _ := net.SplitHostPort(listener.Addr().String())
	r.host, r.ports = "example.com:"+text, []uint16{port}
	r.allowed = []string{r.host}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if conn.(*tls.Conn).Handshake() != nil {
					return
				}
				if readRequest {
					request, err := http.ReadRequest(bufio.NewReader(conn))
					if err != nil {
						return
					}
					if _, err := io.Copy(io.Discard, request.Body); err != nil {
						return
					}
				}
				answer(conn)
			}()
		}
	}()
	return r
}

// patience is for how long a receiver keeps a connection that it says nothing on. It is longer than any limit of an
// attempt: a sender that waits for the receiver fails its test, and does not hang.
const patience = 30 * time.Second

// silent waits for the other end to go.
func silent(conn net.Conn) {
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	io.Copy(io.Discard, conn)
}

// repeat writes the same until the other end is gone.
func repeat(conn net.Conn, text string, pause time.Duration) {
	for {
		if _, err := io.WriteString(conn, text); err != nil {
			return
		}
		time.Sleep(pause)
	}
}

// sendLarge sends more than the sockets hold, within a delivery's time.
func (r *receiver) sendLarge(t *testing.T) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
	defer cancel()
	_, err := r.Send(ctx, contract.Message{ID: "order-1", To: "https://" + r.host + "/", Body: strings.Repeat("x", 16<<20)})
	return err
}
