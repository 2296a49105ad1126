package lambdatest

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

// Timeout is a function's, for tests that do not wait for it.
const Timeout = 60 * time.Second

// Cloud is what AWS gives a function: the Runtime API, and the extension with the secrets.
type Cloud struct {
	API       *lambdaruntime.API
	Extension *lambdaruntime.Extension
}

// StartCloud starts both, which stop when the test ends. The extension has NewSecrets.
func StartCloud(t testing.TB) *Cloud {
	t.Helper()
	c := &Cloud{}
	c.API, c.Extension = Start(t)
	for arn, value := range NewSecrets() {
		c.Extension.Put(arn, SecretJSON(value.Username, value.Password))
	}
	return c
}

// Environment is the environment of a function, by variable.
type Environment map[string]string

// DatabaseEnvironment has the variables that all functions with the server's database have, and more, which are names and values
// in turn.
func DatabaseEnvironment(s *mysqltest.Server, more ...string) Environment {
	e := Environment{
		contract.EnvDBHost:           s.Host,
		contract.EnvDBPort:           strconv.Itoa(s.Port),
		contract.EnvDBName:           Database,
		contract.EnvDBMaxIdleSeconds: "45",
		contract.EnvOverdueSeconds:   "4500",
		"SSL_CERT_FILE":              s.CAFile,
	}
	return e.With(more...)
}

// With is the environment with more variables or others, names and values in turn.
func (e Environment) With(more ...string) Environment {
	changed := maps.Clone(e)
	for i := 0; i < len(more); i += 2 {
		changed[more[i]] = more[i+1]
	}
	return changed
}

// Getenv reads a variable.
func (e Environment) Getenv(name string) string { return e[name] }

// Environ is the environment as KEY=value.
func (e Environment) Environ() []string {
	var all []string
	for name, value := range e {
		all = append(all, name+"="+value)
	}
	return all
}

// Run starts a compiled function with the extension's port. It stops when the test ends.
func (c *Cloud) Run(t testing.TB, binary string, e Environment, out io.Writer) *lambdaruntime.Process {
	t.Helper()
	environ := e.With("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", c.Extension.Port()).Environ()
	p, err := c.API.Start(binary, environ, out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return p
}

// Invoke hands a function an event and returns its answer, a result or an error.
func Invoke(t testing.TB, p *lambdaruntime.Process, event string, timeout time.Duration) lambdaruntime.Answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	answer, err := p.Invoke(ctx, []byte(event), timeout)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// Output keeps all that functions print.
type Output struct{ lambdaruntime.Output }

// Lines are the log's lines, each of which has to be JSON.
func (o *Output) Lines(t testing.TB) []map[string]any {
	t.Helper()
	var lines []map[string]any
	for text := range strings.Lines(o.String()) {
		line := map[string]any{}
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatalf("log line %q is not JSON: %v", text, err)
		}
		lines = append(lines, line)
	}
	return lines
}
