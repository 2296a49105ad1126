package webhook_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"scheduled-messages/lambda/contract/webhook"
)

// keys are those that the receiver knows. While its key changes, the new one stands next to the old one.
var keys = []string{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}

// seen holds the ids of the messages that were processed. A real receiver keeps them in the database, and writes an id in
// the same transaction as the work.
var seen = map[string]bool{}

// now is time.Now in a real receiver.
func now() time.Time { return time.Unix(1_800_000_060, 0) }

// receive is the handler of a webhook.
func receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 2<<20)) // as received: JSON that is parsed and encoded again has other bytes
	if err != nil {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	id, err := webhook.Verify(r.Header, body, now(), keys...)
	if errors.Is(err, webhook.ErrKey) {
		http.Error(w, "no usable key", http.StatusInternalServerError) // is retried
		return
	} else if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	if !seen[id] { // a message may come twice: its work is done once
		fmt.Printf("work for %s: %s\n", id, body)
		seen[id] = true
	}
	w.WriteHeader(http.StatusNoContent)
}

func ExampleVerify() {
	post := func(id, body string) {
		request := httptest.NewRequest(http.MethodPost, "/hook", strings.NewReader(body))
		request.Header.Set("Webhook-Id", id)
		request.Header.Set("Webhook-Timestamp", "1800000000")
		request.Header.Set("Webhook-Signature", "v1,kfPPiWLia36wLrJtCHxEoBeKLvj1jaYcZy7H04p/M8U=")
		answer := httptest.NewRecorder()
		receive(answer, request)
		fmt.Println(answer.Code)
	}
	const body = `{"id":"order-4711","subject":"Your order","body":"It is on its way."}`
	post("order-4711", body)
	post("order-4711", body)                                        // Lambda's second delivery
	post("order-4712", body)                                        // forged by a reader of the first one
	post("order-4711", strings.Replace(body, "its way", "fire", 1)) // the same
	// Output:
	// work for order-4711: {"id":"order-4711","subject":"Your order","body":"It is on its way."}
	// 204
	// 204
	// 401
	// 401
}

// A receiver that was written for an earlier release reads X-Signature. The id is in the signed body; Idempotency-Key is
// not signed.
func ExampleVerifyXSignature() {
	body := `{"id":"order-4711","subject":"Your order","body":"It is on its way."}`
	header := http.Header{}
	header.Set("Idempotency-Key", "order-4712")
	header.Set("X-Signature", "t=1800000000,v1=91805e9ada3b49b1d416ed00296329527a0ab0c2c85156bd44e224dd6fe172b1")
	fmt.Println(webhook.VerifyXSignature(header, []byte(body), now(), keys...))
	// Output: order-4711 <nil>
}
