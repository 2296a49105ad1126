package channel

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestWebhookPostsSignedJSONWithTheIDAsIdempotencyKey(t *testing.T) {
	r := newReceiver(t, true, status(http.StatusNoContent))
	r.now = (&clock{time.Unix(1_800_000_000, 0)}).now
	if err := r.send(t.Context(), "/path?token=x"); err != nil {
		t.Fatal(err)
	}
	got := r.got()[0]
	if got.Method != http.MethodPost || got.RequestURI != "/path?token=x" || got.Host != r.host {
		t.Errorf("got %s %s for %s", got.Method, got.RequestURI, got.Host)
	}
	if want := `{"id":"order-1","subject":"tell-me-not","body":"tell-me-not"}`; string(got.body) != want {
		t.Errorf("got the body %s, want %s", got.body, want)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/json", "Idempotency-Key": "order-1", "User-Agent": "scheduled-messages/1",
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.Header.Get(name), want)
		}
	}
	mac := hmac.New(sha256.New, []byte(signingOld))
	mac.Write([]byte("1800000000." + string(got.body)))
	if want := "t=1800000000,v1=" + hex.EncodeToString(mac.Sum(nil)); got.Header.Get("X-Signature") != want {
		t.Errorf("X-Signature is %q, want %q", got.Header.Get("X-Signature"), want)
	}
}

func TestSignIsTheHMACThatOpenSSLComputes(t *testing.T) {
	// printf '1800000000.{"id":"a"}' | openssl dgst -sha256 -hmac key
	const want = "t=1800000000,v1=c731989f3368942d5230a2abb9948af968d49ee68d9c2c161078b6a39f047990"
	if got := sign("key", time.Unix(1_800_000_000, 0), []byte(`{"id":"a"}`)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWebhookTellsAnswersForGoodFromThoseWorthARetry(t *testing.T) {
	const sent, final, retry = "sent", "refused for good", "worth a retry"
	for code, want := range map[int]string{
		200: sent, 201: sent, 202: sent, 204: sent, 299: sent,
		301: final, 302: final, 303: final, 304: final,
		400: final, 401: final, 403: final, 404: final, 409: final, 410: final, 413: final, 422: final, 425: final, 451: final, 499: final,
		408: retry, 429: retry, 500: retry, 501: retry, 502: retry, 503: retry, 504: retry, 529: retry, 599: retry,
	} {
		r := newReceiver(t, true, status(code))
		err := r.send(t.Context(), "/")
		got := retry
		if err == nil {
			got = sent
		} else if refused(err) {
			got = final
		}
		if got != want {
			t.Errorf("%d is %s, want %s", code, got, want)
		}
		if n := len(r.got()); n != 1 {
			t.Errorf("%d: posted %d times", code, n)
		}
	}
}

func TestWebhookGivesTheReasonInWords(t *testing.T) {
	r := newReceiver(t, true, func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "internal secret of the receiver", http.StatusServiceUnavailable)
	})
	err := r.send(t.Context(), "/token")
	if want := "webhook " + r.host + ": answered 503 Service Unavailable"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestWebhookFollowsARedirectOnItsOwnHost(t *testing.T) {
	r := newReceiver(t, true, func(w http.ResponseWriter, request *http.Request) {
		if request.URL.Path == "/old" {
			w.Header().Set("Location", "/new")
			w.WriteHeader(http.StatusPermanentRedirect)
		}
	})
	if err := r.send(t.Context(), "/old"); err != nil {
		t.Fatal(err)
	}
	got := r.got()
	if len(got) != 2 || got[1].URL.Path != "/new" || got[1].Method != http.MethodPost || string(got[1].body) != string(got[0].body) {
		t.Errorf("got %d requests, the last to %s", len(got), got[len(got)-1].URL.Path)
	}
}

func TestWebhookKeepsItsSigningKeyForFiveMinutes(t *testing.T) {
	r := newReceiver(t, true, status(200))
	c := &clock{time.Unix(1_800_000_000, 0)}
	r.key.now = c.now
	for _, step := range []struct {
		later time.Duration
		asked int
	}{{0, 1}, {0, 1}, {keyMaxAge - 1, 1}, {1, 2}, {0, 2}} {
		c.at = c.at.Add(step.later)
		if err := r.send(t.Context(), "/"); err != nil {
			t.Fatal(err)
		}
		if r.secrets.asked != step.asked {
			t.Errorf("at %s the secret was read %d times, want %d", c.at, r.secrets.asked, step.asked)
		}
	}
}

func TestWebhookSignsAgainWhenTheReceiverHasTheNextKeyAlready(t *testing.T) {
	for _, code := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		var r *receiver
		r = newReceiver(t, true, func(w http.ResponseWriter, request *http.Request) {
			body := r.got()[len(r.got())-1].body
			if !strings.HasSuffix(request.Header.Get("X-Signature"), sign(signingNew, r.now(), body)[len("t=1800000000"):]) {
				w.WriteHeader(code)
			}
		})
		r.now = (&clock{time.Unix(1_800_000_000, 0)}).now
		if err := r.send(t.Context(), "/"); !refused(err) || len(r.got()) != 1 || r.secrets.asked != 2 {
			t.Fatalf("%d with an unchanged secret: %v after %d posts and %d readings", code, err, len(r.got()), r.secrets.asked)
		}
		r.secrets.key = signingNew
		if err := r.send(t.Context(), "/"); err != nil || len(r.got()) != 3 {
			t.Errorf("%d with the next key: %v after %d posts", code, err, len(r.got())-1)
		}
	}
}

func TestWebhookSendsNothingWithoutAKey(t *testing.T) {
	for name, s := range map[string]*secrets{
		"unreadable": {err: errors.New("the extension does not listen")},
		"empty":      {},
	} {
		r := newReceiver(t, true, status(200))
		r.key.secrets = s
		if err := r.send(t.Context(), "/"); err == nil || refused(err) || !strings.Contains(err.Error(), "signing key") {
			t.Errorf("%s: got %v", name, err)
		}
		if len(r.got()) != 0 {
			t.Errorf("%s: something was sent", name)
		}
	}
}
