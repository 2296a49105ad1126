package channel

import (
	"context"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/receivertest"
)

// Every fault of a connection is worth a retry, and its reason names what to check and nothing of the answer.
func TestWebhookFaultsAreWorthARetryAndHaveAReason(t *testing.T) {
	raw := func(answer string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				return
			}
			io.WriteString(conn, answer)
			conn.Close()
		}
	}
	for _, test := range []struct {
		name    string
		handler http.HandlerFunc
		prepare func(*receiver)
		want    string
	}{
		{"no such name", nil, func(r *receiver) { r.zone.Unset("example.com") }, "look-up: no such host"},
		{"refused connection", nil, func(r *receiver) { r.Server.Close() }, "connect: connection refused"},
		{"unknown authority", nil, func(r *receiver) {
			r.transport.(*http.Transport).TLSClientConfig.RootCAs = x509.NewCertPool()
		}, "certificate: it is signed by an unknown authority"},
		{"expired certificate", nil, func(r *receiver) {
			r.transport.(*http.Transport).TLSClientConfig.Time = func() time.Time { return time.Now().AddDate(200, 0, 0) }
		}, "certificate: it has expired, or is not valid yet"},
		{"another's certificate", nil, func(r *receiver) {
			port := strings.TrimPrefix(r.host, "example.com")
			r.zone.Set("wrong.test", "127.0.0.1")
			r.host, r.allowed = "wrong.test"+port, []string{"wrong.test" + port}
		}, "certificate: it is another host's"},
		{"closed without an answer", raw(""), nil, "the connection broke, or the answer was not HTTPS"},
		{"not HTTP", raw("tell-me-not\r\n\r\n"), nil, "the connection broke, or the answer was not HTTPS"},
		{"a bad status line", raw("HTTP/1.1 tell-me-not\r\n\r\n"), nil, "the connection broke, or the answer was not HTTPS"},
		{"a bad header", raw("HTTP/1.1 200 OK\r\ntell-me-not\r\n\r\n"), nil, "the connection broke, or the answer was not HTTPS"},
		{"endless headers", raw("HTTP/1.1 200 OK\r\n" + strings.Repeat("X: tell-me-not\r\n", maxAnswerHeaders/8) + "\r\n"), nil, "the connection broke, or the answer was not HTTPS"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newReceiver(t, true, test.handler)
			if test.prepare != nil {
				test.prepare(r)
			}
			err := r.send(t.Context(), "/path-token")
			if err == nil || IsPermanent(err) || !strings.HasPrefix(err.Error(), "webhook "+r.host+": ") || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want %q", err, test.want)
			}
			for _, secret := range []string{"tell-me-not", signingOld, "path-token", secretARN} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the error holds %q: %v", secret, err)
				}
			}
		})
	}
}

func TestWebhookToAPortThatSpeaksNoTLSIsWorthARetry(t *testing.T) {
	r := newReceiver(t, true, nil)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go http.Serve(listener, receivertest.Status(200))
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	r.host = "example.com:" + port
	r.allowed = []string{r.host}
	r.transport = newTransport(nil, r.zone.Resolver())
	if err := r.send(t.Context(), "/"); err == nil || IsPermanent(err) || !strings.Contains(err.Error(), "not HTTPS") {
		t.Errorf("got %v", err)
	}
}

func TestWebhookGivesUpOnAReceiverThatKeepsSilent(t *testing.T) {
	done := make(chan struct{})
	r := newReceiver(t, true, func(http.ResponseWriter, *http.Request) { <-done })
	t.Cleanup(func() { close(done) })
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := r.send(ctx, "/"); err == nil || IsPermanent(err) || !strings.Contains(err.Error(), "no answer in time") {
		t.Errorf("got %v", err)
	}
}

func TestWebhookHasATimeLimitForEachStep(t *testing.T) {
	transport := newTransport(nil, nil)
	if transport.TLSHandshakeTimeout != tlsTimeout || transport.ResponseHeaderTimeout != answerTimeout {
		t.Errorf("TLS has %s and the answer %s", transport.TLSHandshakeTimeout, transport.ResponseHeaderTimeout)
	}
	if all := dialTimeout + tlsTimeout + writeTimeout + answerTimeout + drainTimeout; all >= 25*time.Second {
		t.Errorf("one request may take %s, and a delivery has 25 s", all)
	}
}

// Both of these would wait for the test's own end if the channel read on.
func TestWebhookDoesNotReadAnAnswerThatNeverEnds(t *testing.T) {
	for name, pause := range map[string]bool{"that pours": false, "that drips": true} {
		t.Run(name, func(t *testing.T) {
			written := make(chan int, 1)
			r := newReceiver(t, true, func(w http.ResponseWriter, request *http.Request) {
				total := 0
				defer func() { written <- total }()
				for request.Context().Err() == nil {
					n, err := io.WriteString(w, strings.Repeat("x", 64<<10))
					total += n
					if err != nil {
						return
					}
					w.(http.Flusher).Flush()
					if pause {
						<-request.Context().Done()
					}
				}
			})
			if err := r.send(t.Context(), "/"); err != nil {
				t.Error(err)
			}
			// What was read, and what the sockets hold.
			if n := <-written; n > maxDrained+32<<20 {
				t.Errorf("%d bytes were taken", n)
			}
		})
	}
}

func TestWebhookKeepsItsConnectionForTheNextMessage(t *testing.T) {
	r := newReceiver(t, true, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "an answer with a body") })
	for range 3 {
		if err := r.send(t.Context(), "/"); err != nil {
			t.Fatal(err)
		}
	}
	if len(r.dialled) != 1 {
		t.Errorf("dialled %d times for 3 messages", len(r.dialled))
	}
}
