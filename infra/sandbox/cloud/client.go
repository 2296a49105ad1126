// Package cloud asks the sandbox's AWS endpoint what was deployed there, and changes it as AWS's own parts would. It knows the
// few calls that the sandbox makes, and signs with the endpoint's own keys, so that no credentials can lead it to an
// account.
package cloud

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"scheduled-messages/infra/sandbox/sigv4"
)

// Client asks one endpoint, in one region. It is safe for concurrent use.
type Client struct {
	Endpoint, Region string
	Keys             sigv4.Keys

	http *http.Client
}

// New makes a client of the endpoint at a URL.
func New(endpoint, region string, keys sigv4.Keys) *Client {
	return &Client{Endpoint: strings.TrimSuffix(endpoint, "/"), Region: region, Keys: keys, http: &http.Client{
		Timeout:   5 * time.Minute,                         // an invocation waits for its function
		Transport: &http.Transport{MaxIdleConnsPerHost: 8}, // and no proxy of the environment's
	}}
}

// Through makes a client of an endpoint that a transport leads to, whatever the address, and that checks no keys.
func Through(transport http.RoundTripper, region string) *Client {
	return &Client{Endpoint: "http://transport", Region: region, http: &http.Client{Transport: transport}}
}

// Error is what the endpoint refused a call with.
type Error struct {
	Status        int
	Code, Message string
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s", e.Code, e.Message) }

// NotFound reports whether the endpoint knows no such thing.
func NotFound(err error) bool {
	refused, ok := errors.AsType[*Error](err)
	return ok && (refused.Status == http.StatusNotFound || strings.Contains(refused.Code, "NotFound") ||
		strings.Contains(refused.Code, "NoSuchEntity") || strings.Contains(refused.Code, "NonExistentQueue"))
}

// target calls an operation of a JSON protocol, such as secretsmanager.GetSecretValue.
func (c *Client) target(ctx context.Context, service, target string, input, output any) error {
	header := http.Header{"Content-Type": {"application/x-amz-json-1.1"}, "X-Amz-Target": {target}}
	return c.json(ctx, service, http.MethodPost, "/", header, input, output)
}

// rest calls an operation of a REST protocol.
func (c *Client) rest(ctx context.Context, service, method, path string, input, output any) error {
	return c.json(ctx, service, method, path, http.Header{"Content-Type": {"application/json"}}, input, output)
}

func (c *Client) json(ctx context.Context, service, method, path string, header http.Header, input, output any) error {
	var body []byte
	if input != nil {
		var err error
		if body, err = json.Marshal(input); err != nil {
			return err
		}
	}
	_, answer, err := c.do(ctx, service, method, path, header, body)
	if err != nil || output == nil {
		return err
	}
	return json.Unmarshal(answer, output)
}

// query calls an action of the query protocol, whose answers are XML.
func (c *Client) query(ctx context.Context, service, version, action string, input url.Values, output any) error {
	form := url.Values{"Action": {action}, "Version": {version}}
	for name, values := range input {
		form[name] = values
	}
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	_, answer, err := c.do(ctx, service, http.MethodPost, "/", header, []byte(form.Encode()))
	if err != nil {
		return err
	}
	return xml.Unmarshal(answer, output)
}

// do sends one request. The endpoint finds the service by the signature's scope; without a service, none is signed.
func (c *Client) do(
	ctx context.Context, service, method, path string, header http.Header, body []byte,
) (http.Header, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.Endpoint+path, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	request.Header = header
	if service != "" {
		if err := c.Keys.Sign(request, body, sigv4.Scope{Region: c.Region, Service: service}); err != nil {
			return nil, nil, err
		}
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, nil, err
	}
	if response.StatusCode >= 300 {
		return nil, nil, refusal(response, answer)
	}
	return response.Header, answer, nil
}

// refusal reads an error in any of the protocols' shapes.
func refusal(response *http.Response, answer []byte) *Error {
	var fault struct { // the names match in any case
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	var page struct {
		Code    string `xml:"Error>Code"`
		Message string `xml:"Error>Message"`
	}
	e := &Error{Status: response.StatusCode, Code: response.Header.Get("X-Amzn-Errortype")}
	if json.Unmarshal(answer, &fault) == nil {
		e.Message = fault.Message
		if e.Code == "" {
			e.Code = fault.Type
		}
	} else if xml.Unmarshal(answer, &page) == nil {
		e.Code, e.Message = page.Code, page.Message
	}
	e.Code = e.Code[strings.LastIndexByte(e.Code, '#')+1:]
	if e.Code == "" {
		e.Code = response.Status
	}
	return e
}
