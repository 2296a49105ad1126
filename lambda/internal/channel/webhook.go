package channel

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/contract/webhook"
	"scheduled-messages/lambda/internal/secret"
)

// Webhook posts to allowed hosts over HTTPS.
//
// The request's body is the JSON object {"id", "subject", "body"}, the same at every retry. A receiver
//   - checks Webhook-Signature (or X-Signature, of earlier releases) as the package lambda/contract/webhook does;
//   - does nothing twice for one id, which it takes from what is signed: Lambda may run a sender twice for one event, and
//     an answer may be lost after the work was done;
//   - answers 2xx. See classify for the other answers. No answer, and a broken connection, are retried.
type Webhook struct {
	allowed   []string // name:port
	transport http.RoundTripper
	keys      *signingKeys
	now       func() time.Time
}

func init() { constructors[contract.Webhook] = webhookFromEnv }

func webhookFromEnv(getenv func(string) string, log *slog.Logger) (Sender, error) {
	hosts, err := webhook.ParseAllowedHosts(getenv(contract.EnvWebhookAllowedHosts))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", contract.EnvWebhookAllowedHosts, err)
	}
	loopback := getenv(contract.EnvWebhookUnsafeAllowLoopback)
	if loopback != "" && loopback != "true" {
		return nil, fmt.Errorf("%s is %q: must be true, or not set", contract.EnvWebhookUnsafeAllowLoopback, loopback)
	}
	if loopback != "" {
		log.Warn("webhooks may reach this machine's loopback addresses: this is for tests only",
			"variable", contract.EnvWebhookUnsafeAllowLoopback)
	}
	return newWebhook(hosts, secret.NewClient(getenv), getenv(contract.EnvWebhookSecretARN), loopback != "", log), nil
}

// newWebhook makes the channel. The hosts are those of webhook.ParseAllowedHosts, and the secret holds a
// webhook.Secret.
func newWebhook(hosts []string, secrets secretReader, secretARN string, allowLoopback bool, log *slog.Logger) *Webhook {
	var ports []uint16
	for _, host := range hosts {
		_, port, _ := net.SplitHostPort(host)
		number, _ := strconv.ParseUint(port, 10, 16)
		ports = append(ports, uint16(number))
	}
	return &Webhook{
		allowed:   hosts,
		transport: newTransport(guard(ports, allowLoopback), nil),
		keys:      &signingKeys{secrets: secrets, arn: secretARN, now: time.Now, log: log},
		now:       time.Now,
	}
}

// Send posts a message. A webhook has no id of its own for it, so the first result is empty.
func (w *Webhook) Send(ctx context.Context, m contract.Message) (string, error) {
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

// target reads a message's recipient. It does not quote what it refuses: a webhook's URL may hold a token.
func (w *Webhook) target(to string) (*url.URL, error) {
	// A URL that parsers read differently is refused: no spaces, backslashes, control or international characters.
	if strings.ContainsFunc(to, func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' }) {
		return nil, permanent("webhook: to holds characters that a URL does not have: must be an https URL in ASCII")
	}
	target, err := url.Parse(to)
	if err != nil || target.Scheme != "https" || target.Opaque != "" || target.User != nil || strings.Contains(to, "#") {
		return nil, permanent("webhook: to must be an https URL without user and fragment")
	}
	if host := hostPort(target); !slices.Contains(w.allowed, host) {
		return nil, permanent("webhook: to has the host %.80q: must be one of %s", host, strings.Join(w.allowed, ", "))
	}
	return target, nil
}

// hostPort returns a URL's host as webhook.ParseAllowedHosts writes it.
func hostPort(u *url.URL) string {
	return net.JoinHostPort(strings.ToLower(u.Hostname()), cmp.Or(u.Port(), "443"))
}
