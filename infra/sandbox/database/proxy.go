package database

import (
	"context"
	"fmt"
	"io"
	"net"
	"sync"
)

// proxy stands in for an RDS Proxy: at an address of its own, it leads to the server that is its target. The pool is the one
// before that server.
type proxy struct {
	host     string
	listener net.Listener
	serving  context.Context // until it is stopped
	end      context.CancelFunc

	mu     sync.Mutex
	target string // host:port, "" without one
}

// CreateProxy gives a proxy an address. Until it has a target, it ends each connection.
func (c *Clusters) CreateProxy(name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	host, err := c.freeHost()
	if err != nil {
		return err
	}
	p := &proxy{host: host}
	if p.listener, err = net.Listen("tcp", at(host)); err != nil {
		return err
	}
	p.serving, p.end = context.WithCancel(context.Background())
	c.hosts, c.proxies[name] = c.hosts[1:], p
	go p.serve()
	return nil
}

// SetTarget has a proxy lead to a server from the next connection on, or nowhere if that is "".
func (c *Clusters) SetTarget(name, server string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, d := c.proxies[name], c.running[server]
	if p == nil || d == nil && server != "" {
		return fmt.Errorf("proxy %s, target %q: one of them is not there", name, server)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = ""
	if d != nil {
		p.target = at(d.Host)
	}
	return nil
}

// DeleteProxy ends a proxy and its connections.
func (c *Clusters) DeleteProxy(name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.proxies[name]
	if p == nil {
		return nil
	}
	delete(c.proxies, name)
	c.hosts = append(c.hosts, p.host)
	return p.stop()
}

// ProxyHost is where a proxy is, and "" without one.
func (c *Clusters) ProxyHost(name string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.proxies[name]; p != nil {
		return p.host
	}
	return ""
}

func (p *proxy) stop() error {
	p.end()
	return p.listener.Close()
}

func (p *proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.carry(client)
	}
}

// carry carries a connection to the target until one side ends it, or the proxy is stopped.
func (p *proxy) carry(client net.Conn) {
	defer client.Close()
	p.mu.Lock()
	target := p.target
	p.mu.Unlock()
	if target == "" {
		return
	}
	server, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	end := func() { _, _ = client.Close(), server.Close() }
	defer context.AfterFunc(p.serving, end)()
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{server, client}, {client, server}} {
		both.Go(func() {
			defer end()
			_, _ = io.Copy(way[0], way[1])
		})
	}
	both.Wait()
}
