package channel

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/receivertest"
	"scheduled-messages/lambda/contract/webhook"
)

// knows answers 204 to what is signed with the key, in either kind, and 401 to the rest.
func knows(key string) http.HandlerFunc {
	return knowsBy(webhook.Verify, key)
}

func knowsBy(check func(http.Header, []byte, time.Time, ...string) (string, error), key string) http.HandlerFunc {
	return func(w http.ResponseWriter, request *http.Request) {
		if _, err := check(request.Header, receivertest.BodyOf(request), time.Now(), key); err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

// One receiver has not changed its key yet, and another one has changed already. Both accept every message.
func TestNoMessageIsRefusedWhileAKeyChanges(t *testing.T) {
	for kind, check := range map[string]func(http.Header, []byte, time.Time, ...string) (string, error){
		"Webhook-Signature": webhook.Verify, "X-Signature": webhook.VerifyXSignature,
	} {
		for _, known := range []string{signingOld, signingNew} {
			r := newReceiver(t, true, knowsBy(check, known))
			both := map[string][]string{r.host: {signingNew, signingOld}}
			for name, value := range map[string]webhook.Secret{
				"both listed for the host": {Keys: both},
				"the old form next to it":  {Keys: both, Key: "some-other-key-of-32-bytes-length"},
			} {
				r.secrets.value = value
				if err := r.send(t.Context(), "/"); err != nil {
					t.Errorf("%s, %s, a receiver that knows %s: %v", kind, name, known, err)
				}
			}
			if n := len(r.Requests()); n != 2 {
				t.Errorf("%s, a receiver that knows %s: %d posts for 2 messages", kind, known, n)
			}
		}
	}
}

// It was written for a single v1, and takes all that follows for the signature.
func TestWebhookReachesAReceiverThatReadsOneSignatureAlone(t *testing.T) {
	r := newReceiver(t, true, func(w http.ResponseWriter, request *http.Request) {
		_, signature, _ := strings.Cut(request.Header.Get("X-Signature"), ",v1=")
		if strings.Contains(signature, ",") {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		knowsBy(webhook.VerifyXSignature, signingOld)(w, request)
	})
	r.secrets.value = webhook.Secret{Master: "a-master-of-32-bytes-or-even-more", Key: signingOld}
	if err := r.send(t.Context(), "/"); err != nil || len(r.Requests()) != 2 {
		t.Errorf("%v after %d posts", err, len(r.Requests()))
	}
}

// What one receiver knows makes no message that another one accepts, and what it received is none for another one.
func TestOneReceiversKeyIsWorthNothingToAnother(t *testing.T) {
	secret := webhook.Secret{Master: "a-master-of-32-bytes-or-even-more"}
	a, b := newReceiver(t, true, nil), newReceiver(t, true, nil)
	var keys [2]string
	for i, r := range []*receiver{a, b} {
		own, err := secret.HostKeys(r.host)
		if err != nil || len(own) != 1 {
			t.Fatal(own, err)
		}
		keys[i] = webhook.FormatKey(own[0])
		r.secrets.value = secret
		r.Handle(knows(keys[i]))
		if err := r.send(t.Context(), "/"); err != nil {
			t.Errorf("its own key: %v", err)
		}
	}
	got := a.Requests()[0]
	for kind, check := range map[string]func(http.Header, []byte, time.Time, ...string) (string, error){
		"Webhook-Signature": webhook.Verify, "X-Signature": webhook.VerifyXSignature,
	} {
		if _, err := check(got.Header, got.Body, time.Now(), keys[0]); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		if _, err := check(got.Header, got.Body, time.Now(), keys[1]); !errors.Is(err, webhook.ErrSignature) {
			t.Errorf("%s: the other receiver returns %v", kind, err)
		}
	}
}
