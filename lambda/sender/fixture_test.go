package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/lambda/contract"
)

const (
	webhookSecretARN = "arn:aws:secretsmanager:us-east-1:000000000000:secret:webhook-AbCdEf"
	accessKey        = "secret-access-key-of-the-role"
)

// stack is what stands around a compiled sender: the Runtime API, the extension, SNS, and a webhook's receiver on
// HTTPS that the sender trusts by SSL_CERT_FILE.
type stack struct {
	t         testing.TB
	binary    string
	api       *lambdaruntime.API
	extension *lambdaruntime.Extension
	topic     *httptest.Server
	receiver  *httptest.Server
	roots     string // file

	mu       sync.Mutex
	answers  []func(http.ResponseWriter, *http.Request) // of the receiver, one a request, and 200 after them
	requests []request
}

type request struct {
	header     http.Header
	path, body string
}

func newStack(t testing.TB) *stack {
	t.Helper()
	s := &stack{t: t}
	s.binary = lambdatest.Build(t, ".")
	s.api, s.extension = lambdatest.Start(t)
	s.topic = httptest.NewServer(http.HandlerFunc(publish))
	t.Cleanup(s.topic.Close)
	s.receiver = httptest.NewUnstartedServer(http.HandlerFunc(s.receive))
	s.receiver.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.receiver.StartTLS()
	t.Cleanup(s.receiver.Close)
	s.roots = filepath.Join(t.TempDir(), "roots.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.receiver.Certificate().Raw})
	if err := os.WriteFile(s.roots, certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}

// publish is SNS's answer to a Publish.
func publish(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/xml")
	fmt.Fprint(w, `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>provider-1`+
		`</MessageId></PublishResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishResponse>`)
}

func (s *stack) receive(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.requests = append(s.requests, request{r.Header, r.URL.Path, string(body)})
	var answer func(http.ResponseWriter, *http.Request)
	if len(s.answers) > 0 {
		answer, s.answers = s.answers[0], s.answers[1:]
	}
	s.mu.Unlock()
	if answer != nil {
		answer(w, r)
	}
}

// answer has the receiver answer its next requests with these statuses.
func (s *stack) answer(statuses ...int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, status := range statuses {
		s.answers = append(s.answers, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "said-by-the-receiver", status) })
	}
}

func (s *stack) got() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

func (s *stack) setKey(key string) { s.setSecret(contract.WebhookSecret{Key: key}) }

func (s *stack) setSecret(secret contract.WebhookSecret) {
	value, err := json.Marshal(secret)
	if err != nil {
		s.t.Fatal(err)
	}
	s.extension.Put(webhookSecretARN, string(value))
}

// host is the receiver's entry on the allow-list.
func (s *stack) host() string { return strings.TrimPrefix(s.receiver.URL, "https://") }

// environment is what the program gives the sender, and what Lambda adds. More variables come after it.
func (s *stack) environment(more ...string) []string {
	return append([]string{
		"AWS_ACCESS_KEY_ID=AKIDTEST", "AWS_SECRET_ACCESS_KEY=" + accessKey, "AWS_ENDPOINT_URL_SNS=" + s.topic.URL,
		"SNS_TOPIC_ARN=arn:aws:sns:us-east-1:000000000000:messages",
		"WEBHOOK_ALLOWED_HOSTS=" + s.host(), "WEBHOOK_SECRET_ARN=" + webhookSecretARN,
		"PARAMETERS_SECRETS_EXTENSION_HTTP_PORT=" + s.extension.Port(), "SSL_CERT_FILE=" + s.roots,
	}, more...)
}

// function is a sender that runs.
type function struct {
	*lambdaruntime.Process
	t      testing.TB
	output *bytes.Buffer // to be read after Stop
}

func (s *stack) start(environment []string) *function {
	s.t.Helper()
	return s.startBinary(s.binary, environment)
}

func (s *stack) startBinary(binary string, environment []string) *function {
	s.t.Helper()
	f := &function{t: s.t, output: new(bytes.Buffer)}
	var err error
	if f.Process, err = s.api.Start(binary, environment, f.output); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(f.Stop)
	return f
}

// invoke returns the result, or the error that Lambda's retries would follow.
func (f *function) invoke(event string, timeout time.Duration) (contract.Result, error) {
	f.t.Helper()
	answer, err := f.Invoke(context.Background(), []byte(event), timeout)
	if err != nil {
		f.t.Fatal(err)
	}
	if answer.Error != nil {
		return contract.Result{}, answer.Error
	}
	var result contract.Result
	if err := json.Unmarshal(answer.Payload, &result); err != nil {
		f.t.Fatalf("%v: %s", err, answer.Payload)
	}
	return result, nil
}
