// Package receiver is a webhook receiver on this machine, for the messages of a sandbox.
package receiver

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"scheduled-messages/lambda/contract/webhook"
)

// Receiver is a webhook receiver on this machine. A URL's path is what it answers a message with, one status after the
// other: /500,500,200 refuses twice. The last one stays.
type Receiver struct {
	Host   string // localhost:port, as the sender has to call it
	server *http.Server

	mu    sync.Mutex
	keys  func(context.Context) ([]string, error) // that the stack signs with; nil before there is one
	posts []post
}

// post is what came in.
type post struct {
	At     time.Time
	ID     string // the Idempotency-Key
	Status int    // that was answered
}

// Start starts a receiver that shows a certificate, which is good for localhost.
func Start(certificate tls.Certificate) (*Receiver, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &Receiver{Host: net.JoinHostPort("localhost", strconv.Itoa(listener.Addr().(*net.TCPAddr).Port))}
	r.server = &http.Server{
		Handler:   r,
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12},
	}
	go func() { _ = r.server.ServeTLS(listener, "", "") }()
	return r, nil
}

// Stop stops it.
func (r *Receiver) Stop() error { return r.server.Close() }

// Trust has the receiver check signatures with the stack's keys.
func (r *Receiver) Trust(keys func(context.Context) ([]string, error)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keys = keys
}

func (r *Receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	status := r.answer(request, body)
	r.posts = append(r.posts, post{time.Now(), request.Header.Get("Idempotency-Key"), status})
	w.WriteHeader(status)
}

func (r *Receiver) answer(request *http.Request, body []byte) int {
	id := request.Header.Get("Idempotency-Key")
	if r.keys == nil || id == "" {
		return http.StatusBadRequest
	}
	keys, err := r.keys(request.Context())
	if err != nil {
		return http.StatusServiceUnavailable
	}
	// Each kind of signature is for receivers that know no other.
	type verify func(http.Header, []byte, time.Time, ...string) (string, error)
	for _, check := range []verify{webhook.Verify, webhook.VerifyXSignature} {
		if signed, err := check(request.Header, body, time.Now(), keys...); err != nil || signed != id {
			return http.StatusUnauthorized
		}
	}
	n := 0
	for _, post := range r.posts {
		if post.ID == id {
			n++
		}
	}
	statuses, err := ParseAnswers(strings.TrimPrefix(request.URL.Path, "/"))
	if err != nil {
		return http.StatusNotFound
	}
	return statuses[min(n, len(statuses)-1)]
}

// ParseAnswers reads what a receiver answers with, one status after the other. There is at least one.
func ParseAnswers(text string) ([]int, error) {
	var statuses []int
	for part := range strings.SplitSeq(text, ",") {
		status, err := strconv.Atoi(part)
		if err != nil || status < 200 || status > 599 {
			return nil, fmt.Errorf("answer is %q: must be statuses from 200 to 599 with commas between, such as 500,200", part)
		}
		statuses = append(statuses, status)
	}
	return statuses, nil
}
