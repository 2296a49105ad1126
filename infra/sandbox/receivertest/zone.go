package receivertest

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// Zone is a name server of the test's own. Each look-up of a name takes the next of its answers, and the last one
// from then on. Names have no final dot.
type Zone struct {
	conn net.PacketConn

	mu      sync.Mutex
	answers map[string][]addresses
	asked   map[string]int
}

type addresses []netip.Addr

// NewZone starts a name server that knows no name.
func NewZone(t testing.TB) *Zone {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	z := &Zone{conn: conn, answers: map[string][]addresses{}, asked: map[string]int{}}
	t.Cleanup(func() { conn.Close() })
	go z.serve()
	return z
}

// Set gives a name its answers, each a list of addresses separated by spaces.
func (z *Zone) Set(name string, answers ...string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.answers[name] = nil
	for _, list := range answers {
		var a addresses
		for _, address := range strings.Fields(list) {
			a = append(a, netip.MustParseAddr(address))
		}
		z.answers[name] = append(z.answers[name], a)
	}
}

// Unset removes a name.
func (z *Zone) Unset(name string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	delete(z.answers, name)
}

// Resolver asks this name server.
func (z *Zone) Resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", z.conn.LocalAddr().String())
	}}
}

// Asked is how many look-ups there were, of names and types.
func (z *Zone) Asked() int {
	z.mu.Lock()
	defer z.mu.Unlock()
	return len(z.asked)
}

func (z *Zone) serve() {
	buffer := make([]byte, 1500)
	for {
		n, from, err := z.conn.ReadFrom(buffer)
		if err != nil {
			return
		}
		var query dnsmessage.Message
		if query.Unpack(buffer[:n]) != nil || len(query.Questions) != 1 {
			continue
		}
		reply := z.reply(query)
		if packed, err := reply.Pack(); err == nil {
			_, _ = z.conn.WriteTo(packed, from)
		}
	}
}

func (z *Zone) reply(query dnsmessage.Message) dnsmessage.Message {
	z.mu.Lock()
	defer z.mu.Unlock()
	question := query.Questions[0]
	reply := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: query.ID, Response: true, RecursionDesired: true, RecursionAvailable: true},
		Questions: query.Questions,
	}
	name := strings.ToLower(strings.TrimSuffix(question.Name.String(), "."))
	answers := z.answers[name]
	if answers == nil {
		reply.RCode = dnsmessage.RCodeNameError
		return reply
	}
	turn := name + " " + question.Type.String() // the two types of one look-up are asked for at once
	at := min(z.asked[turn], len(answers)-1)
	z.asked[turn]++
	for _, address := range answers[at] {
		header := dnsmessage.ResourceHeader{Name: question.Name, Class: question.Class}
		switch {
		case question.Type == dnsmessage.TypeA && address.Is4():
			body := &dnsmessage.AResource{A: address.As4()}
			reply.Answers = append(reply.Answers, dnsmessage.Resource{Header: header, Body: body})
		case question.Type == dnsmessage.TypeAAAA && address.Is6():
			body := &dnsmessage.AAAAResource{AAAA: address.As16()}
			reply.Answers = append(reply.Answers, dnsmessage.Resource{Header: header, Body: body})
		}
	}
	return reply
}
