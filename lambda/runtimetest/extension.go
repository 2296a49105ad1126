package runtimetest

import (
	"encoding/json"
	"net"
	"net/http"
	"sync"
)

// Extension stands in for the Parameters and Secrets extension of all environments of an API. As the real one does,
// it refuses an environment that was not invoked yet.
type Extension struct {
	api    *API
	server *http.Server
	port   string

	mu      sync.Mutex
	secrets map[string]string
	faults  []int
	asked   int
	early   int
}

// ListenExtension starts a stand-in on a free loopback port.
func ListenExtension(api *API) (*Extension, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	x := &Extension{api: api, port: portOf(listener), secrets: map[string]string{}}
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

// Asked says how often a secret was asked for, and how often that was before the first invocation.
func (x *Extension) Asked() (all, early int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.asked, x.early
}

func (x *Extension) get(w http.ResponseWriter, r *http.Request) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.asked++
	environment := x.api.environment(r.Header.Get("X-Aws-Parameters-Secrets-Token"))
	switch {
	case environment == nil:
		http.Error(w, "an error occurred: the token is not this environment's", http.StatusUnauthorized)
		return
	case !environment.invoked():
		x.early++
		http.Error(w, "not ready to serve traffic, please wait", http.StatusBadRequest)
		return
	case len(x.faults) > 0 && x.faults[0] == 0:
		x.faults = x.faults[1:]
		panic(http.ErrAbortHandler)
	case len(x.faults) > 0:
		status := x.faults[0]
		x.faults = x.faults[1:]
		http.Error(w, "an unexpected error occurred while executing request", status)
		return
	}
	arn := r.URL.Query().Get("secretId")
	value, ok := x.secrets[arn]
	if !ok {
		http.Error(w, "api error ResourceNotFoundException: no such secret", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{
		"ARN": arn, "SecretString": value, "VersionStages": []string{"AWSCURRENT"},
	})
}
