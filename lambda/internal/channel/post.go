package channel

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// deliver posts, with the next signing key where the receiver has that one already, and judges the answer.
func (w *Webhook) deliver(ctx context.Context, target *url.URL, id string, body []byte) error {
	key, err := w.key.get(ctx, "")
	if err != nil {
		return err
	}
	status, err := w.follow(ctx, target, id, body, key)
	if err == nil && (status == http.StatusUnauthorized || status == http.StatusForbidden) {
		var next string
		if next, err = w.key.get(ctx, key); err == nil && next != key {
			status, err = w.follow(ctx, target, id, body, next)
		}
	}
	if err != nil {
		return err
	}
	return verdict(status)
}

// verdict tells delivered, worth a retry, and refused for good apart.
func verdict(status int) error {
	answer := strings.TrimSpace(fmt.Sprintf("answered %d %s", status, http.StatusText(status)))
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusRequestTimeout, status == http.StatusTooManyRequests, status >= 500:
		return errors.New(answer)
	case status >= 300 && status < 400:
		return refuse("%s: a POST is redirected by 307 and 308 only", answer)
	}
	return &Refusal{Reason: answer}
}

// follow posts, goes after redirects on the same host, and returns the last answer's status.
func (w *Webhook) follow(ctx context.Context, target *url.URL, id string, body []byte, key string) (int, error) {
	for range 1 + maxRedirects {
		status, location, err := w.post(ctx, target, id, body, key)
		if err != nil {
			return 0, err
		}
		if status != http.StatusTemporaryRedirect && status != http.StatusPermanentRedirect {
			return status, nil
		}
		next, err := target.Parse(location)
		if err != nil {
			return 0, refuse("answered %d with a location that is not a URL", status)
		}
		if next, err = w.target(next.String()); err != nil || hostPort(next) != hostPort(target) {
			return 0, refuse("answered %d: it may redirect to its own host and port by https only", status)
		}
		target = next
	}
	return 0, refuse("redirected more than %d times", maxRedirects)
}

func (w *Webhook) post(ctx context.Context, target *url.URL, id string, body []byte, key string) (int, string, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), bytes.NewReader(body))
	if err != nil {
		return 0, "", errors.New("the request cannot be made")
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "scheduled-messages/1")
	request.Header.Set("Idempotency-Key", id)
	request.Header.Set("X-Signature", sign(key, w.now(), body))
	// The transport itself, and not a client: redirects are followed above, and nowhere else. It posts again by itself
	// when a kept connection turns out dead, because the Idempotency-Key tells it that this is safe.
	response, err := w.transport.RoundTrip(request)
	if err != nil {
		return 0, "", transportError(err)
	}
	defer response.Body.Close()
	// What was read to its end leaves the connection usable. The answer is known, so neither length nor time is given
	// to a body that goes on.
	stop := time.AfterFunc(drainTimeout, cancel)
	defer stop.Stop()
	io.CopyN(io.Discard, response.Body, maxDrained)
	return response.StatusCode, response.Header.Get("Location"), nil
}
