package channel

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	verify "scheduled-messages/lambda/receiver"

	"scheduled-messages/lambda/message"
)

// knows answers 204 to what is signed with the key, in either kind, and 401 to the rest.
func knows(key string) http.HandlerFunc {
	return knowsBy(verify.Verify, key)
}

func knowsBy(check func(http.Header, []byte, time.Time, ...string) (string, error), key string) http.HandlerFunc {
	return func(w http.ResponseWriter, request *http.Request) {
		if _, err := check(request.Header, bodyOf(request), time.Now(), key); err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

func TestWebhookKeepsItsSigningKeysForFiveMinutes(t *testing.T) {
	r := newReceiver(t, true, status(200))
	c := &clock{time.Unix(1_800_000_000, 0)}
	r.keys.now = c.now
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

// The secret changed after this environment had read it.
func TestWebhookSignsAgainWhenTheReceiverHasTheNextKeyAlready(t *testing.T) {
	for _, code := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		r := newReceiver(t, true, func(w http.ResponseWriter, request *http.Request) {
			if _, err := verify.Verify(request.Header, bodyOf(request), time.Now(), signingNew); err != nil {
				w.WriteHeader(code)
			}
		})
		if _, err := r.keys.of(t.Context(), r.host); err != nil {
			t.Fatal(err)
		}
		r.secrets.value = oneKey(signingNew)
		if err := r.send(t.Context(), "/"); err != nil || len(r.got()) != 2 || r.secrets.asked != 2 {
			t.Errorf("%d: %v after %d posts and %d readings", code, err, len(r.got()), r.secrets.asked)
		}
	}
}

// The next attempt may meet a receiver, or a secret, that has changed by then.
func TestWebhookLeavesARefusedSignatureToTheNextAttempt(t *testing.T) {
	for code, want := range map[int]string{401: "answered 401 Unauthorized", 403: "answered 403 Forbidden"} {
		r := newReceiver(t, true, status(code))
		err := r.send(t.Context(), "/")
		if err == nil || isPermanent(err) || err.Error() != "webhook "+r.host+": "+want || len(r.got()) != 1 || r.secrets.asked != 2 {
			t.Errorf("%d: %v after %d posts and %d readings", code, err, len(r.got()), r.secrets.asked)
		}
		r.keys.recheckAt = time.Time{}
		r.secrets.err = errors.New("the extension does not listen")
		if err := r.send(t.Context(), "/"); err == nil || isPermanent(err) || !strings.Contains(err.Error(), want+"; signing key: the extension") {
			t.Errorf("%d with a secret that cannot be read: %v", code, err)
		}
	}
}

func TestWebhookReadsItsSecretOnceForAReceiverThatRefusesEverySignature(t *testing.T) {
	r := newReceiver(t, true, status(http.StatusUnauthorized))
	c := &clock{time.Unix(1_800_000_000, 0)}
	r.keys.now = c.now
	for range 20 {
		if err := r.send(t.Context(), "/"); err == nil || isPermanent(err) {
			t.Fatal(err)
		}
	}
	if r.secrets.asked != 2 {
		t.Errorf("20 messages: the secret was read %d times, want once, and once more after the first refusal", r.secrets.asked)
	}
	c.at = c.at.Add(recheckPause)
	if r.send(t.Context(), "/"); r.secrets.asked != 3 {
		t.Errorf("%s later: the secret was read %d times, want 3", recheckPause, r.secrets.asked)
	}
}

// One receiver has not changed its key yet, and another one has changed already. Both accept every message.
func TestNoMessageIsRefusedWhileAKeyChanges(t *testing.T) {
	for kind, check := range map[string]func(http.Header, []byte, time.Time, ...string) (string, error){
		"Webhook-Signature": verify.Verify, "X-Signature": verify.VerifyXSignature,
	} {
		for _, known := range []string{signingOld, signingNew} {
			r := newReceiver(t, true, knowsBy(check, known))
			for name, value := range map[string]message.WebhookSecret{
				"both listed for the host": {Keys: map[string][]string{r.host: {signingNew, signingOld}}},
				"the old form next to it":  {Keys: map[string][]string{r.host: {signingNew, signingOld}}, Key: "some-other-key-of-32-bytes-length"},
			} {
				r.secrets.value = value
				if err := r.send(t.Context(), "/"); err != nil {
					t.Errorf("%s, %s, a receiver that knows %s: %v", kind, name, known, err)
				}
			}
			if n := len(r.got()); n != 2 {
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
		knowsBy(verify.VerifyXSignature, signingOld)(w, request)
	})
	r.secrets.value = message.WebhookSecret{Master: "a-master-of-32-bytes-or-even-more", Key: signingOld}
	if err := r.send(t.Context(), "/"); err != nil || len(r.got()) != 2 {
		t.Errorf("%v after %d posts", err, len(r.got()))
	}
}

// What one receiver knows makes no message that another one accepts, and what it received is none for another one.
func TestOneReceiversKeyIsWorthNothingToAnother(t *testing.T) {
	secret := message.WebhookSecret{Master: "a-master-of-32-bytes-or-even-more"}
	a, b := newReceiver(t, true, nil), newReceiver(t, true, nil)
	var keys [2]string
	for i, r := range []*receiver{a, b} {
		own, err := secret.HostKeys(r.host)
		if err != nil || len(own) != 1 {
			t.Fatal(own, err)
		}
		keys[i] = message.FormatWebhookKey(own[0])
		r.secrets.value = secret
		r.server.Config.Handler = r.record(knows(keys[i]))
		if err := r.send(t.Context(), "/"); err != nil {
			t.Errorf("its own key: %v", err)
		}
	}
	got := a.got()[0]
	for kind, check := range map[string]func(http.Header, []byte, time.Time, ...string) (string, error){
		"Webhook-Signature": verify.Verify, "X-Signature": verify.VerifyXSignature,
	} {
		if _, err := check(got.Header, got.body, time.Now(), keys[0]); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		if _, err := check(got.Header, got.body, time.Now(), keys[1]); !errors.Is(err, verify.ErrSignature) {
			t.Errorf("%s: the other receiver says %v", kind, err)
		}
	}
}

func TestWebhookWarnsOnceOfOneKeyForAllHosts(t *testing.T) {
	for _, test := range []struct {
		value message.WebhookSecret
		want  int
	}{
		{oneKey(signingOld), 1},
		{message.WebhookSecret{Master: "a-master-of-32-bytes-or-even-more"}, 0},
	} {
		r := newReceiver(t, true, status(200))
		output := new(bytes.Buffer)
		r.keys.log, r.secrets.value = slog.New(slog.NewJSONHandler(output, nil)), test.value
		for range 2 {
			r.keys.readAt = time.Time{}
			if err := r.send(t.Context(), "/"); err != nil {
				t.Fatal(err)
			}
		}
		if got := strings.Count(output.String(), `"level":"WARN"`); got != test.want || strings.Contains(output.String(), signingOld) {
			t.Errorf("%d warnings, want %d: %s", got, test.want, output)
		}
	}
}

func TestWebhookSendsNothingWithoutAUsableKey(t *testing.T) {
	for name, test := range map[string]struct {
		secrets *secrets
		want    string
	}{
		"unreadable":      {&secrets{err: errors.New("the extension does not listen")}, "the extension does not listen"},
		"empty":           {&secrets{}, "has no key"},
		"too short":       {&secrets{value: oneKey("a")}, "has 1 bytes: must be at least 24"},
		"of another host": {&secrets{value: message.WebhookSecret{Keys: map[string][]string{"b.example:443": {signingOld}}}}, "has no key"},
	} {
		r := newReceiver(t, true, status(200))
		r.keys.secrets = test.secrets
		err := r.send(t.Context(), "/")
		if err == nil || isPermanent(err) || !strings.Contains(err.Error(), "signing key: ") || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v", name, err)
		}
		if len(r.got()) != 0 {
			t.Errorf("%s: something was sent", name)
		}
	}
}
