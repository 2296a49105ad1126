package lambdaruntime

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// SecretsManager stands in for AWS Secrets Manager, as far as a rotation needs it: values in versions that never
// change, the labels that stand for a rotation's progress, and the four steps. It speaks the service's JSON protocol
// and, like the service, continues a rotation that did not finish under the same version.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/
type SecretsManager struct {
	// Watch, when set before the first request, is called as each operation begins and before it is answered.
	Watch func(operation string, done bool)
	// Current, when set before the first request, is called with each value that becomes the current one.
	Current func(arn, value string)

	// Off, when set before the first request, leaves rotation switched off.
	Off bool

	server *http.Server
	url    string

	mu      sync.Mutex
	secrets map[string]map[string]*version // by ARN and version id
}

// version is one version of a secret.
type version struct {
	value  string // empty: none yet
	labels []string
}

// ListenSecretsManager starts a stand-in on a free loopback port.
func ListenSecretsManager() (*SecretsManager, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &SecretsManager{url: "http://" + listener.Addr().String(), secrets: map[string]map[string]*version{}}
	s.server = &http.Server{Handler: s}
	go s.server.Serve(listener)
	return s, nil
}

// Close stops the stand-in.
func (s *SecretsManager) Close() error { return s.server.Close() }

// URL is the value for AWS_ENDPOINT_URL.
func (s *SecretsManager) URL() string { return s.url }

// Put makes a secret again, with one version that is the current one and has some more labels.
func (s *SecretsManager) Put(arn, value string, labels ...string) {
	s.mu.Lock()
	s.secrets[arn] = map[string]*version{"version-of-the-program": {value, append(labels, "AWSCURRENT")}}
	s.mu.Unlock()
	s.notify(arn, value)
}

// Label is the value that a label stands for, and its version's id; both are empty when there is none.
func (s *SecretsManager) Label(arn, label string) (value, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id = s.labelled(arn, label)
	if id == "" {
		return "", ""
	}
	return s.secrets[arn][id].value, id
}

// Rotate does what RotateSecret does: it labels the version with the token, which has no value yet, as pending, and
// has the function take one step after the other until one fails. A rotation that is not complete is continued
// instead, whatever the token.
func (s *SecretsManager) Rotate(arn, token string, function func(event []byte) error) error {
	s.mu.Lock()
	if pending := s.labelled(arn, "AWSPENDING"); pending != "" && pending != s.labelled(arn, "AWSCURRENT") {
		token = pending
	} else {
		s.label(arn, token, "AWSPENDING")
	}
	s.mu.Unlock()
	for _, step := range []string{"createSecret", "setSecret", "testSecret", "finishSecret"} {
		if err := function(StepEvent(arn, token, step)); err != nil {
			return fmt.Errorf("%s: %w", step, err)
		}
	}
	return nil
}

// StepEvent is what Secrets Manager invokes a rotation function with.
func StepEvent(arn, token, step string) []byte {
	return fmt.Appendf(nil, `{"Step":%q,"SecretId":%q,"ClientRequestToken":%q,"RotationToken":"of-the-rotation"}`, step, arn, token)
}

// label moves a label to a version, which may be a new one.
func (s *SecretsManager) label(arn, id, label string) {
	if old := s.labelled(arn, label); old != "" {
		v := s.secrets[arn][old]
		v.labels = slices.DeleteFunc(v.labels, func(l string) bool { return l == label })
	}
	if s.secrets[arn][id] == nil {
		s.secrets[arn][id] = &version{}
	}
	s.secrets[arn][id].labels = append(s.secrets[arn][id].labels, label)
}

func (s *SecretsManager) labelled(arn, label string) string {
	for id, v := range s.secrets[arn] {
		if slices.Contains(v.labels, label) {
			return id
		}
	}
	return ""
}

func (s *SecretsManager) notify(arn, value string) {
	if s.Current != nil {
		s.Current(arn, value)
	}
}

// ServeHTTP answers one operation.
func (s *SecretsManager) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	var input secretsInput
	if err := json.NewDecoder(r.Body).Decode(&input); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if s.Watch != nil {
		s.Watch(operation, false)
		defer s.Watch(operation, true)
	}
	output, err := s.answer(operation, input)
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	var refused exception
	if errors.As(err, &refused) {
		w.WriteHeader(http.StatusBadRequest)
		output = map[string]any{"__type": string(refused), "message": "refused by the stand-in"}
	}
	json.NewEncoder(w).Encode(output)
}
