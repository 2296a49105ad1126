package channel

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestRetryAfterIsReadInBothForms(t *testing.T) {
	now := time.Date(2026, 11, 26, 10, 0, 0, 500_000_000, time.UTC)
	for value, want := range map[string]time.Duration{
		"1": time.Second, "30": 30 * time.Second, "0": time.Second, "007": 7 * time.Second,
		"Thu, 26 Nov 2026 10:00:10 GMT":    10 * time.Second,
		"Thursday, 26-Nov-26 10:01:00 GMT": time.Minute, "Thu Nov 26 11:00:00 2026": time.Hour, // the older forms
		"Thu, 26 Nov 2026 09:00:00 GMT": time.Second, // is over
		"99999999999999999999":          (1<<31 - 1) * time.Second,
		"":                              0, "soon": 0, "-1": 0, "+1": 0, "1.5": 0, "1e3": 0, "0x10": 0, " 1": 0, "1,2": 0, "1_0": 0,
	} {
		if got := parseRetryAfter(value, now); got.Round(time.Second) != want {
			t.Errorf("%q: got %s, want %s", value, got, want)
		}
	}
}

// busyUntil answers the first requests with a status and a Retry-After, and 200 after them.
func busyUntil(requests, code int, retryAfter func() string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if requests--; requests >= 0 {
			w.Header().Set("Retry-After", retryAfter())
			w.WriteHeader(code)
		}
	}
}

func TestAShortRetryAfterIsWaitedForWithinTheAttempt(t *testing.T) {
	seconds := func() string { return "1" }
	date := func() string { return time.Now().Add(2 * time.Second).UTC().Format(http.TimeFormat) }
	for _, test := range []struct {
		code       int
		retryAfter func() string
	}{{408, seconds}, {409, seconds}, {425, seconds}, {429, seconds}, {503, seconds}, {503, date}} {
		t.Run(fmt.Sprintf("%d after %s", test.code, test.retryAfter()), func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t, true, busyUntil(1, test.code, test.retryAfter))
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			begin := time.Now()
			err := r.send(ctx, "/")
			if took := time.Since(begin); err != nil || len(r.Requests()) != 2 || took < time.Second || took > 4*time.Second {
				t.Fatalf("%v after %d posts and %s", err, len(r.Requests()), took)
			}
			first, second := r.Requests()[0].Header, r.Requests()[1].Header
			if first.Get("Webhook-Timestamp") == second.Get("Webhook-Timestamp") || first.Get("Webhook-Id") != second.Get("Webhook-Id") {
				t.Errorf("the second request is not the same message, signed again: %v, %v", first, second)
			}
		})
	}
}

func TestALongRetryAfterIsLeftToTheNextAttempt(t *testing.T) {
	for value, reason := range map[string]string{
		"60":                            "answered 429 Too Many Requests with Retry-After of 60 s",
		"9":                             "answered 429 Too Many Requests with Retry-After of 9 s", // leaves no time for a request
		"99999999999999999999":          "answered 429 Too Many Requests with Retry-After of 2147483647 s",
		"tell-me-not":                   "answered 429 Too Many Requests",
		"":                              "answered 429 Too Many Requests",
		"Thu, 31 Dec 2099 23:59:59 GMT": "answered 429 Too Many Requests with Retry-After of ",
	} {
		r := newReceiver(t, true, busyUntil(1, http.StatusTooManyRequests, func() string { return value }))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		begin := time.Now()
		err := r.send(ctx, "/")
		if err == nil || IsPermanent(err) || !strings.HasPrefix(err.Error(), "webhook "+r.host+": "+reason) ||
			len(r.Requests()) != 1 || time.Since(begin) > 3*time.Second {
			t.Errorf("%q: %v after %d posts and %s", value, err, len(r.Requests()), time.Since(begin))
		}
	}
}

func TestAReceiverThatIsAlwaysBusyIsPostedToAFewTimesInAnAttempt(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, true, busyUntil(1000, http.StatusServiceUnavailable, func() string { return "0" }))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := r.send(ctx, "/"); err == nil || IsPermanent(err) || len(r.Requests()) != 1+maxPauses {
		t.Errorf("%v after %d posts, want %d", err, len(r.Requests()), 1+maxPauses)
	}
}

func TestAFinalAnswerIsFinalWhateverItsRetryAfter(t *testing.T) {
	for _, code := range []int{400, 404, 410, 413} {
		r := newReceiver(t, true, busyUntil(1, code, func() string { return "1" }))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if err := r.send(ctx, "/"); !IsPermanent(err) || len(r.Requests()) != 1 {
			t.Errorf("%d: %v after %d posts", code, err, len(r.Requests()))
		}
	}
}
