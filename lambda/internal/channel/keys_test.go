package channel

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/receivertest"
	"scheduled-messages/lambda/contract/webhook"
)

func TestWebhookKeepsItsSigningKeysForFiveMinutes(t *testing.T) {
	r := newReceiver(t, true, receivertest.Status(200))
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
			if _, err := webhook.Verify(request.Header, receivertest.BodyOf(request), time.Now(), signingNew); err != nil {
				w.WriteHeader(code)
			}
		})
		if _, err := r.keys.of(t.Context(), r.host); err != nil {
			t.Fatal(err)
		}
		r.secrets.value = oneKey(signingNew)
		if err := r.send(t.Context(), "/"); err != nil || len(r.Requests()) != 2 || r.secrets.asked != 2 {
			t.Errorf("%d: %v after %d posts and %d readings", code, err, len(r.Requests()), r.secrets.asked)
		}
	}
}

// The next attempt may meet a receiver, or a secret, that has changed by then.
func TestWebhookLeavesARefusedSignatureToTheNextAttempt(t *testing.T) {
	for code, want := range map[int]string{401: "answered 401 Unauthorized", 403: "answered 403 Forbidden"} {
		r := newReceiver(t, true, receivertest.Status(code))
		err := r.send(t.Context(), "/")
		if err == nil || IsPermanent(err) || err.Error() != "webhook "+r.host+": "+want || len(r.Requests()) != 1 || r.secrets.asked != 2 {
			t.Errorf("%d: %v after %d posts and %d readings", code, err, len(r.Requests()), r.secrets.asked)
		}
		r.keys.recheckAt = time.Time{}
		r.secrets.err = errors.New("the extension does not listen")
		err = r.send(t.Context(), "/")
		if err == nil || IsPermanent(err) || !strings.Contains(err.Error(), want+"; signing key: the extension") {
			t.Errorf("%d with a secret that cannot be read: %v", code, err)
		}
	}
}

func TestWebhookReadsItsSecretOnceForAReceiverThatRefusesEverySignature(t *testing.T) {
	r := newReceiver(t, true, receivertest.Status(http.StatusUnauthorized))
	c := &clock{time.Unix(1_800_000_000, 0)}
	r.keys.now = c.now
	for range 20 {
		if err := r.send(t.Context(), "/"); err == nil || IsPermanent(err) {
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
	r.secrets.err = errors.New("the extension does not listen")
	c.at = c.at.Add(recheckPause)
	for range 20 {
		r.send(t.Context(), "/")
	}
	if r.secrets.asked != 4 {
		t.Errorf("20 messages while it cannot be read: it was asked for %d times, want 4", r.secrets.asked)
	}
}

func TestWebhookWarnsOnceOfOneKeyForAllHosts(t *testing.T) {
	for _, test := range []struct {
		value webhook.Secret
		want  int
	}{
		{oneKey(signingOld), 1},
		{webhook.Secret{Master: "a-master-of-32-bytes-or-even-more"}, 0},
	} {
		r := newReceiver(t, true, receivertest.Status(200))
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
	another := map[string][]string{"b.example:443": {signingOld}}
	for name, test := range map[string]struct {
		secrets *secrets
		want    string
	}{
		"unreadable":      {&secrets{err: errors.New("the extension does not listen")}, "the extension does not listen"},
		"empty":           {&secrets{}, "has no key"},
		"too short":       {&secrets{value: oneKey("a")}, "has 1 bytes: must be at least 24"},
		"of another host": {&secrets{value: webhook.Secret{Keys: another}}, "has no key"},
	} {
		r := newReceiver(t, true, receivertest.Status(200))
		r.keys.secrets = test.secrets
		err := r.send(t.Context(), "/")
		if err == nil || IsPermanent(err) || !strings.Contains(err.Error(), ": signing key: ") ||
			!strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v", name, err)
		}
		if len(r.Requests()) != 0 {
			t.Errorf("%s: something was sent", name)
		}
	}
}
