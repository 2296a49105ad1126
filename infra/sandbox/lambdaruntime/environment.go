package lambdaruntime

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"
)

// Environment is one execution environment: it takes one event at a time.
type Environment struct {
	id       string
	function Function
	address  string
	events   chan *event
	ready    chan struct{} // closed by the first request for an event: the end of init
	gone     chan struct{} // closed when the environment ended

	mu      sync.Mutex
	count   int
	readyAt time.Time
	current *event
	reason  *FunctionError
}

type event struct {
	id       string
	payload  []byte
	deadline time.Time
	handed   time.Time
	answer   chan Answer
	answered bool
}

// ID is the environment's name; functions get it as their session token.
func (e *Environment) ID() string { return e.id }

// Function is whose environment it is.
func (e *Environment) Function() Function { return e.function }

// Gone is closed when the environment has ended and takes no event any more.
func (e *Environment) Gone() <-chan struct{} { return e.gone }

// Address is the value for AWS_LAMBDA_RUNTIME_API.
func (e *Environment) Address() string { return e.address }

// Ready waits until the function has come through its init and asked for an event.
func (e *Environment) Ready(ctx context.Context) error {
	select {
	case <-e.ready:
		return nil
	case <-e.gone:
		return e.why()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Invoke hands an event to the environment and waits for its answer. A timeout, which is the function's own
// setting, ends as Lambda lets it end: with an error in the answer, and the environment gone. The error that Invoke
// returns is the context's.
func (e *Environment) Invoke(ctx context.Context, payload []byte, timeout time.Duration) (Answer, error) {
	return e.InvokeAs(ctx, "", payload, timeout)
}

// InvokeAs is Invoke with the request's id, which Lambda keeps over the retries of an event.
func (e *Environment) InvokeAs(ctx context.Context, requestID string, payload []byte, timeout time.Duration) (Answer, error) {
	event := e.newEvent(requestID, payload, timeout)
	select {
	case e.events <- event:
	case <-e.gone:
		return Answer{RequestID: event.id, Error: e.why()}, nil
	case <-ctx.Done():
		return Answer{}, ctx.Err()
	}
	limit := time.NewTimer(timeout)
	defer limit.Stop()
	answer := Answer{}
	select {
	case answer = <-event.answer:
	case <-e.gone:
		answer.Error = e.why()
	case <-limit.C:
		answer.Error = &FunctionError{"Sandbox.Timedout",
			fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", event.id, timeout.Seconds())}
		e.end(answer.Error)
	case <-ctx.Done():
		return Answer{}, ctx.Err()
	}
	answer.RequestID = event.id
	return answer, nil
}

func (e *Environment) newEvent(id string, payload []byte, timeout time.Duration) *event {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.count++
	if id == "" {
		id = e.id + "-" + strconv.Itoa(e.count)
	}
	return &event{
		id:       id,
		payload:  payload,
		deadline: time.Now().Add(timeout),
		answer:   make(chan Answer, 1),
	}
}

func (e *Environment) isReady() {
	e.mu.Lock()
	defer e.mu.Unlock()
	select {
	case <-e.ready:
	default:
		e.readyAt = time.Now()
		close(e.ready)
	}
}

// invoked reports whether the environment has had an event: until then extensions do not answer.
func (e *Environment) invoked() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.current != nil
}

func (e *Environment) begin(event *event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	event.handed = time.Now()
	e.current = event
}

func (e *Environment) finish(id string, answer Answer) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.current == nil || e.current.id != id || e.current.answered {
		return fmt.Errorf("%s is not being handled", id)
	}
	answer.Took = time.Since(e.current.handed)
	e.current.answered = true
	e.current.answer <- answer
	return nil
}

// end releases whoever waits for the environment, with the reason.
func (e *Environment) end(reason *FunctionError) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.reason == nil {
		e.reason = reason
		close(e.gone)
	}
}

func (e *Environment) why() *FunctionError {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.reason
}
