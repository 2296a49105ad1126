// Package sendertest is what a compiled sender needs, for tests: SNS, and a webhook's receiver on HTTPS that the sender trusts.
package sendertest

import (
	"encoding/json"
	"encoding/pem"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/receivertest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/contract/webhook"
)

// AccessKey is the secret access key of the sender's role.
const AccessKey = "secret-access-key-of-the-role"

const webhookSecretARN = "arn:aws:secretsmanager:us-east-1:000000000000:secret:webhook-AbCdEf"

// Stack is what a compiled sender runs in.
type Stack struct {
	*lambdatest.Cloud
	Receiver *receivertest.Receiver
	Binary   string
	Roots    string // the file with the receiver's certificate

	t        testing.TB
	topicURL string

	mu      sync.Mutex
	answers []http.HandlerFunc // of the receiver, one a request, and 200 after them
}

// Start compiles the sender in a package's folder and starts what it needs.
func Start(t testing.TB, pkg string) *Stack {
	t.Helper()
	s := &Stack{t: t, Binary: lambdatest.Build(t, pkg), Cloud: lambdatest.StartCloud(t)}
	s.topicURL = lambdatest.NewTopic(nil).Start(t)
	s.Receiver = receivertest.Start(t, s.answerNext)
	s.Roots = filepath.Join(t.TempDir(), "roots.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Receiver.Server.Certificate().Raw})
	if err := os.WriteFile(s.Roots, certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *Stack) answerNext(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	var answer http.HandlerFunc
	if len(s.answers) > 0 {
		answer, s.answers = s.answers[0], s.answers[1:]
	}
	s.mu.Unlock()
	if answer != nil {
		answer(w, r)
	}
}

// Answer has the receiver handle its next requests so, one each.
func (s *Stack) Answer(handlers ...http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = append(s.answers, handlers...)
}

// AnswerStatus has the receiver answer its next request with a status and a text that no log may hold.
func (s *Stack) AnswerStatus(status int) {
	s.Answer(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "said-by-the-receiver", status) })
}

// SetKey makes one key that of all hosts.
func (s *Stack) SetKey(key string) { s.SetSecret(webhook.Secret{Key: key}) }

// SetSecret sets the secret that webhooks are signed with.
func (s *Stack) SetSecret(secret webhook.Secret) {
	value, err := json.Marshal(secret)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Extension.Put(webhookSecretARN, string(value))
}

// Host is the receiver's entry on the allow-list.
func (s *Stack) Host() string { return strings.TrimPrefix(s.Receiver.Server.URL, "https://") }

// Environment is what the program gives the sender, and what Lambda adds.
func (s *Stack) Environment() lambdatest.Environment {
	return lambdatest.Environment{
		"AWS_ACCESS_KEY_ID":             "AKIDTEST",
		"AWS_SECRET_ACCESS_KEY":         AccessKey,
		"AWS_ENDPOINT_URL_SNS":          s.topicURL,
		contract.EnvSNSTopicARN:         "arn:aws:sns:us-east-1:000000000000:messages",
		contract.EnvWebhookAllowedHosts: s.Host(),
		contract.EnvWebhookSecretARN:    webhookSecretARN,
		"SSL_CERT_FILE":                 s.Roots,
	}
}

// Invoke returns the result, or the error after which Lambda tries again.
func Invoke(t testing.TB, p *lambdaruntime.Process, event string, timeout time.Duration) (result contract.Result, err error) {
	t.Helper()
	answer := lambdatest.Invoke(t, p, event, timeout)
	if answer.Error != nil {
		return result, answer.Error
	}
	if err := json.Unmarshal(answer.Payload, &result); err != nil {
		t.Fatalf("%v: %s", err, answer.Payload)
	}
	return result, nil
}
