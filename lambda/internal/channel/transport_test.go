package channel

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"

	"scheduled-messages/infra/sandbox/receivertest"
)

// A prohibited address next to one on the internet that does not answer is no reason to give up: the next attempt may
// find another answer, or the host up again. Which one comes first is the resolver's choice (RFC 6724), so there are
// many, and of both families.
func TestAProhibitedAddressAmongOthersIsNotFinal(t *testing.T) {
	for _, addresses := range []string{
		"127.0.0.1 93.184.215.14", "93.184.215.14 127.0.0.1", "10.0.0.1 93.184.215.14", "192.168.0.1 172.16.0.1 93.184.215.14",
		"::1 93.184.215.14", "fd00:ec2::254 93.184.215.14", "127.0.0.1 2606:2800:21f:cb07:6820:80da:af6b:8b2c",
	} {
		r := newReceiver(t, false, receivertest.Status(200))
		r.zone.Set("example.com", addresses)
		if err := r.send(t.Context(), "/"); err == nil || IsPermanent(err) || len(r.dialled) != 1 {
			t.Errorf("%s: got %v after dialling %q", addresses, err, r.dialled)
		}
	}
}

// The allowed one is used, whatever stands before it.
func TestAProhibitedAddressAmongOthersIsPassedOver(t *testing.T) {
	for _, addresses := range []string{"10.0.0.1 127.0.0.1", "127.0.0.1 10.0.0.1", "fd00:ec2::254 127.0.0.1"} {
		r := newReceiver(t, true, receivertest.Status(200))
		r.zone.Set("example.com", addresses)
		if err := r.send(t.Context(), "/"); err != nil || len(r.Requests()) != 1 {
			t.Errorf("%s: got %v after %d requests", addresses, err, len(r.Requests()))
		}
	}
}

func TestOnlyProhibitedAddressesAreFinal(t *testing.T) {
	r := newReceiver(t, true, receivertest.Status(200))
	r.zone.Set("example.com", "10.0.0.1 fd00:ec2::254 169.254.169.254")
	if err := r.send(t.Context(), "/"); !IsPermanent(err) || len(r.dialled) != 0 {
		t.Errorf("got %v after dialling %q", err, r.dialled)
	}
}

// net/http reads the environment's proxy once in a process's life, so that this takes a process of its own.
func TestWebhookIgnoresAProxyOfTheEnvironment(t *testing.T) {
	const inChild = "WEBHOOK_TEST_CHILD"
	if os.Getenv(inChild) != "" {
		r := newReceiver(t, true, receivertest.Status(http.StatusOK))
		if err := r.send(t.Context(), "/"); err != nil {
			t.Error(err)
		}
		return
	}
	proxy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer proxy.Close()
	var connections atomic.Int32
	go func() {
		for {
			conn, err := proxy.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			conn.Close()
		}
	}()
	child := exec.Command(os.Args[0], "-test.run=^TestWebhookIgnoresAProxyOfTheEnvironment$")
	child.Env = append(os.Environ(), inChild+"=1")
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY"} {
		child.Env = append(child.Env, name+"=http://"+proxy.Addr().String())
	}
	if output, err := child.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
	if n := connections.Load(); n != 0 {
		t.Errorf("the proxy was dialled %d times", n)
	}
}
