package channel

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/receivertest"
)

// bomb is 64 MiB of zeros in 64 KiB.
func bomb(t *testing.T) string {
	t.Helper()
	packed := new(bytes.Buffer)
	w := gzip.NewWriter(packed)
	if _, err := w.Write(make([]byte, 64<<20)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.String()
}

// slowest is what the answer's body may add to an attempt, and some for a busy machine.
const slowest = drainTimeout + 2*time.Second

// Whatever follows a status that was read, the status is the reason, and the attempt ends soon.
func TestAStatusThatWasReadIsTheReasonWhateverFollowsIt(t *testing.T) {
	packed := bomb(t)
	const upgrade = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"
	for _, test := range []struct {
		name   string
		answer func(net.Conn)
		want   string // none: delivered
		final  bool
	}{
		{"another protocol", func(c net.Conn) { io.WriteString(c, upgrade); receivertest.Silent(c) }, "answered 101 Switching Protocols", true},
		{"another protocol that pours", func(c net.Conn) { io.WriteString(c, upgrade); receivertest.Repeat(c, strings.Repeat("x", 1<<16), 0) },
			"answered 101 Switching Protocols", true},
		{"another protocol, not named", func(c net.Conn) { io.WriteString(c, "HTTP/1.1 101 \r\n\r\n"); receivertest.Silent(c) },
			"answered 101 Switching Protocols", true},
		{"a body that pours", func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 500 Oops\r\n\r\n")
			receivertest.Repeat(c, strings.Repeat("x", 1<<16), 0)
		}, "answered 500 Internal Server Error", false},
		{"a body that drips", func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 410 Gone\r\n\r\n")
			receivertest.Repeat(c, "x", 50*time.Millisecond)
		},
			"answered 410 Gone", true},
		{"a body that does not come", func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999\r\n\r\n")
			receivertest.Silent(c)
		}, "", false},
		{"a body that breaks off", func(c net.Conn) { io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx") }, "", false},
		{"chunks that are none", func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 503 Later\r\nTransfer-Encoding: chunked\r\n\r\ntell-me-not\r\n")
			receivertest.Silent(c)
		}, "answered 503 Service Unavailable", false},
		{"a compressed bomb", func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"+packed)
			receivertest.Silent(c)
		}, "", false},
		{"what is not compressed as it says", func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 404 No\r\nContent-Encoding: gzip\r\n\r\nx")
			receivertest.Silent(c)
		}, "answered 404 Not Found", true},
		{"headers of another message behind it", func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 500 Oops\r\n\r\n")
			receivertest.Silent(c)
		}, "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := newRawReceiver(t, true, test.answer)
			ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
			defer cancel()
			begin := time.Now()
			err := r.send(ctx, "/")
			if took := time.Since(begin); took > slowest {
				t.Errorf("it took %s", took)
			}
			got := ""
			if err != nil {
				got = strings.TrimPrefix(err.Error(), "webhook "+r.host+": ")
			}
			if got != test.want || IsPermanent(err) != test.final {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// A receiver may answer before it has read the request. Its status is the reason, too.
func TestAnAnswerToARequestThatIsNotReadIsTheReason(t *testing.T) {
	for status, want := range map[string]string{
		"413 Large\r\nContent-Length: 0\r\n\r\n":                               "answered 413 Request Entity Too Large",
		"101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n": "answered 101 Switching Protocols",
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			gone := make(chan struct{})
			t.Cleanup(func() { close(gone) })
			r := newRawReceiver(t, false, func(c net.Conn) {
				io.WriteString(c, "HTTP/1.1 "+status)
				select {
				case <-gone:
				case <-time.After(receivertest.Patience):
				}
			})
			begin := time.Now()
			err := r.sendLarge(t)
			if took := time.Since(begin); !IsPermanent(err) || !strings.Contains(err.Error(), want) || took > slowest {
				t.Errorf("got %v after %s, want %q", err, took, want)
			}
		})
	}
}

// Without a status, the attempt ends by a limit of its own, long before the delivery's time is up. The answer's is made
// shorter here.
func TestAnAnswerWithoutAStatusEndsWithinItsOwnTime(t *testing.T) {
	const answerTimeout = time.Second
	gone := make(chan struct{})
	t.Cleanup(func() { close(gone) })
	for _, test := range []struct {
		name   string
		read   bool
		answer func(net.Conn)
		want   string
		limit  time.Duration
	}{
		{"nothing", true, receivertest.Silent, "no answer in time", answerTimeout},
		{"a status line that drips", true, func(c net.Conn) { receivertest.Repeat(c, "H", 100*time.Millisecond) },
			"no answer in time", answerTimeout},
		{"headers that drip", true, func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\n")
			receivertest.Repeat(c, "A: b\r\n", 100*time.Millisecond)
		},
			"no answer in time", answerTimeout},
		{"headers without an end", true, func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\n")
			receivertest.Repeat(c, strings.Repeat("A: b\r\n", 1000), 0)
		},
			"the connection broke", answerTimeout},
		{"informational answers without an end", true, func(c net.Conn) {
			receivertest.Repeat(c, "HTTP/1.1 103 Early Hints\r\n\r\n", 10*time.Millisecond)
		}, "", answerTimeout},
		{"a request that is not read", false, func(net.Conn) { <-gone }, "the receiver did not read the request in time", writeTimeout},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := newRawReceiver(t, test.read, test.answer)
			r.transport.(*http.Transport).ResponseHeaderTimeout = answerTimeout
			begin := time.Now()
			err := r.sendLarge(t)
			if took := time.Since(begin); took > test.limit+2*time.Second {
				t.Errorf("it took %s", took)
			}
			if err == nil || IsPermanent(err) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}
