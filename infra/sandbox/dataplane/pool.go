package dataplane

import (
	"context"
	"io"
	"sync"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/infra/sandbox/lambdaruntime"
)

// pool is the environments of one function as it is deployed at one time. They are made on demand and kept warm.
type pool struct {
	cloud.Function
	plane    *plane
	deployed string // by which a change is seen
	binary   string
	output   io.Writer
	slots    chan struct{}

	mu     sync.Mutex
	closed bool
	idle   []*lambdaruntime.Process
}

func newPool(p *plane, f cloud.Function, deployed, binary string) *pool {
	return &pool{
		Function: f, plane: p, deployed: deployed, binary: binary, output: p.output,
		slots: make(chan struct{}, p.options.Concurrency),
	}
}

// invoke has an environment handle an event. Its error is none of the function's own.
func (f *pool) invoke(ctx context.Context, requestID string, payload []byte) (lambdaruntime.Answer, error) {
	select {
	case f.slots <- struct{}{}:
		defer func() { <-f.slots }()
	case <-ctx.Done():
		return lambdaruntime.Answer{}, ctx.Err()
	}
	if err := f.plane.assume(ctx, f.RoleARN, "lambda.amazonaws.com", nil); err != nil {
		if refusal := asRefused(err); refusal != nil {
			return lambdaruntime.Answer{Error: &lambdaruntime.FunctionError{Type: refusal.code, Message: refusal.message}}, nil
		}
		return lambdaruntime.Answer{}, err
	}
	process, err := f.take()
	if err != nil {
		return lambdaruntime.Answer{}, &broken{err}
	}
	answer, err := process.InvokeAs(ctx, requestID, payload, time.Duration(f.Timeout)*time.Second)
	select {
	case <-process.Gone():
		process.Stop()
	default:
		if err != nil {
			process.Stop() // in the middle of an event
		} else {
			f.give(process)
		}
	}
	return answer, err
}

func (f *pool) take() (*lambdaruntime.Process, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.idle) > 0 {
		last := f.idle[len(f.idle)-1]
		f.idle = f.idle[:len(f.idle)-1]
		select {
		case <-last.Gone(): // it ended between two events
			last.Stop()
		default:
			return last, nil
		}
	}
	identity := lambdaruntime.Function{Name: f.Name, ARN: f.ARN}
	return f.plane.runtime.StartFunction(identity, f.binary, f.plane.environ(f.Function), f.output)
}

func (f *pool) give(process *lambdaruntime.Process) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		process.Stop()
		return
	}
	f.idle = append(f.idle, process)
}

// close ends the environments: the idle ones now, the others after their event.
func (f *pool) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	for _, process := range f.idle {
		process.Stop()
	}
	f.idle = nil
}
