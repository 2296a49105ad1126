package main

import (
	"io"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// fault is what a relay does to the next bytes from a client.
type fault int

const (
	none         fault = iota
	cutRequest         // cuts the connection before the server gets them: nothing was run
	cutResponse        // cuts it when the server has answered: it was run, and the client cannot know
	swallow            // keeps them, and the connection open: the client waits
	refuseToDial       // closes new connections at once
)

// relay stands between a function and the server, on an address of its own.
type relay struct {
	listener net.Listener
	target   string

	open  atomic.Int64 // connections of clients
	mu    sync.Mutex
	fault fault
}

func startRelay(t testing.TB, address string, port int) *relay {
	t.Helper()
	listener, err := net.Listen("tcp", address+":0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	r := &relay{listener: listener, target: "127.0.0.1:" + strconv.Itoa(port)}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go r.serve(client)
		}
	}()
	return r
}

func (r *relay) port() int { return r.listener.Addr().(*net.TCPAddr).Port }

// next sets what happens to the next bytes.
func (r *relay) next(f fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fault = f
}

func (r *relay) take() fault {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := r.fault
	if f != refuseToDial {
		r.fault = none
	}
	return f
}

func (r *relay) serve(client net.Conn) {
	r.open.Add(1)
	defer r.open.Add(-1)
	defer client.Close()
	server, err := net.Dial("tcp", r.target)
	if err != nil {
		return
	}
	defer server.Close()
	answers := &gate{Conn: client}
	go func() {
		io.Copy(answers, server)
		client.Close()
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		switch r.take() {
		case cutRequest, refuseToDial:
			return
		case cutResponse:
			answers.shut()
		case swallow:
			continue
		}
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// gate is a connection that can be told to take nothing more: the next write closes it.
type gate struct {
	net.Conn
	mu     sync.Mutex
	closed bool
}

func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
}

func (g *gate) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		g.Conn.Close()
		return 0, io.ErrClosedPipe
	}
	return g.Conn.Write(p)
}
