package channel

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/receivertest"
	"scheduled-messages/lambda/contract"
)

// forbidden is a transport that no request may reach.
type forbidden struct{ t *testing.T }

func (f forbidden) RoundTrip(request *http.Request) (*http.Response, error) {
	f.t.Errorf("a request went to %s", request.URL)
	return nil, http.ErrNotSupported
}

// The allow-list is hooks.example.com and example.com:8443. Nothing but these, spelled plainly, gets past it.
func TestWebhookRefusesEveryHostThatIsNotAllowed(t *testing.T) {
	for _, to := range []string{
		"",
		"hooks.example.com/x",
		"//hooks.example.com/x",
		"http://hooks.example.com/",
		"HTTP://hooks.example.com/",
		"ftp://hooks.example.com/",
		"file:///etc/passwd",
		"gopher://hooks.example.com:443/_x",
		"unix:///var/run/x.sock",
		"https:hooks.example.com",
		"https:///hooks.example.com",
		"https://",
		"https://:443/",
		"https://evil.example/",
		"https://hooks.example.com.evil.example/",
		"https://evil.example/hooks.example.com",
		"https://evil.example?hooks.example.com",
		"https://evil.example/?x=https://hooks.example.com",
		"https://sub.hooks.example.com/",
		"https://xhooks.example.com/",
		"https://example.com/",
		"https://hooks.example.com./",
		"https://.hooks.example.com/",
		"https://hooks.example.com:8443/",
		"https://hooks.example.com:80/",
		"https://hooks.example.com:0443/",
		"https://hooks.example.com:443:443/",
		"https://hooks.example.com:443@evil.example/",
		"https://hooks.example.com@evil.example/",
		"https://hooks.example.com%40evil.example/",
		"https://user@hooks.example.com/",
		"https://user:pass@hooks.example.com/",
		"https://@hooks.example.com/",
		"https://evil.example@hooks.example.com/",
		"https://evil.example#@hooks.example.com/",
		"https://hooks.example.com#@evil.example/",
		"https://hooks.example.com/#fragment",
		"https://hooks.example.com/#",
		`https://hooks.example.com\@evil.example/`,
		`https://evil.example\@hooks.example.com/`,
		`https://evil.example\.hooks.example.com/`,
		`https:\\hooks.example.com\`,
		`https://hooks.example.com/\evil.example`,
		"https://hooks.example.com/\r\nHost: evil.example",
		"https://hooks.example.com\r\n.evil.example/",
		"https://hooks.example.com%0d%0aHost:%20evil.example/",
		"https://hooks.example.com%00.evil.example/",
		"https://hooks.example.com\x00.evil.example/",
		"https://hooks.example.com\t/",
		" https://hooks.example.com/",
		"\thttps://hooks.example.com/",
		"https://hooks.example.com /",
		"https://hooks.example.com%20/",
		"https://hooks%2eexample%2ecom/",
		"https://hooks。example。com/",       // ideographic full stops
		"https://ｈｏｏｋｓ.example.com/",       // fullwidth letters
		"https://hooks.exаmple.com/",       // a Cyrillic а
		"https://hoo\u212as.example.com/",  // the Kelvin sign, which lower-cases to k
		"https://hook\u017f.example.com/",  // the long s, which upper-cases to S
		"https://hooks.example.com\u202e/", // right-to-left override
		"https://xn--hooks-example.com/",   // not the punycode of anything allowed
		"https://ⓗooks.example.com/",       // enclosed alphanumerics
		"https://127.0.0.1/",
		"https://2130706433/",
		"https://0x7f000001/",
		"https://0177.0.0.1/",
		"https://127.1/",
		"https://0/",
		"https://[::1]/",
		"https://[::ffff:127.0.0.1]/",
		"https://[::ffff:a9fe:a9fe]/",
		"https://[64:ff9b::7f00:1]/",
		"https://[fd00:ec2::254]/",
		"https://[fe80::1%25eth0]/",
		"https://[::1",
		"https://169.254.169.254/latest/meta-data/",
		"https://localhost/",
		"https://localhost:2773/secretsmanager/get",
		"https://instance-data/",
		"https://hooks.example.com,evil.example/",
		"https://hooks.example.com;evil.example/",
		"https://hooks.example.com&evil.example/",
		"https://*.example.com/",
		"https://http://hooks.example.com/",
	} {
		w := newWebhook([]string{"hooks.example.com:443", "example.com:8443"}, &secrets{value: oneKey(signingOld)}, secretARN, false, slog.New(slog.DiscardHandler))
		w.transport = forbidden{t}
		_, err := w.Send(t.Context(), contract.Message{ID: "a", Channel: contract.Webhook, To: to, Body: "b"})
		if !IsPermanent(err) {
			t.Errorf("%q: got %v", to, err)
		} else if strings.ContainsAny(err.Error(), "\r\n\x00") || strings.Contains(err.Error(), "pass") {
			t.Errorf("%q: the reason cannot stand in a row: %q", to, err)
		}
	}
}

func TestWebhookTakesAnAllowedHostInAnyCase(t *testing.T) {
	w := newWebhook([]string{"hooks.example.com:443", "example.com:8443"}, nil, "", false, nil)
	for _, to := range []string{
		"https://hooks.example.com", "https://hooks.example.com/a/b?c=d&e=%20", "https://hooks.example.com:443/",
		"HTTPS://Hooks.Example.COM/", "https://example.com:8443/x", "https://hooks.example.com:/", "https://hooks.example.com//evil.example/@x",
	} {
		if _, err := w.target(to); err != nil {
			t.Errorf("%s: %v", to, err)
		}
	}
}

func TestWebhookFollowsNoRedirectToAnotherHost(t *testing.T) {
	evil := newReceiver(t, true, receivertest.Status(200))
	for _, code := range []int{301, 302, 303, 307, 308} {
		for _, location := range []string{
			"", "/again", // indefinitely
			"https://EVIL/", "//EVIL/", "http://SELF/", "//SELF@EVIL/", "https://SELF@EVIL/", "https://EVIL/https://SELF/", "https://user@SELF/",
			`\\EVIL/`, `/\EVIL/`, `https:\\EVIL\`, "https://127.0.0.1:PORT/", "https://[::1]:PORT/", "https://example.com:1/", "https://example.com/",
			"https://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "javascript:1", "data:,x", "https://SELF./", "https://\u0130/", "%zz",
		} {
			var r *receiver
			r = newReceiver(t, true, func(w http.ResponseWriter, _ *http.Request) {
				location = strings.NewReplacer("EVIL", evil.host, "SELF", r.host, "PORT", strings.TrimPrefix(evil.host, "example.com:")).Replace(location)
				w.Header()["Location"] = []string{location}
				w.WriteHeader(code)
			})
			// The other host is allowed, too, and the guard lets it pass: it is the redirect that must not be followed.
			r.allowed = append(r.allowed, evil.host, "example.com:443")
			r.ports = append(r.ports, evil.ports...)
			if err := r.send(t.Context(), "/"); !IsPermanent(err) {
				t.Errorf("%d to %q: got %v", code, location, err)
			}
			if most := 1 + maxRedirects; len(r.Requests()) > most {
				t.Errorf("%d to %q: %d requests, want %d at most", code, location, len(r.Requests()), most)
			}
		}
	}
	if n := len(evil.Requests()); n != 0 {
		t.Errorf("%d requests arrived at the other host", n)
	}
}
