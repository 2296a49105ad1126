package cloud

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Function is a deployed function.
type Function struct {
	Name          string   `json:"FunctionName"`
	ARN           string   `json:"FunctionArn"` // unqualified
	RoleARN       string   `json:"Role"`
	Timeout       int      // seconds
	MemorySize    int      // MB
	CodeSHA256    string   `json:"CodeSha256"`
	Architectures []string // one
	Environment   struct{ Variables map[string]string }
	Layers        []Layer
	Code          string `json:"-"` // where its zip can be had
}

// Layer is one of a function's layers, in one version.
type Layer struct {
	ARN string `json:"Arn"`
}

// FunctionName is the name in a function's ARN, or the name itself; a qualifier is left out, as there are no versions.
func FunctionName(name string) string {
	if _, rest, ok := strings.Cut(name, ":function:"); ok {
		name = rest
	}
	name, _, _ = strings.Cut(name, ":")
	return name
}

// Function finds a function by its name.
func (c *Client) Function(ctx context.Context, name string) (Function, error) {
	var found struct {
		Configuration Function
		Code          struct{ Location string }
	}
	err := c.rest(ctx, "lambda", http.MethodGet, "/2015-03-31/functions/"+url.PathEscape(name), nil, &found)
	found.Configuration.Code = found.Code.Location
	return found.Configuration, err
}

// Functions lists all functions, without where their code is.
func (c *Client) Functions(ctx context.Context) (all []Function, err error) {
	for marker := ""; ; {
		var found struct {
			Functions  []Function
			NextMarker string
		}
		path := "/2015-03-31/functions/?Marker=" + url.QueryEscape(marker)
		if err := c.rest(ctx, "lambda", http.MethodGet, path, nil, &found); err != nil {
			return nil, err
		}
		all = append(all, found.Functions...)
		if marker = found.NextMarker; marker == "" {
			return all, nil
		}
	}
}

// FunctionCode downloads a function's zip.
func (c *Client) FunctionCode(ctx context.Context, f Function) ([]byte, error) {
	path, ok := strings.CutPrefix(f.Code, c.Endpoint)
	if !ok {
		return nil, fmt.Errorf("the code of %s is not at the endpoint", f.Name)
	}
	_, code, err := c.do(ctx, "", http.MethodGet, path, http.Header{}, nil) // the address is signed itself
	return code, err
}

// Asynchronous is how a function's asynchronous invocations are retried and where their results go.
type Asynchronous struct {
	Retries   int    // after the first attempt
	MaxAge    int    // seconds
	OnSuccess string // ARNs of destinations, "" for none
	OnFailure string
}

// Asynchronous finds a function's configuration, or AWS's defaults.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html
func (c *Client) Asynchronous(ctx context.Context, name string) (Asynchronous, error) {
	type destination struct{ Destination string }
	var found struct {
		MaximumRetryAttempts, MaximumEventAgeInSeconds *int
		DestinationConfig                              struct{ OnSuccess, OnFailure destination }
	}
	a := Asynchronous{Retries: 2, MaxAge: 6 * 60 * 60}
	err := c.rest(ctx, "lambda", http.MethodGet, "/2019-09-25/functions/"+url.PathEscape(name)+"/event-invoke-config", nil, &found)
	if NotFound(err) {
		return a, nil
	}
	if found.MaximumRetryAttempts != nil {
		a.Retries = *found.MaximumRetryAttempts
	}
	if found.MaximumEventAgeInSeconds != nil {
		a.MaxAge = *found.MaximumEventAgeInSeconds
	}
	a.OnSuccess, a.OnFailure = found.DestinationConfig.OnSuccess.Destination, found.DestinationConfig.OnFailure.Destination
	return a, err
}

// Throttled reports whether a function's reserved concurrency is 0, so that Lambda runs none of it.
// https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConcurrency.html
func (c *Client) Throttled(ctx context.Context, name string) (bool, error) {
	var found struct{ ReservedConcurrentExecutions *int }
	err := c.rest(ctx, "lambda", http.MethodGet, "/2019-09-30/functions/"+url.PathEscape(name)+"/concurrency", nil, &found)
	return found.ReservedConcurrentExecutions != nil && *found.ReservedConcurrentExecutions == 0, err
}

// Invoke invokes a function and waits for what it answers. A failure of the function itself is an error, too.
func (c *Client) Invoke(ctx context.Context, name string, event, answer any) error {
	body, err := json.Marshal(event)
	if err != nil {
		return err
	}
	path := "/2015-03-31/functions/" + url.PathEscape(name) + "/invocations"
	header, reply, err := c.do(ctx, "lambda", http.MethodPost, path, http.Header{}, body)
	if err != nil {
		return err
	}
	if header.Get("X-Amz-Function-Error") != "" {
		return fmt.Errorf("%s: %s", name, reply)
	}
	return json.Unmarshal(reply, answer)
}
