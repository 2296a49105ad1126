package channel

import (
	"testing"
)

// A prohibited address next to one on the internet that does not answer is no reason to give up: the next attempt may
// find another answer, or the host up again. Which one comes first is the resolver's choice (RFC 6724), so there are
// many, and of both families.
func TestAProhibitedAddressAmongOthersIsNotFinal(t *testing.T) {
	for _, addresses := range []string{
		"127.0.0.1 93.184.215.14", "93.184.215.14 127.0.0.1", "10.0.0.1 93.184.215.14", "192.168.0.1 172.16.0.1 93.184.215.14",
		"::1 93.184.215.14", "fd00:ec2::254 93.184.215.14", "127.0.0.1 2606:2800:21f:cb07:6820:80da:af6b:8b2c",
	} {
		r := newReceiver(t, false, status(200))
		r.zone.set("example.com", addresses)
		if err := r.send(t.Context(), "/"); err == nil || IsPermanent(err) || len(r.dialled) != 1 {
			t.Errorf("%s: got %v after dialling %q", addresses, err, r.dialled)
		}
	}
}

// The allowed one is used, whatever stands before it.
func TestAProhibitedAddressAmongOthersIsPassedOver(t *testing.T) {
	for _, addresses := range []string{"10.0.0.1 127.0.0.1", "127.0.0.1 10.0.0.1", "fd00:ec2::254 127.0.0.1"} {
		r := newReceiver(t, true, status(200))
		r.zone.set("example.com", addresses)
		if err := r.send(t.Context(), "/"); err != nil || len(r.got()) != 1 {
			t.Errorf("%s: got %v after %d requests", addresses, err, len(r.got()))
		}
	}
}

func TestOnlyProhibitedAddressesAreFinal(t *testing.T) {
	r := newReceiver(t, true, status(200))
	r.zone.set("example.com", "10.0.0.1 fd00:ec2::254 169.254.169.254")
	if err := r.send(t.Context(), "/"); !IsPermanent(err) || len(r.dialled) != 0 {
		t.Errorf("got %v after dialling %q", err, r.dialled)
	}
}
