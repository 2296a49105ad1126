package channel

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/receivertest"
	"scheduled-messages/lambda/contract"
)

// Each of these names is on the allow-list, as if its owner had turned on us or the operator had erred, and the guard
// alone stands between it and the address. The addresses next to the names are what the test's name server answers.
func TestGuardRefusesWhatIsNotOnTheInternet(t *testing.T) {
	for _, attempt := range []struct{ host, address string }{
		{"loopback.test", "127.0.0.1"},
		{"loopback-last.test", "127.255.255.254"},
		{"localhost", ""},
		{"127.0.0.1", ""},
		{"[::1]", ""},
		{"[::ffff:127.0.0.1]", ""},
		{"[::ffff:7f00:1]", ""},
		{"[0:0:0:0:0:ffff:a9fe:a9fe]", ""},
		{"[::127.0.0.1]", ""}, // IPv4-compatible
		{"[::]", ""},
		{"0.0.0.0", ""},
		{"0x7f000001", "127.0.0.1"},
		{"0x7f.0x0.0x0.0x1", "127.0.0.1"},
		{"0xa9fea9fe", "169.254.169.254"},
		{"this-network.test", "0.1.2.3"},
		{"private-10.test", "10.0.0.1"},
		{"private-172.test", "172.16.0.1"},
		{"private-172-last.test", "172.31.255.255"},
		{"private-192.test", "192.168.0.1"},
		{"carrier-grade-nat.test", "100.64.0.1"},
		{"carrier-grade-nat-last.test", "100.127.255.255"},
		{"metadata.test", "169.254.169.254"},
		{"x-ray-daemon.test", "169.254.79.129"},
		{"link-local.test", "169.254.0.1"},
		{"protocol-assignments.test", "192.0.0.192"},
		{"documentation.test", "203.0.113.1"},
		{"benchmarking.test", "198.18.0.1"},
		{"relay-6to4.test", "192.88.99.1"},
		{"multicast.test", "224.0.0.1"},
		{"multicast-last.test", "239.255.255.255"},
		{"reserved.test", "240.0.0.1"},
		{"broadcast.test", "255.255.255.255"},
		{"loopback6.test", "::1"},
		{"unspecified6.test", "::"},
		{"mapped.test", "::ffff:127.0.0.1"},
		{"mapped-metadata.test", "::ffff:169.254.169.254"},
		{"compatible.test", "::10.0.0.1"},
		{"nat64.test", "64:ff9b::7f00:1"},
		{"nat64-metadata.test", "64:ff9b::a9fe:a9fe"},
		{"nat64-local.test", "64:ff9b:1::a9fe:a9fe"},
		{"6to4.test", "2002:7f00:1::1"},
		{"6to4-metadata.test", "2002:a9fe:a9fe::1"},
		{"teredo.test", "2001:0:7f00:1::1"},
		{"metadata6.test", "fd00:ec2::254"},
		{"resolver6.test", "fd00:ec2::253"},
		{"unique-local.test", "fc00::1"},
		{"link-local6.test", "fe80::1"},
		{"[fe80::1%25lo]", ""},
		{"site-local.test", "fec0::1"},
		{"multicast6.test", "ff02::1"},
		{"discard.test", "100::1"},
		{"documentation6.test", "2001:db8::1"},
		{"documentation6-new.test", "3fff::1"},
		{"segment-routing.test", "5f00::1"},
		{"mixed.test", "127.0.0.1 ::1 10.0.0.1"},
	} {
		t.Run(attempt.host, func(t *testing.T) {
			r := newReceiver(t, false, receivertest.Status(200))
			if attempt.address != "" {
				r.zone.Set(attempt.host, attempt.address)
			}
			for _, port := range []string{"443", strings.TrimPrefix(r.host, "example.com:")} {
				to := "https://" + attempt.host + ":" + port + "/"
				err := r.sendToAllowed(t, to)
				if !IsPermanent(err) || !strings.Contains(err.Error(), "prohibited IP address") {
					t.Errorf("%s: got %v", to, err)
				}
			}
			if len(r.dialled)+len(r.Requests()) != 0 {
				t.Errorf("dialled %q", r.dialled)
			}
		})
	}
}

// Go's resolver asks nobody for a name that is a number in the end. Such a host is nothing that exists.
func TestGuardNeverSeesANumberThatIsNoAddress(t *testing.T) {
	for _, host := range []string{"2130706433", "017700000001", "0177.0.0.1", "127.1", "127.0.1", "0", "2852039166"} {
		r := newReceiver(t, false, receivertest.Status(200))
		r.zone.Set(host, "127.0.0.1")
		err := r.sendToAllowed(t, "https://"+host+"/")
		if err == nil || !strings.Contains(err.Error(), "no such host") || r.zone.Asked()+len(r.dialled) != 0 {
			t.Errorf("%s: got %v, asked for %v, dialled %q", host, err, r.zone.Asked(), r.dialled)
		}
	}
}

func TestGuardLetsTheInternetThrough(t *testing.T) {
	for _, address := range []string{"93.184.215.14", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"} {
		r := newReceiver(t, false, nil)
		r.zone.Set("public.test", address)
		if err := r.sendToAllowed(t, "https://public.test/"); err == nil || IsPermanent(err) || len(r.dialled) != 1 {
			t.Errorf("%s: got %v after dialling %q", address, err, r.dialled)
		}
	}
}

func TestGuardRefusesAPortThatNoAllowedHostHas(t *testing.T) {
	if err := guard([]uint16{443, 8443}, false)("tcp4", "93.184.215.14:22", nil); !prohibited(err) {
		t.Errorf("got %v", err)
	}
}

func TestGuardOpensLoopbackAloneForTests(t *testing.T) {
	check := guard([]uint16{443}, true)
	for address, open := range map[string]bool{
		"127.0.0.1:443": true, "[::1]:443": true, "93.184.215.14:443": true,
		"10.0.0.1:443": false, "169.254.169.254:443": false, "[fd00:ec2::254]:443": false, "0.0.0.0:443": false,
		"[::]:443": false, "[::ffff:10.0.0.1]:443": false, "[::ffff:127.0.0.1]:443": false, "127.0.0.1:22": false,
	} {
		if got := check("tcp", address, nil); got == nil {
			t.Errorf("the network tcp passed, and a dialer passes tcp4 or tcp6")
		}
		network := "tcp4"
		if strings.HasPrefix(address, "[") {
			network = "tcp6"
		}
		if got := check(network, address, nil); (got == nil) != open {
			t.Errorf("%s: got %v, want open to be %t", address, got, open)
		}
	}
}

// The classic rebinding: a name that is public when it is looked at first, and is loopback when it is used.
func TestGuardSeesEachAnswerOfANameThatIsRebound(t *testing.T) {
	r := newReceiver(t, false, receivertest.Status(200))
	r.zone.Set("example.com", "93.184.215.14", "127.0.0.1")
	if err := r.send(t.Context(), "/"); err == nil || IsPermanent(err) {
		t.Fatalf("the public answer: %v", err)
	}
	if err := r.send(t.Context(), "/"); !IsPermanent(err) {
		t.Errorf("the loopback answer: %v", err)
	}
	if want := []string{"93.184.215.14:" + strings.TrimPrefix(r.host, "example.com:")}; !slices.Equal(r.dialled, want) {
		t.Errorf("dialled %q, want %q", r.dialled, want)
	}
}

// A redirect makes the sender look the same name up again, and now it is the metadata service.
func TestGuardSeesANameThatIsReboundBetweenTwoRedirects(t *testing.T) {
	r := newReceiver(t, true, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		w.Header().Set("Location", "/latest/meta-data/")
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	r.zone.Set("example.com", "127.0.0.1", "169.254.169.254")
	err := r.send(t.Context(), "/")
	if !IsPermanent(err) || !strings.Contains(err.Error(), "169.254.169.254") {
		t.Errorf("got %v", err)
	}
	if len(r.Requests()) != 1 || len(r.dialled) != 1 {
		t.Errorf("%d requests arrived, dialled %q", len(r.Requests()), r.dialled)
	}
}

// sendToAllowed sends one message to a URL whose host is put on the allow-list.
func (r *receiver) sendToAllowed(t *testing.T, to string) error {
	t.Helper()
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	r.allowed = []string{hostPort(target)}
	_, err = r.Send(t.Context(), contract.Message{ID: "order-1", Channel: contract.Webhook, To: to, Body: "tell-me-not"})
	return err
}
