// Package endpoint is a local AWS for the sandbox and the tests: moto as a child process, and in front of it a proxy
// that adds the little that moto 5.2.1 lacks for this project's program, and refuses the requests that AWS refuses: moto
// accepts most of those. It serves whoever has its keys, made anew for each run, and nobody else. Everything is in memory
// and gone when it ends. No policy is checked, schedules do not fire, and without Databases proxies carry no traffic.
package endpoint

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"

	"scheduled-messages/infra/sandbox/endpoint/model"
	"scheduled-messages/infra/sandbox/endpoint/moto"
	"scheduled-messages/infra/sandbox/endpoint/verifier"
	"scheduled-messages/infra/sandbox/sigv4"
	"scheduled-messages/infra/sandbox/socket"
)

// Options say where to serve, and what.
type Options struct {
	Listen string    // host:port; port 0 is any free one
	Moto   string    // the path of moto_server; "" is the one on PATH
	Log    io.Writer // moto's log, each call and why it was refused, and what the proxy could not do; nil drops it
	// Functions takes Lambda's Invoke requests: the base URL of a server, or unix:///path of its socket. If it is empty, moto
	// answers them, and runs nothing.
	Functions string
	Databases Databases  // behind RDS's clusters, instances and proxies; nil: none, and their addresses are moto's own
	Keys      sigv4.Keys // that requests must be signed with; none: new ones
}

// Endpoint is a running endpoint.
type Endpoint struct {
	url   string
	keys  sigv4.Keys
	moto  *moto.Server
	ended chan struct{}
	err   error // why, once ended
}

// Start returns once the endpoint answers. It lives as long as ctx, and leaves no process behind.
func Start(ctx context.Context, o Options) (*Endpoint, error) {
	if o.Moto == "" {
		o.Moto = "moto_server"
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	if o.Keys == (sigv4.Keys{}) {
		o.Keys = sigv4.New()
	}
	var functions *socket.Upstream
	if o.Functions != "" {
		at, err := socket.UpstreamAt(o.Functions)
		if err != nil {
			return nil, fmt.Errorf("functions: %w", err)
		}
		functions = &at
	}
	listener, err := net.Listen("tcp", o.Listen) // first: an address in use should not cost a start of moto
	if err != nil {
		return nil, err
	}
	models, err := model.Installed(ctx, o.Moto)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	child, cancel := context.WithCancel(ctx)
	below, err := moto.Start(child, o.Moto, o.Log)
	if err != nil {
		cancel()
		return nil, errors.Join(err, listener.Close())
	}
	logger := log.New(o.Log, "endpoint: ", log.LstdFlags)
	handler := strict(verifier.New(models), state{below.Transport}, newAsked(), logger,
		front(o.Keys, below.Upstream, functions, o.Databases, logger))
	server := &http.Server{Handler: guard(o.Keys, handler), ErrorLog: logger}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	e := &Endpoint{url: "http://" + listener.Addr().String(), keys: o.Keys, moto: below, ended: make(chan struct{})}
	go func() {
		defer close(e.ended)
		defer cancel()
		select {
		case err = <-below.Ended:
			server.Close()
			<-served
		case err = <-served:
			cancel()
			<-below.Ended
		}
		if ctx.Err() == nil { // asked for, an end is no error
			e.err = err
		}
	}()
	return e, nil
}

// URL is the endpoint's address, what AWS_ENDPOINT_URL takes.
func (e *Endpoint) URL() string { return e.url }

// Keys are those that requests must be signed with, whatever the account or the role.
func (e *Endpoint) Keys() sigv4.Keys { return e.keys }

// Wait returns when the endpoint has ended: nil after the end of Start's context, otherwise what ended it.
func (e *Endpoint) Wait() error {
	<-e.ended
	return e.err
}
