package channel

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"scheduled-messages/lambda/contract/webhook"
)

const (
	// keyMaxAge is how long the signing keys are used before the secret is read again.
	keyMaxAge = 5 * time.Minute
	// recheckPause is the least time between two readings for the reason that a receiver refused a signature.
	recheckPause = 30 * time.Second
)

// secretReader is the secret.Client that the signing keys are read with.
type secretReader interface {
	Get(ctx context.Context, arn string, into any) error
}

// signingKeys is the secret that webhooks are signed with, kept between invocations. Its errors never hold a key.
type signingKeys struct {
	secrets secretReader
	arn     string
	now     func() time.Time
	log     *slog.Logger

	mu        sync.Mutex
	value     webhook.Secret
	readAt    time.Time // zero: never
	recheckAt time.Time // before it, a refused signature is no reason to read again
	warned    bool
}

// of returns a host's keys, the newest first, from the kept secret while it is younger than keyMaxAge.
func (s *signingKeys) of(ctx context.Context, host string) ([][]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.readAt.IsZero() || s.now().Sub(s.readAt) >= keyMaxAge {
		if err := s.read(ctx); err != nil {
			return nil, err
		}
	}
	return s.hostKeys(host)
}

// recheck returns a host's keys after the receiver refused a signature. It reads the secret again, but a receiver that
// refuses everything does not cause more than one reading in recheckPause.
func (s *signingKeys) recheck(ctx context.Context, host string) ([][]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.now().Before(s.recheckAt) {
		s.recheckAt = s.now().Add(recheckPause) // also when the reading fails
		if err := s.read(ctx); err != nil {
			return nil, err
		}
	}
	return s.hostKeys(host)
}

func (s *signingKeys) read(ctx context.Context) error {
	var value webhook.Secret
	if err := s.secrets.Get(ctx, s.arn, &value); err != nil {
		return fmt.Errorf("signing key: %w", err)
	}
	s.value, s.readAt = value, s.now()
	if value.Key != "" && !s.warned {
		s.warned = true
		s.log.Warn("the webhook secret has one key for all hosts, so that each receiver can sign what the others trust: "+
			"docs/webhooks.md says how to give each host its own", "secret", s.arn)
	}
	return nil
}

func (s *signingKeys) hostKeys(host string) ([][]byte, error) {
	keys, err := s.value.HostKeys(host)
	if err != nil {
		return nil, fmt.Errorf("signing key: secret %s: %w", s.arn, err)
	}
	return keys, nil
}
