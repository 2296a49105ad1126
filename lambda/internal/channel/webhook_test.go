package channel

import (
	"net/http"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/receivertest"
	"scheduled-messages/lambda/contract/webhook"
)

func TestWebhookPostsJSONWithTheIDAndSignaturesOfBothKinds(t *testing.T) {
	r := newReceiver(t, true, receivertest.Status(http.StatusNoContent))
	r.now = (&clock{time.Unix(1_800_000_000, 0)}).now
	if err := r.send(t.Context(), "/path?token=x"); err != nil {
		t.Fatal(err)
	}
	got := r.Requests()[0]
	if got.Method != http.MethodPost || got.RequestURI != "/path?token=x" || got.Host != r.host {
		t.Errorf("got %s %s for %s", got.Method, got.RequestURI, got.Host)
	}
	if want := `{"id":"order-1","subject":"tell-me-not","body":"tell-me-not"}`; string(got.Body) != want {
		t.Errorf("got the body %s, want %s", got.Body, want)
	}
	for name, want := range map[string]string{
		"Content-Type": "application/json", "User-Agent": "scheduled-messages/1", "Accept-Encoding": "",
		"Idempotency-Key": "order-1", "Webhook-Id": "order-1", "Webhook-Timestamp": "1800000000",
	} {
		if got.Header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, got.Header.Get(name), want)
		}
	}
	if id, err := webhook.Verify(got.Header, got.Body, r.now(), signingOld); id != "order-1" || err != nil {
		t.Errorf("Webhook-Signature: got %q, %v", id, err)
	}
	if id, err := webhook.VerifyXSignature(got.Header, got.Body, r.now(), signingOld); id != "order-1" || err != nil {
		t.Errorf("X-Signature: got %q, %v", id, err)
	}
}

func TestWebhookGivesAReason(t *testing.T) {
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
	got := r.Requests()
	if len(got) != 2 || got[1].URL.Path != "/new" || got[1].Method != http.MethodPost || string(got[1].Body) != string(got[0].Body) {
		t.Errorf("got %d requests, the last to %s", len(got), got[len(got)-1].URL.Path)
	}
}
