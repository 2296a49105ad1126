package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

const (
	key   = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	other = "a-key-of-an-earlier-release.1234"
)

var now = time.Unix(1_614_265_330, 0)

// signed returns the headers of a message that is signed with the keys, in both kinds.
func signed(t *testing.T, id, timestamp, body string, keys ...string) http.Header {
	t.Helper()
	var standard []string
	own := "t=" + timestamp
	for _, text := range keys {
		secret := []byte(text)
		if encoded, found := strings.CutPrefix(text, "whsec_"); found {
			var err error
			if secret, err = base64.StdEncoding.DecodeString(encoded); err != nil {
				t.Fatal(err)
			}
		}
		sum := func(text string) []byte {
			mac := hmac.New(sha256.New, secret)
			mac.Write([]byte(text))
			return mac.Sum(nil)
		}
		standard = append(standard, "v1,"+base64.StdEncoding.EncodeToString(sum(id+"."+timestamp+"."+body)))
		own += ",v1=" + hex.EncodeToString(sum(timestamp+"."+body))
	}
	return http.Header{
		"Webhook-Id":        {id},
		"Webhook-Timestamp": {timestamp},
		"Webhook-Signature": {strings.Join(standard, " ")},
		"X-Signature":       {own},
	}
}

// Both kinds accept and refuse the same.
func TestBothKindsOfSignatureAcceptAndRefuseTheSame(t *testing.T) {
	const at, body = "1614265330", `{"id":"a","body":"b"}`
	strange := signed(t, "a", at, body, key)
	strange.Set("Webhook-Signature", "v1a,AAAA v2,AAAA v1 nonsense v1,%% "+strange.Get("Webhook-Signature"))
	strange.Set("X-Signature", "v2=aa,v1=zz,nonsense,"+strange.Get("X-Signature"))
	empty := signed(t, "a", at, body, "")
	for _, test := range []struct {
		name   string
		header http.Header
		body   string
		now    time.Time
		keys   []string
		want   error
	}{
		{"one key", signed(t, "a", at, body, key), body, now, []string{key}, nil},
		{"a key of an earlier release", signed(t, "a", at, body, other), body, now, []string{other}, nil},
		{"two signatures, the first key known", signed(t, "a", at, body, key, other), body, now, []string{key}, nil},
		{"two signatures, the second key known", signed(t, "a", at, body, key, other), body, now, []string{other}, nil},
		{"two keys known", signed(t, "a", at, body, key), body, now, []string{other, key}, nil},
		{"between signatures of other versions", strange, body, now, []string{key}, nil},
		{"another key", signed(t, "a", at, body, key), body, now, []string{other}, ErrSignature},
		{"another body", signed(t, "a", at, body, key), `{"id":"a","body":"c"}`, now, []string{key}, ErrSignature},
		{"another time", signed(t, "a", "1614265331", body, key), body, now, []string{key}, nil},
		{"as old as allowed", signed(t, "a", at, body, key), body, now.Add(Tolerance), []string{key}, nil},
		{"older", signed(t, "a", at, body, key), body, now.Add(Tolerance + time.Second), []string{key}, ErrTime},
		{"of the future", signed(t, "a", at, body, key), body, now.Add(-Tolerance - time.Second), []string{key}, ErrTime},
		{"a time that is none", signed(t, "a", "soon", body, key), body, now, []string{key}, ErrNotSigned},
		{"not signed", http.Header{}, body, now, []string{key}, ErrNotSigned},
		{"no signature", signed(t, "a", at, body), body, now, []string{key}, ErrNotSigned},
		{"no key at all", signed(t, "a", at, body, key), body, now, nil, ErrSignature},
		{"an empty key", empty, body, now, []string{""}, ErrKey},
		{"an empty key behind the prefix", empty, body, now, []string{"whsec_"}, ErrKey},
		{"a key that is not base64", empty, body, now, []string{"whsec_***"}, ErrKey},
		{"a body without an id", signed(t, "a", at, `{"body":"b"}`, key), `{"body":"b"}`, now, []string{key}, ErrID},
		{"a body that is not JSON", signed(t, "a", at, "b", key), "b", now, []string{key}, ErrID},
	} {
		for kind, verify := range map[string]func(http.Header, []byte, time.Time, ...string) (string, error){
			"Webhook-Signature": Verify, "X-Signature": VerifyXSignature,
		} {
			id, err := verify(test.header, []byte(test.body), test.now, test.keys...)
			if !errors.Is(err, test.want) || (err == nil) != (test.want == nil) || (id == "a") != (err == nil) {
				t.Errorf("%s, %s: got %q, %v, want %v", test.name, kind, id, err, test.want)
			}
		}
	}
}

// What was sent once is not accepted under another id, in either kind.
func TestAnotherIDIsNotAccepted(t *testing.T) {
	body := `{"id":"a","body":"b"}`
	header := signed(t, "a", "1614265330", body, key)
	header.Set("Webhook-Id", "b")
	header.Set("Idempotency-Key", "b")
	if id, err := Verify(header, []byte(body), now, key); !errors.Is(err, ErrSignature) {
		t.Errorf("got %q, %v", id, err)
	}
	if id, err := VerifyXSignature(header, []byte(body), now, key); id != "a" || err != nil {
		t.Errorf("got %q, %v, want the body's id", id, err)
	}
	if id, err := Verify(signed(t, "b", "1614265330", body, key), []byte(body), now, key); !errors.Is(err, ErrID) {
		t.Errorf("signed for another id than the body's: got %q, %v", id, err)
	}
}

// The signed text "x.1614265330.{...}" is also that of the id "x" and, cut elsewhere, of an id with dots.
func TestASignedTextThatIsCutInAnotherPlaceIsNotAccepted(t *testing.T) {
	header := signed(t, "x.1614265329", "1614265330", `{"id":"x.1614265329"}`, key)
	header.Set("Webhook-Id", "x")
	header.Set("Webhook-Timestamp", "1614265329")
	if id, err := Verify(header, []byte(`1614265330.{"id":"x.1614265329"}`), now, key); !errors.Is(err, ErrID) {
		t.Errorf("got %q, %v", id, err)
	}
}

// The vector of the specification's own libraries:
// https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/go/webhook_test.go (TestWebhookSign).
// Its payload has no id, which is the last thing that is looked at.
func TestVerifyAcceptsTheSignatureOfTheStandardWebhooksLibraries(t *testing.T) {
	header := http.Header{}
	header.Set("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
	header.Set("webhook-timestamp", "1614265330")
	header.Set("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
	if _, err := Verify(header, []byte(`{"test": 2432232314}`), now, key); !errors.Is(err, ErrID) {
		t.Errorf("got %v, want %v: the signature is right", err, ErrID)
	}
}
