package lambdaruntime

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"sync"
	"time"

	"scheduled-messages/infra/sandbox/process"
)

// Process is a compiled function that runs in an environment.
type Process struct {
	*Environment
	api     *API
	command *exec.Cmd
	started time.Time
	exited  chan struct{}
	stop    sync.Once
}

// Start runs a compiled function in a new environment. It sees no variable but Lambda's own, the given ones
// ("KEY=value") and the marks of who started it; what it prints goes to output.
func (a *API) Start(binary string, environ []string, output io.Writer) (*Process, error) {
	return a.StartFunction(testFunction(), binary, environ, output)
}

// StartFunction is Start for a function with a name and an ARN of its own.
func (a *API) StartFunction(f Function, binary string, environ []string, output io.Writer) (*Process, error) {
	e := a.newEnvironment(f)
	command := exec.Command(binary)
	command.Env = append([]string{
		"AWS_LAMBDA_RUNTIME_API=" + e.Address(),
		"AWS_SESSION_TOKEN=" + e.ID(),
		"AWS_LAMBDA_FUNCTION_NAME=" + f.Name,
		"AWS_REGION=us-east-1",
		"TZ=:UTC",
	}, append(process.Marks(), environ...)...)
	command.Stdout, command.Stderr = output, output
	command.SysProcAttr = process.DieWithParent(nil)
	p := &Process{Environment: e, api: a, command: command, exited: make(chan struct{}), started: time.Now()}
	if err := command.Start(); err != nil {
		a.forget(e)
		return nil, fmt.Errorf("start %s: %w", binary, err)
	}
	go func() {
		defer close(p.exited)
		err := command.Wait()
		if err == nil {
			err = fmt.Errorf("exit status 0")
		}
		e.end(&FunctionError{"Runtime.ExitError", "Error: Runtime exited with error: " + err.Error()})
	}()
	return p, nil
}

// PID is the process's number.
func (p *Process) PID() int { return p.command.Process.Pid }

// Init waits for the end of the function's init and reports how long it took from the start of the process.
func (p *Process) Init(ctx context.Context) (time.Duration, error) {
	if err := p.Ready(ctx); err != nil {
		return 0, err
	}
	return p.readyAt.Sub(p.started), nil
}

// Stop ends the process, as Lambda does without a warning, and waits until it is gone.
func (p *Process) Stop() {
	p.stop.Do(func() { _ = p.command.Process.Kill() }) // or it has ended by itself
	<-p.exited
	p.api.forget(p.Environment)
}
