package webhook

import (
	"encoding/base64"
	"net/http"
	"testing"
	"time"
)

// printf '1800000000.{"id":"a"}' | openssl dgst -sha256 -hmac key
// printf 'a.1800000000.{"id":"a"}' | openssl dgst -sha256 -hmac key -binary | base64
func TestSignaturesAreTheHMACsThatOpenSSLComputes(t *testing.T) {
	header := http.Header{}
	Sign(header, [][]byte{[]byte("key")}, "a", time.Unix(1_800_000_000, 0), []byte(`{"id":"a"}`))
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
	Sign(header, [][]byte{key}, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1_614_265_330, 0), []byte(`{"test": 2432232314}`))
	if got, want := header.Get("Webhook-Signature"), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
