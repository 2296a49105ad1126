package receivertest

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// ListenRaw answers on bare TLS connections, after the request was read or when it has begun. It stops when the test ends.
func ListenRaw(t testing.TB, certificates []tls.Certificate, readRequest bool, answer func(net.Conn)) (port uint16) {
	t.Helper()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: certificates})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serveRaw(conn.(*tls.Conn), readRequest, answer)
		}
	}()
	return listener.Addr().(*net.TCPAddr).AddrPort().Port()
}

func serveRaw(conn *tls.Conn, readRequest bool, answer func(net.Conn)) {
	defer conn.Close()
	if conn.Handshake() != nil {
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
	} else if _, err := conn.Read(make([]byte, 1)); err != nil { // what comes before a request is the answer to none
		return
	}
	answer(conn)
}

// Patience is for how long a receiver keeps a connection without sending anything. It is longer than any limit of an
// attempt: a sender that waits for the receiver fails its test, and does not hang.
const Patience = 30 * time.Second

// Silent waits until the other end closes the connection.
func Silent(conn net.Conn) {
	_ = conn.SetReadDeadline(time.Now().Add(Patience))
	_, _ = io.Copy(io.Discard, conn)
}

// Repeat writes the same until the other end closes the connection.
func Repeat(conn net.Conn, text string, pause time.Duration) {
	for {
		if _, err := io.WriteString(conn, text); err != nil {
			return
		}
		time.Sleep(pause)
	}
}
