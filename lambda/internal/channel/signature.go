package channel

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"scheduled-messages/lambda/message"
)

// keyMaxAge is how long a signing key is used before it is read again.
const keyMaxAge = 5 * time.Minute

// secretReader is the secret.Client that the signing key is read with.
type secretReader interface {
	Get(ctx context.Context, arn string, into any) error
}

// signingKey is the key that webhooks are signed with, kept between invocations. Its errors never hold the key.
type signingKey struct {
	secrets secretReader
	arn     string
	now     func() time.Time

	mu     sync.Mutex
	key    string
	readAt time.Time
}

// get returns the key: the kept one while it is younger than keyMaxAge, and never one that equals stale.
func (s *signingKey) get(ctx context.Context, stale string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.key != "" && s.key != stale && s.now().Sub(s.readAt) < keyMaxAge {
		return s.key, nil
	}
	var value message.WebhookSecret
	if err := s.secrets.Get(ctx, s.arn, &value); err != nil {
		return "", fmt.Errorf("signing key: %w", err)
	}
	if value.Key == "" {
		return "", errors.New(`signing key: the secret has no "key"`)
	}
	s.key, s.readAt = value.Key, s.now()
	return s.key, nil
}

// sign returns the value of X-Signature: t=<Unix time in seconds>,v1=<HMAC-SHA256 of "t.body" in hexadecimal>.
func sign(key string, at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(t + "."))
	mac.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}
