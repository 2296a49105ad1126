package lambdaruntime

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"sync"
)

// Lookup finds a secret's current value for an environment. The function gets its error as Secrets Manager's own.
type Lookup func(ctx context.Context, e *Environment, secretID string) (value string, err error)

// Extension stands in for the Parameters and Secrets extension of all environments of an API. As the real one does,
// it refuses an environment that was not invoked yet.
type Extension struct {
	api    *API
	lookup Lookup
	server *http.Server
	port   string

	mu      sync.Mutex
	secrets map[string]string
	faults  []int
	asked   int
	early   int
}

// ListenExtension starts a stand-in on a free loopback port, for the secrets that it is given by Put.
func ListenExtension(api *API) (*Extension, error) { return ListenExtensionFor(api, nil) }

// ListenExtensionFor starts a stand-in whose secrets are looked up.
func ListenExtensionFor(api *API, lookup Lookup) (*Extension, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	x := &Extension{api: api, lookup: lookup, port: portOf(listener), secrets: map[string]string{}}
	if lookup == nil {
		x.lookup = x.put
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /secretsmanager/get", x.get)
	x.server = &http.Server{Handler: mux}
	go x.server.Serve(listener)
	return x, nil
}

// Close stops the stand-in.
func (x *Extension) Close() error { return x.server.Close() }

// Port is the value for PARAMETERS_SECRETS_EXTENSION_HTTP_PORT.
func (x *Extension) Port() string { return x.port }

// Put sets a secret's current value.
func (x *Extension) Put(arn, value string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.secrets[arn] = value
}

// Fail has the next requests answered with these statuses, one each. Status 0 hangs up instead.
func (x *Extension) Fail(statuses ...int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.faults = append(x.faults, statuses...)
}

// Asked reports how often a secret was asked for, and how often that was before the first invocation.
func (x *Extension) Asked() (all, early int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.asked, x.early
}

// put is the lookup of what Put has set.
func (x *Extension) put(_ context.Context, _ *Environment, arn string) (string, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	value, ok := x.secrets[arn]
	if !ok {
		return "", errors.New("ResourceNotFoundException: no such secret")
	}
	return value, nil
}

func (x *Extension) get(w http.ResponseWriter, r *http.Request) {
	environment := x.api.environment(r.Header.Get("X-Aws-Parameters-Secrets-Token"))
	early := environment != nil && !environment.invoked()
	fault, faulty := x.count(early, environment != nil && !early)
	switch {
	case environment == nil:
		http.Error(w, "an error occurred: the token is not this environment's", http.StatusUnauthorized)
		return
	case early:
		http.Error(w, "not ready to serve traffic, please wait", http.StatusBadRequest)
		return
	case faulty && fault == 0:
		panic(http.ErrAbortHandler)
	case faulty:
		http.Error(w, "an unexpected error occurred while executing request", fault)
		return
	}
	arn := r.URL.Query().Get("secretId")
	value, err := x.lookup(r.Context(), environment, arn)
	if err != nil {
		http.Error(w, "api error "+err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{
		"ARN": arn, "SecretString": value, "VersionStages": []string{"AWSCURRENT"},
	})
}

// count counts a request, and takes the next fault for one that is to be answered.
func (x *Extension) count(early, answered bool) (fault int, faulty bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.asked++
	if early {
		x.early++
	}
	if !answered || len(x.faults) == 0 {
		return 0, false
	}
	fault, x.faults = x.faults[0], x.faults[1:]
	return fault, true
}
