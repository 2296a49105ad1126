// Package lambdaruntime runs compiled functions as Lambda does: under its Runtime API, version 2018-06-01, on a loopback
// port, next to a stand-in for the Parameters and Secrets extension. One server holds any number of environments.
package lambdaruntime

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// maxResponse is the size of a synchronous invocation's answer that Lambda takes, in bytes.
const maxResponse = 6 << 20

// API is a Runtime API. Each of its environments has a path of its own on the one port, which AWS_LAMBDA_RUNTIME_API
// may hold, and which cannot be guessed: other users of the machine reach the port, too.
type API struct {
	server *http.Server
	port   string

	mu           sync.Mutex
	count        int
	environments map[string]*Environment
}

// Function names an environment's function.
type Function struct {
	Name, ARN string
}

// testFunction is what a function in a test is.
func testFunction() Function {
	return Function{Name: "test", ARN: "arn:aws:lambda:us-east-1:000000000000:function:test"}
}

// Listen starts an API on a free loopback port.
func Listen() (*API, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	a := &API{port: portOf(listener), environments: map[string]*Environment{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{environment}/2018-06-01/runtime/invocation/next", a.with(next))
	mux.HandleFunc("POST /{environment}/2018-06-01/runtime/invocation/{id}/response", a.with(response))
	mux.HandleFunc("POST /{environment}/2018-06-01/runtime/invocation/{id}/error", a.with(failure))
	mux.HandleFunc("POST /{environment}/2018-06-01/runtime/init/error", a.with(initError))
	a.server = &http.Server{Handler: mux}
	go a.server.Serve(listener)
	return a, nil
}

// Close stops the API; whatever waits for a next event is cut off.
func (a *API) Close() error { return a.server.Close() }

// NewEnvironment adds an environment of a function that only a test knows.
func (a *API) NewEnvironment() *Environment { return a.newEnvironment(testFunction()) }

func (a *API) newEnvironment(f Function) *Environment {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.count++
	id := "environment-" + strconv.Itoa(a.count) + "-" + rand.Text()
	e := &Environment{
		id:       id,
		function: f,
		address:  "127.0.0.1:" + a.port + "/" + id,
		events:   make(chan *event),
		ready:    make(chan struct{}),
		gone:     make(chan struct{}),
	}
	a.environments[id] = e
	return e
}

func (a *API) environment(id string) *Environment {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.environments[id]
}

func (a *API) forget(e *Environment) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.environments, e.id)
}

func (a *API) with(handle func(*Environment, http.ResponseWriter, *http.Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		e := a.environment(r.PathValue("environment"))
		if e == nil {
			http.NotFound(w, r)
			return
		}
		handle(e, w, r)
	}
}

// next answers with the environment's next event as soon as there is one.
func next(e *Environment, w http.ResponseWriter, r *http.Request) {
	e.isReady()
	select {
	case <-r.Context().Done():
	case event := <-e.events:
		e.begin(event)
		header := w.Header()
		header.Set("Content-Type", "application/json")
		header.Set("Lambda-Runtime-Aws-Request-Id", event.id)
		header.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(event.deadline.UnixMilli(), 10))
		header.Set("Lambda-Runtime-Invoked-Function-Arn", e.function.ARN)
		header.Set("Lambda-Runtime-Trace-Id", "Root=1-00000000-000000000000000000000000;Sampled=0")
		w.Write(event.payload)
	}
}

func response(e *Environment, w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxResponse+1))
	if err != nil {
		return // the function went away in the middle of it
	}
	answer := Answer{Payload: body}
	status := http.StatusAccepted
	if len(body) > maxResponse {
		answer = Answer{Error: &FunctionError{"Function.ResponseSizeTooLarge", "response too large"}}
		status = http.StatusRequestEntityTooLarge
	}
	respond(w, status, e.finish(r.PathValue("id"), answer))
}

func failure(e *Environment, w http.ResponseWriter, r *http.Request) {
	problem := new(FunctionError)
	if err := json.NewDecoder(io.LimitReader(r.Body, maxResponse)).Decode(problem); err != nil {
		problem.Message = err.Error()
	}
	respond(w, http.StatusAccepted, e.finish(r.PathValue("id"), Answer{Error: problem}))
}

func initError(e *Environment, w http.ResponseWriter, r *http.Request) {
	problem := new(FunctionError)
	if err := json.NewDecoder(io.LimitReader(r.Body, maxResponse)).Decode(problem); err != nil {
		problem.Message = err.Error()
	}
	e.end(problem)
	respond(w, http.StatusAccepted, nil)
}

func respond(w http.ResponseWriter, status int, err error) {
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		json.NewEncoder(w).Encode(FunctionError{"InvalidRequestID", err.Error()})
		return
	}
	w.WriteHeader(status)
	io.WriteString(w, `{"status":"OK"}`)
}

func portOf(listener net.Listener) string {
	return strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
}

// Answer is the result of an invocation: a payload, or an error.
type Answer struct {
	RequestID string
	Payload   []byte
	Error     *FunctionError
	Took      time.Duration // from handing the event to the environment to its answer
}

// FunctionError is an error as a function's caller, or the record of a destination, sees it.
type FunctionError struct {
	Type    string `json:"errorType"`
	Message string `json:"errorMessage"`
}

func (e *FunctionError) Error() string { return fmt.Sprintf("%s: %s", e.Type, e.Message) }
