package channel

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/receivertest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/contract/webhook"
)

const (
	secretARN  = "arn:aws:secretsmanager:us-east-1:000000000000:secret:webhook-AbCdEf"
	signingOld = "the-old-signing-key-32-bytes-long"
	signingNew = "the-new-signing-key-32-bytes-long"
)

// receiver is an HTTPS server on loopback, known as example.com, and a channel that may reach it. What the channel dials passes
// the real guard, and is then written down. Nothing but loopback is dialled, whatever the guard decides.
type receiver struct {
	*Webhook
	*receivertest.Receiver
	zone    *receivertest.Zone
	secrets *secrets
	host    string   // example.com:port
	ports   []uint16 // that the guard allows

	mu      sync.Mutex
	dialled []string
}

// errStopped ends a dial that the guard has approved.
var errStopped = errors.New("approved, and stopped by the test")

// newReceiver answers with the handler. Without allowLoopback nothing is dialled at all.
func newReceiver(t *testing.T, allowLoopback bool, handler http.HandlerFunc) *receiver {
	t.Helper()
	r := &receiver{
		Receiver: receivertest.Start(t, handler),
		zone:     receivertest.NewZone(t),
		secrets:  &secrets{value: oneKey(signingOld)},
	}
	r.zone.Set("example.com", "127.0.0.1")
	r.listensOn(r.Port())
	r.ports = append(r.ports, 443)
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
	}, r.zone.Resolver())
	stopUnlessGuarded(t, transport)
	transport.TLSClientConfig.RootCAs = x509.NewCertPool()
	transport.TLSClientConfig.RootCAs.AddCert(r.Server.Certificate())
	t.Cleanup(transport.CloseIdleConnections)
	r.transport = transport
	return r
}

// newRawReceiver answers on the bare connection, after the request was read or without reading it.
func newRawReceiver(t *testing.T, readRequest bool, answer func(net.Conn)) *receiver {
	t.Helper()
	r := newReceiver(t, true, nil)
	r.listensOn(receivertest.ListenRaw(t, r.Server.TLS.Certificates, readRequest, answer))
	r.allowed = []string{r.host}
	return r
}

// listensOn makes a port the receiver's.
func (r *receiver) listensOn(port uint16) {
	r.host, r.ports = fmt.Sprintf("example.com:%d", port), []uint16{port}
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

// sendLarge sends more than the sockets hold, within a delivery's time.
func (r *receiver) sendLarge(t *testing.T) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
	defer cancel()
	_, err := r.Send(ctx, contract.Message{ID: "order-1", To: "https://" + r.host + "/", Body: strings.Repeat("x", 16<<20)})
	return err
}

// secrets stands in for the extension.
type secrets struct {
	value webhook.Secret
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
func oneKey(key string) webhook.Secret { return webhook.Secret{Key: key} }

// clock is a time that stands still until it is moved.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }
