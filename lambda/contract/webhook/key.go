package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
)

// The headers of a request. The first three are those of Standard Webhooks.
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
const (
	HeaderID          = "Webhook-Id"
	HeaderTimestamp   = "Webhook-Timestamp"
	HeaderSignature   = "Webhook-Signature"
	HeaderXSignature  = "X-Signature"     // of earlier releases
	HeaderIdempotency = "Idempotency-Key" // the id, not signed
)

// The Standard Webhooks specification on symmetric keys: at least 24 random bytes, written as base64 behind a prefix. A key
// that was not configured, and so is empty, would be everybody's.
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme
const (
	KeyPrefix   = "whsec_"
	MinKeyBytes = 24
)

// FormatKey writes a key as the Standard Webhooks libraries read it.
func FormatKey(key []byte) string { return KeyPrefix + base64.StdEncoding.EncodeToString(key) }

// ParseKey returns the bytes that a key stands for: those of the base64 behind KeyPrefix, or the text itself when it has no such
// prefix, as the keys of earlier releases. Its error wraps ErrKey and holds no key.
func ParseKey(text string) ([]byte, error) {
	key := []byte(text)
	if encoded, found := strings.CutPrefix(text, KeyPrefix); found {
		var err error
		if key, err = base64.StdEncoding.DecodeString(encoded); err != nil {
			return nil, fmt.Errorf("%w: it is not base64 after %s", ErrKey, KeyPrefix)
		}
	}
	if len(key) < MinKeyBytes {
		return nil, fmt.Errorf("%w: it has %d bytes: must be at least %d", ErrKey, len(key), MinKeyBytes)
	}
	return key, nil
}

// sum is the HMAC of what is signed: a prefix and the body.
func sum(key []byte, prefix string, body []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(prefix))
	mac.Write(body)
	return mac.Sum(nil)
}
