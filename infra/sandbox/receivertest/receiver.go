// Package receivertest is a webhook's other end, for tests: an HTTPS server, a bare TLS listener and a name server, on loopback.
package receivertest

import (
	"bytes"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
)

// Request is a request that arrived.
type Request struct {
	*http.Request
	Body []byte
}

// Receiver is an HTTPS server that keeps each request before it is handled.
type Receiver struct {
	Server *httptest.Server

	mu       sync.Mutex
	handler  http.HandlerFunc
	requests []Request
}

// Start starts a receiver, which stops when the test ends. No handler means 200.
func Start(t testing.TB, handler http.HandlerFunc) *Receiver {
	t.Helper()
	r := &Receiver{handler: handler}
	r.Server = httptest.NewUnstartedServer(http.HandlerFunc(r.record))
	r.Server.Config.ErrorLog = log.New(io.Discard, "", 0)
	r.Server.StartTLS()
	t.Cleanup(r.Server.Close)
	return r
}

// Port is where it listens.
func (r *Receiver) Port() uint16 { return r.Server.Listener.Addr().(*net.TCPAddr).AddrPort().Port() }

// Handle replaces the handler.
func (r *Receiver) Handle(handler http.HandlerFunc) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.handler = handler
}

// Requests are those that arrived so far.
func (r *Receiver) Requests() []Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.requests)
}

// record keeps a request and handles it. The handler may read the body again.
func (r *Receiver) record(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body) // what was cut off is kept as far as it came
	request.Body = io.NopCloser(bytes.NewReader(body))
	r.mu.Lock()
	r.requests = append(r.requests, Request{request, body})
	handler := r.handler
	r.mu.Unlock()
	if handler != nil {
		handler(w, request)
	}
}

// BodyOf reads a request's body.
func BodyOf(request *http.Request) []byte {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		panic(err) // the server closes the connection
	}
	return body
}

// Status is a handler that answers with a status.
func Status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}
