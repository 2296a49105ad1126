package main

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// receiver is a webhook receiver on this machine. A URL's path is what it answers a message with, one status after the
// other: /500,500,200 refuses twice. The last one stays.
type receiver struct {
	host   string // localhost:port, as the sender has to call it
	server *http.Server

	mu    sync.Mutex
	posts []post
}

// post is what came in.
type post struct {
	At     time.Time
	ID     string // the Idempotency-Key
	Status int    // that was answered
}

func startReceiver(certificate tls.Certificate) (*receiver, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &receiver{host: net.JoinHostPort("localhost", strconv.Itoa(listener.Addr().(*net.TCPAddr).Port))}
	r.server = &http.Server{Handler: r, TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}}
	go func() { _ = r.server.ServeTLS(listener, "", "") }()
	return r, nil
}

func (r *receiver) stop() error { return r.server.Close() }

func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	_, _ = io.Copy(io.Discard, request.Body)
	id := request.Header.Get("Idempotency-Key")
	statuses := strings.Split(strings.TrimPrefix(request.URL.Path, "/"), ",")
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, post := range r.posts {
		if post.ID == id {
			n++
		}
	}
	status, err := strconv.Atoi(statuses[min(n, len(statuses)-1)])
	if err != nil || status < 200 || status > 599 || id == "" || request.Header.Get("X-Signature") == "" {
		status = http.StatusBadRequest
	}
	r.posts = append(r.posts, post{time.Now(), id, status})
	w.WriteHeader(status)
}
