package channel

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"time"

	"scheduled-messages/lambda/contract/webhook"
)

const (
	// maxPauses is how often one attempt waits as long as the receiver's Retry-After asks for.
	maxPauses = 3
	// postReserve is left of the attempt's time after such a wait, for the next request.
	postReserve = 5 * time.Second
)

// deliver posts a message. Within one attempt, which ends with the context's deadline, it posts again
//   - after the time of a Retry-After that ends early enough before the deadline. A longer one is left to Lambda's next
//     attempt, which comes at a time that Lambda chooses;
//   - when the signature is refused and another key may be accepted.
func (w *Webhook) deliver(ctx context.Context, target *url.URL, id string, body []byte) error {
	host := hostPort(target)
	keys, err := w.keys.of(ctx, host)
	if err != nil {
		return err
	}
	pauses, rechecked := 0, false
	for {
		answer, err := w.followRedirects(ctx, target, id, body, keys)
		if err != nil {
			return err
		}
		again := false
		switch classify(answer.status) {
		case transient:
			pauses++
			again = pauses <= maxPauses && pause(ctx, answer.retryAfter)
		case keyRefused:
			refused := keys
			if !rechecked {
				rechecked = true
				if keys, err = w.keys.recheck(ctx, host); err != nil {
					return fmt.Errorf("%w; %w", answer.err(), err)
				}
				again = !slices.EqualFunc(keys, refused, bytes.Equal)
			}
			// While a key changes, a receiver that expects a single v1 in X-Signature knows the old key.
			if !again && len(keys) > 1 {
				keys, again = keys[len(keys)-1:], true
			}
		}
		if !again {
			return answer.err()
		}
	}
}

// pause waits as long as a receiver asks for, and reports false when that is not asked for or leaves too little time.
func pause(ctx context.Context, wait time.Duration) bool {
	deadline, limited := ctx.Deadline()
	if wait == 0 || !limited || time.Until(deadline) < wait+postReserve {
		return false
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(wait):
		return true
	}
}

// followRedirects posts, follows redirects on the same host, and returns the last answer.
func (w *Webhook) followRedirects(ctx context.Context, target *url.URL, id string, body []byte, keys [][]byte) (answer, error) {
	for range 1 + maxRedirects {
		got, err := w.post(ctx, target, id, body, keys)
		if err != nil || got.status != http.StatusTemporaryRedirect && got.status != http.StatusPermanentRedirect {
			return got, err
		}
		next, err := target.Parse(got.location)
		if err != nil {
			return answer{}, permanent("answered %d with a location that is not a URL", got.status)
		}
		if next, err = w.target(next.String()); err != nil || hostPort(next) != hostPort(target) {
			return answer{}, permanent("answered %d: it may redirect to its own host and port by https only", got.status)
		}
		target = next
	}
	return answer{}, permanent("redirected more than %d times", maxRedirects)
}

// errUnread ends a request that the receiver does not read.
var errUnread = errors.New("the receiver did not read the request in time")

func (w *Webhook) post(ctx context.Context, target *url.URL, id string, body []byte, keys [][]byte) (answer, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	// net/http has no limit for writing a request.
	writing := time.AfterFunc(writeTimeout, func() { cancel(errUnread) })
	writing.Stop()
	defer writing.Stop()
	request, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:      func(httptrace.GotConnInfo) { writing.Reset(writeTimeout) },
		WroteRequest: func(httptrace.WroteRequestInfo) { writing.Stop() },
	}), http.MethodPost, target.String(), bytes.NewReader(body))
	if err != nil {
		return answer{}, errors.New("the request cannot be made")
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "scheduled-messages/1")
	webhook.Sign(request.Header, keys, id, w.now(), body)
	// The transport itself, and not a client: redirects are followed above, and nowhere else. It posts again by itself
	// when a kept connection turns out dead, because the Idempotency-Key marks the request as safe to repeat.
	response, err := w.transport.RoundTrip(request)
	if err != nil && errors.Is(context.Cause(ctx), errUnread) {
		return answer{}, errUnread
	} else if err != nil {
		return answer{}, transportError(err)
	}
	defer response.Body.Close()
	got := answer{
		status:     response.StatusCode,
		location:   response.Header.Get("Location"),
		retryAfter: parseRetryAfter(response.Header.Get("Retry-After"), w.now()),
	}
	// The body of 101 Switching Protocols is the bare connection, which no context ends (golang/go#30876). It is closed.
	if got.status == http.StatusSwitchingProtocols {
		return got, nil
	}
	// What was read to its end leaves the connection usable. The answer is known, so neither length nor time is given
	// to a body that goes on.
	draining := time.AfterFunc(drainTimeout, func() { cancel(nil) })
	defer draining.Stop()
	_, _ = io.CopyN(io.Discard, response.Body, maxDrained)
	return got, nil
}
