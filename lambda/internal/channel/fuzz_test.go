package channel

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"

	"scheduled-messages/lambda/contract"
)

// FuzzWebhookDialsAllowedHostsOnly looks for a recipient, and for a redirect, that net/http reads as another host than
// the allow-list does. What it watches is the address that net/http is about to dial.
func FuzzWebhookDialsAllowedHostsOnly(f *testing.F) {
	for _, to := range []string{
		"https://hooks.example.com/a", "HTTPS://HOOKS.example.com:443", "https://hooks.example.com@evil.example/", "https://[::1]/",
		"https://hooks.example.com:443:1/", "https://hooks.example.com%00.evil/", "https://hoo\u212as.example.com/", `https:\\x`, "//x", "",
	} {
		f.Add(to, to)
	}
	f.Fuzz(func(t *testing.T, to, location string) {
		w := newWebhook([]string{"hooks.example.com:443"}, &secrets{value: oneKey(signingOld)}, secretARN, false, slog.New(slog.DiscardHandler))
		redirected := false
		watch := &http.Transport{DialTLSContext: func(_ context.Context, _, address string) (net.Conn, error) {
			if !strings.EqualFold(address, "hooks.example.com:443") {
				t.Errorf("%q and %q lead to %s", to, location, address)
			}
			return nil, errors.New("nothing is dialled")
		}, DialContext: func(_ context.Context, _, address string) (net.Conn, error) {
			t.Errorf("%q and %q lead to %s without TLS", to, location, address)
			return nil, errors.New("nothing is dialled")
		}}
		w.transport = roundTrip(func(request *http.Request) (*http.Response, error) {
			if !redirected {
				redirected = true
				header := http.Header{"Location": {location}}
				if _, err := watch.RoundTrip(request.Clone(request.Context())); err == nil {
					t.Error("something has answered")
				}
				return &http.Response{StatusCode: http.StatusTemporaryRedirect, Header: header, Body: http.NoBody}, nil
			}
			return watch.RoundTrip(request)
		})
		if _, err := w.Send(t.Context(), contract.Message{ID: "a", To: to, Body: "b"}); err == nil {
			t.Error("something was delivered")
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (r roundTrip) RoundTrip(request *http.Request) (*http.Response, error) { return r(request) }
