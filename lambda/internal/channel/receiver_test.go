package channel

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"scheduled-messages/lambda/contract"
)

const (
	secretARN  = "arn:aws:secretsmanager:us-east-1:000000000000:secret:webhook-AbCdEf"
	signingOld = "the-old-signing-key-32-bytes-long"
	signingNew = "the-new-signing-key-32-bytes-long"
)

// receiver is a webhook's other end: a real HTTPS server on loopback, known as example.com, and a channel that may
// reach it. What the channel dials passes the real guard, and is then written down. Nothing but loopback is dialled,
// whatever the guard says.
type receiver struct {
	*Webhook
	server  *httptest.Server
	zone    *zone
	secrets *secrets
	host    string   // example.com:port
	ports   []uint16 // that the guard lets pass

	mu       sync.Mutex
	requests []received
	dialled  []string
}

type received struct {
	*http.Request
	body []byte
}

// errStopped ends a dial that the guard has approved.
var errStopped = errors.New("approved, and stopped by the test")

// newReceiver answers with the handler. Without allowLoopback nothing is dialled at all.
func newReceiver(t *testing.T, allowLoopback bool, handler http.HandlerFunc) *receiver {
	t.Helper()
	r := &receiver{zone: newZone(t), secrets: &secrets{value: oneKey(signingOld)}}
	r.server = httptest.NewUnstartedServer(r.record(handler))
	r.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	r.server.StartTLS()
	t.Cleanup(r.server.Close)
	port := r.server.Listener.Addr().(*net.TCPAddr).AddrPort().Port()
	r.host = fmt.Sprintf("example.com:%d", port)
	r.zone.set("example.com", "127.0.0.1")
	r.ports = []uint16{443, port}
	r.Webhook = newWebhook([]string{r.host}, r.secrets, secretARN, allowLoopback, slog.New(slog.DiscardHandler))
	transport := newTransport(func(network, address string, conn syscall.RawConn) error {
		r.mu.Lock()
		defer r.mu.Unlock()
		if err := guard(r.ports, allowLoopback)(network, address, conn); err != nil {
			return err
		}
		r.dialled = append(r.dialled, address)
		if !allowLoopback || !netip.MustParseAddrPort(address).Addr().IsLoopback() {
			return errStopped
		}
		return nil
	}, r.zone.resolver())
	stopUnlessGuarded(t, transport)
	transport.TLSClientConfig.RootCAs = x509.NewCertPool()
	transport.TLSClientConfig.RootCAs.AddCert(r.server.Certificate())
	t.Cleanup(transport.CloseIdleConnections)
	r.transport = transport
	return r
}

// record keeps each request before it is handled. The handler may read the body again.
func (r *receiver) record(handler http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		request.Body = io.NopCloser(bytes.NewReader(body))
		r.mu.Lock()
		r.requests = append(r.requests, received{request, body})
		r.mu.Unlock()
		handler(w, request)
	}
}

// bodyOf reads a request's body.
func bodyOf(request *http.Request) []byte {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		panic(err) // the server ends the connection
	}
	return body
}

// stopUnlessGuarded ends a test before it can dial an address that is not this machine's: a dial to loopback has to
// come past the control function first.
func stopUnlessGuarded(t *testing.T, transport *http.Transport) {
	t.Helper()
	if conn, err := transport.DialContext(t.Context(), "tcp", "127.0.0.1:1"); err == nil || !prohibited(err) {
		if conn != nil {
			conn.Close()
		}
		t.Fatalf("the transport dials without asking the guard: %v", err)
	}
}

// send sends one message to a path of the receiver.
func (r *receiver) send(ctx context.Context, path string) error {
	_, err := r.Send(ctx, contract.Message{
		ID: "order-1", Channel: contract.Webhook, To: "https://" + r.host + path, Subject: "tell-me-not", Body: "tell-me-not",
	})
	return err
}

func (r *receiver) got() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.requests)
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// secrets stands in for the extension.
type secrets struct {
	value contract.WebhookSecret
	err   error
	asked int
}

func (s *secrets) Get(_ context.Context, arn string, into any) error {
	s.asked++
	if s.err != nil {
		return s.err
	}
	if arn != secretARN {
		return errors.New("not that secret")
	}
	value, err := json.Marshal(s.value)
	if err != nil {
		return err
	}
	return json.Unmarshal(value, into)
}

// oneKey is the value of the secret in a stack of an earlier release.
func oneKey(key string) contract.WebhookSecret { return contract.WebhookSecret{Key: key} }

// clock is a time that stands still until it is moved.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }
