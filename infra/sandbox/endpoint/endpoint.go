// Package endpoint is a local AWS for the sandbox and the tests: moto as a child process, and in front of it a proxy
// that adds the little that moto 5.2.1 lacks for this project's program, and refuses the requests that AWS refuses: moto
// accepts most of those. Everything is in memory and gone when it ends. No signature and no policy is checked, schedules
// do not fire, and proxies carry no traffic.
package endpoint

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"

	"scheduled-messages/infra/sandbox/endpoint/judge"
	"scheduled-messages/infra/sandbox/endpoint/model"
)

// Options say where to serve and what to tell.
type Options struct {
	Listen       string    // host:port; port 0 is any free one
	Moto         string    // the path of moto_server; "" is the one on PATH
	Log          io.Writer // moto's log, each call and why it was refused, and what the proxy could not do; nil drops it
	Functions    string    // the base URL that takes Lambda's Invoke requests; "": moto answers them and runs nothing
	DatabaseHost string    // told as the address of every cluster, instance and RDS proxy; "": moto's own names
}

// Endpoint is a running endpoint.
type Endpoint struct {
	url   string
	moto  *moto
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
	functions, err := base(o.Functions)
	if err != nil {
		return nil, fmt.Errorf("functions: %w", err)
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
	moto, err := startMoto(child, o.Moto, o.Log)
	if err != nil {
		cancel()
		return nil, errors.Join(err, listener.Close())
	}
	logger := log.New(o.Log, "endpoint: ", log.LstdFlags)
	handler := strict(judge.New(models), state{moto.url.String()}, logger, front(moto.url, functions, o.DatabaseHost, logger))
	server := &http.Server{Handler: handler, ErrorLog: logger}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	e := &Endpoint{url: "http://" + listener.Addr().String(), moto: moto, ended: make(chan struct{})}
	go func() {
		defer close(e.ended)
		defer cancel()
		select {
		case err = <-moto.ended:
			server.Close()
			<-served
		case err = <-served:
			cancel()
			<-moto.ended
		}
		if ctx.Err() == nil { // asked for, an end is no error
			e.err = err
		}
	}()
	return e, nil
}

// URL is the endpoint's address, what AWS_ENDPOINT_URL takes.
func (e *Endpoint) URL() string { return e.url }

// Wait returns when the endpoint has ended: nil after the end of Start's context, otherwise what ended it.
func (e *Endpoint) Wait() error {
	<-e.ended
	return e.err
}

func base(address string) (*url.URL, error) {
	if address == "" {
		return nil, nil
	}
	u, err := url.Parse(address)
	if err == nil && (u.Host == "" || u.Scheme != "http") {
		err = fmt.Errorf("%s is no http URL", address)
	}
	return u, err
}
