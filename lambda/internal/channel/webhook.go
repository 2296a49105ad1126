package channel

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"scheduled-messages/lambda/message"
)

// Webhook posts to allowed hosts over HTTPS.
//
// The request's body is the JSON object {"id", "subject", "body"}, the same at every retry. A receiver
//   - checks X-Signature: it computes the HMAC-SHA256 of t, a dot and the body as received, with the shared key,
//     compares it with v1 in constant time, and turns away a t that is some minutes old;
//   - does nothing twice for one Idempotency-Key, which is the message's id: Lambda may run a sender twice for one
//     event, and an answer may be lost after the work was done;
//   - answers 2xx. 408, 429, 5xx and silence are retried. Any other answer is final.
type Webhook struct {
	allowed   []string // name:port
	transport http.RoundTripper
	key       *signingKey
	now       func() time.Time
}

// NewWebhook makes the channel. The hosts are those of message.ParseAllowedHosts.
func NewWebhook(hosts []string, secrets secretReader, secretARN string, allowLoopback bool) *Webhook {
	var ports []uint16
	for _, host := range hosts {
		_, port, _ := net.SplitHostPort(host)
		number, _ := strconv.ParseUint(port, 10, 16)
		ports = append(ports, uint16(number))
	}
	return &Webhook{
		allowed:   hosts,
		transport: newTransport(guard(ports, allowLoopback), nil),
		key:       &signingKey{secrets: secrets, arn: secretARN, now: time.Now},
		now:       time.Now,
	}
}

// Send posts a message. A webhook has no id of its own for it, so the first result is empty.
func (w *Webhook) Send(ctx context.Context, m message.Message) (string, error) {
	target, err := w.target(m.To)
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(payload{ID: m.ID, Subject: m.Subject, Body: m.Body})
	if err != nil {
		return "", err
	}
	if err := w.deliver(ctx, target, m.ID, body); err != nil {
		return "", fmt.Errorf("webhook %s: %w", hostPort(target), err)
	}
	return "", nil
}

type payload struct {
	ID      string `json:"id"`
	Subject string `json:"subject,omitempty"`
	Body    string `json:"body"`
}

// target reads a message's recipient. What it refuses it does not quote: a webhook's URL may hold a token.
func (w *Webhook) target(to string) (*url.URL, error) {
	// One that parsers read differently is none of ours: no spaces, backslashes, control or international characters.
	if strings.ContainsFunc(to, func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' }) {
		return nil, refuse("webhook: to holds characters that a URL has not: allowed is an https URL in ASCII")
	}
	target, err := url.Parse(to)
	if err != nil || target.Scheme != "https" || target.Opaque != "" || target.User != nil || strings.Contains(to, "#") {
		return nil, refuse("webhook: to is not an https URL without user and fragment")
	}
	if host := hostPort(target); !slices.Contains(w.allowed, host) {
		return nil, refuse("webhook: to has the host %.80q: allowed are %s", host, strings.Join(w.allowed, ", "))
	}
	return target, nil
}

// hostPort returns a URL's host as message.ParseAllowedHosts writes it.
func hostPort(u *url.URL) string {
	return net.JoinHostPort(strings.ToLower(u.Hostname()), cmp.Or(u.Port(), "443"))
}
