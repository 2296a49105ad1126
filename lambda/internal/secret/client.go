// Package secret reads secrets through the AWS Parameters and Secrets Lambda extension, which answers on a port of
// the function's own environment. It keeps nothing: the caller knows how long a secret is valid.
package secret

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"
)

// The extension's names, from "Using Secrets Manager secrets in Lambda functions" in AWS's documentation.
const (
	envPort     = "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT"
	envToken    = "AWS_SESSION_TOKEN"
	headerToken = "X-Aws-Parameters-Secrets-Token"
	defaultPort = "2773"
)

const (
	attemptTimeout = 3 * time.Second        // the extension itself waits indefinitely by default
	totalTimeout   = 15 * time.Second       // of all attempts
	firstPause     = 50 * time.Millisecond  // doubled after each attempt
	longestPause   = 800 * time.Millisecond // between two attempts
	margin         = time.Second            // kept of the caller's time, to report what went wrong
	maxAnswer      = 512 << 10              // bytes; a secret is 64 KB at most, and JSON quoted twice
)

// Client asks the extension. It is safe for concurrent use.
type Client struct {
	http   *http.Client
	base   string
	getenv func(string) string
}

// NewClient makes a client for the port that the environment names, 2773 if it names none. It connects to nothing
// yet: the extension does not answer before the first invocation.
func NewClient(getenv func(string) string) *Client {
	port := getenv(envPort)
	if port == "" {
		port = defaultPort
	}
	return &Client{
		// A connection kept over the time that Lambda freezes an environment may be dead after it, and an
		// HTTP_PROXY of the function is not for this host.
		http: &http.Client{
			Transport: &http.Transport{DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10},
			// The extension redirects nobody, and another host would get the token.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		base:   "http://localhost:" + port + "/secretsmanager/get?secretId=",
		getenv: getenv,
	}
}

// Get decodes the JSON of a secret's current SecretString into the given pointer. It tries again, with pauses, what
// the extension answers while it starts or is overrun (400, 5xx, a refused connection, none at all), for 15 seconds
// or until a second before the context's deadline. Its errors say what to check and never hold a value.
func (c *Client) Get(ctx context.Context, arn string, into any) error {
	body, err := c.ask(ctx, arn)
	if err != nil {
		return fmt.Errorf("secret %s: %w", arn, err)
	}
	var answer struct{ SecretString *string }
	// The decoder's own errors quote the text, so none of them is passed on.
	if json.Unmarshal(body, &answer) != nil || answer.SecretString == nil {
		return fmt.Errorf("secret %s: the extension's answer holds no SecretString", arn)
	}
	if json.Unmarshal([]byte(*answer.SecretString), into) != nil {
		return fmt.Errorf("secret %s: its SecretString is not the JSON of a %T", arn, into)
	}
	return nil
}

func (c *Client) ask(ctx context.Context, arn string) ([]byte, error) {
	end := time.Now().Add(totalTimeout)
	if deadline, ok := ctx.Deadline(); ok && deadline.Add(-margin).Before(end) {
		end = deadline.Add(-margin)
	}
	ctx, cancel := context.WithDeadline(ctx, end)
	defer cancel()
	for attempt, pause := 1, firstPause; ; attempt, pause = attempt+1, min(2*pause, longestPause) {
		body, err := c.attempt(ctx, arn)
		if err == nil {
			return body, nil
		}
		if answered, ok := errors.AsType[responseError](err); ok && !answered.retryable() {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("after %d attempts: %w", attempt, err)
		case <-time.After(pause):
		}
	}
}

func (c *Client) attempt(ctx context.Context, arn string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+url.QueryEscape(arn), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set(headerToken, c.getenv(envToken)) // Lambda may renew it, so it is read each time
	response, err := c.http.Do(request)
	if err != nil {
		return nil, unreachable(err)
	}
	defer response.Body.Close()
	// The body of 101 Switching Protocols is the bare connection, which no context ends (golang/go#30876).
	if response.StatusCode == http.StatusSwitchingProtocols {
		return nil, responseError{status: response.StatusCode}
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, unreachable(err)
	}
	if response.StatusCode != http.StatusOK {
		return nil, responseError{status: response.StatusCode, exception: exception(body)}
	}
	return body, nil
}

// unreachable describes the cause of a request without an answer.
func unreachable(err error) error {
	var timeout net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return errors.New("the extension does not listen: is its layer attached, and was this asked during an invocation?")
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return errors.New("the extension did not answer in time: " + networkHint)
	}
	return errors.New("the extension closed the connection: " + networkHint)
}
