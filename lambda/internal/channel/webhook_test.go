package channel

import (
	"encoding/base64"
	"net/http"
	"testing"
	"time"

	verify "scheduled-messages/lambda/receiver"
)

func TestWebhookPostsJSONWithTheIDAndSignaturesOfBothKinds(t *testing.T) {
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
		"Content-Type": "application/json", "User-Agent": "scheduled-messages/1", "Accept-Encoding": "",
		"Idempotency-Key": "order-1", "Webhook-Id": "order-1", "Webhook-Timestamp": "1800000000",
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.Header.Get(name), want)
		}
	}
	if id, err := verify.Verify(got.Header, got.body, r.now(), signingOld); id != "order-1" || err != nil {
		t.Errorf("Webhook-Signature: got %q, %v", id, err)
	}
	if id, err := verify.VerifyXSignature(got.Header, got.body, r.now(), signingOld); id != "order-1" || err != nil {
		t.Errorf("X-Signature: got %q, %v", id, err)
	}
}

// printf '1800000000.{"id":"a"}' | openssl dgst -sha256 -hmac key
// printf 'a.1800000000.{"id":"a"}' | openssl dgst -sha256 -hmac key -binary | base64
func TestSignaturesAreTheHMACsThatOpenSSLComputes(t *testing.T) {
	header := http.Header{}
	sign(header, [][]byte{[]byte("key")}, "a", time.Unix(1_800_000_000, 0), []byte(`{"id":"a"}`))
	for name, want := range map[string]string{
		"X-Signature":       "t=1800000000,v1=c731989f3368942d5230a2abb9948af968d49ee68d9c2c161078b6a39f047990",
		"Webhook-Signature": "v1,YMNk8Vn5EuqkkveidvCxE8FTg6efmGrnPwt9+TmGxyI=",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

// The vector of the specification's own libraries:
// https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/go/webhook_test.go (TestWebhookSign).
func TestWebhookSignatureIsThatOfTheStandardWebhooksLibraries(t *testing.T) {
	key, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{}
	sign(header, [][]byte{key}, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1_614_265_330, 0), []byte(`{"test": 2432232314}`))
	if got, want := header.Get("Webhook-Signature"), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("got %s, want %s", got, want)
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
