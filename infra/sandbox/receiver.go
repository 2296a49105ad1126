package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/lambda/message"
)

// receiver is a webhook receiver on this machine. A URL's path is what it answers a message with, one status after the
// other: /500,500,200 refuses twice. The last one stays.
type receiver struct {
	host   string // localhost:port, as the sender has to call it
	server *http.Server

	mu    sync.Mutex
	key   func(context.Context) (string, error) // that the stack signs with; nil before there is one
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

// trust has the receiver check signatures with the stack's key.
func (r *receiver) trust(key func(context.Context) (string, error)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.key = key
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
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

func (r *receiver) answer(request *http.Request, body []byte) int {
	id := request.Header.Get("Idempotency-Key")
	if r.key == nil || id == "" {
		return http.StatusBadRequest
	}
	key, err := r.key(request.Context())
	if err != nil {
		return http.StatusServiceUnavailable
	}
	if !signed(request.Header.Get("X-Signature"), key, body) {
		return http.StatusUnauthorized
	}
	n := 0
	for _, post := range r.posts {
		if post.ID == id {
			n++
		}
	}
	statuses := strings.Split(strings.TrimPrefix(request.URL.Path, "/"), ",")
	status, err := strconv.Atoi(statuses[min(n, len(statuses)-1)])
	if err != nil || status < 200 || status > 599 {
		return http.StatusNotFound
	}
	return status
}

// signed checks t=TIME,v1=HEX, where HEX is the HMAC-SHA256 of TIME.BODY under the key, as a receiver should.
func signed(signature, key string, body []byte) bool {
	at, sum, ok := strings.Cut(signature, ",v1=")
	if at, ok = strings.CutPrefix(at, "t="); !ok {
		return false
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(at + "."))
	mac.Write(body)
	got, err := hex.DecodeString(sum)
	return err == nil && hmac.Equal(got, mac.Sum(nil))
}

// signingKey reads the key that the deployed sender signs with.
func (s *state) signingKey(ctx context.Context) (string, error) {
	sender, err := s.cloud().Function(ctx, cloud.FunctionName(s.Outputs["senderArn"]))
	if err != nil {
		return "", err
	}
	secret, err := s.cloud().Secret(ctx, sender.Environment.Variables[message.EnvWebhookSecretARN])
	if err != nil {
		return "", err
	}
	var value message.WebhookSecret
	err = json.Unmarshal([]byte(secret.Value), &value)
	return value.Key, err
}
