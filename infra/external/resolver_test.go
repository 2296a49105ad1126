package external_test

import (
	"net"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// resolver is a DNS server that knows one cluster, by way of an instance's name as Aurora's does.
type resolver struct {
	conn net.PacketConn

	mu       sync.Mutex
	address  string // "" is NXDOMAIN
	silent   bool
	asked    int            // questions for the address
	answered map[string]int // by address
}

func startResolver(t *testing.T, address string) *resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &resolver{conn: conn, address: address, answered: map[string]int{}}
	go r.serve()
	t.Cleanup(func() { conn.Close() })
	return r
}

func (r *resolver) serve() {
	buffer := make([]byte, 4096)
	for {
		n, from, err := r.conn.ReadFrom(buffer)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if err := m.Unpack(buffer[:n]); err != nil || len(m.Questions) != 1 {
			continue
		}
		if answer, ok := r.answer(m); ok {
			_, _ = r.conn.WriteTo(answer, from)
		}
	}
}

func (r *resolver) answer(m dnsmessage.Message) ([]byte, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked++
	if r.silent {
		return nil, false
	}
	m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
	question, instance := m.Questions[0], dnsmessage.MustNewName("instance.db.example.com.")
	switch {
	case r.address == "":
		m.RCode = dnsmessage.RCodeNameError
	case question.Type == dnsmessage.TypeA:
		m.Answers = []dnsmessage.Resource{
			{Header: dnsmessage.ResourceHeader{Name: question.Name, Class: question.Class, TTL: 5}, Body: &dnsmessage.CNAMEResource{CNAME: instance}},
			{Header: dnsmessage.ResourceHeader{Name: instance, Class: question.Class, TTL: 5}, Body: &dnsmessage.AResource{A: [4]byte(net.ParseIP(r.address).To4())}},
		}
	}
	r.answered[r.address]++
	packed, err := m.Pack()
	return packed, err == nil
}

// set changes what the cluster's name means from now on.
func (r *resolver) set(address string, silent bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.address, r.silent, r.asked, r.answered = address, silent, 0, map[string]int{}
}

// counts are the questions and the answers with the address since set.
func (r *resolver) counts(address string) (asked, answered int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.asked, r.answered[address]
}
