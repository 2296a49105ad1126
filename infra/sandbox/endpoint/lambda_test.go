package endpoint

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/filetest"
)

const lambdaPath = "/2015-03-31/functions"

// zipped is a function's code.
func zipped(t *testing.T, content string) []byte {
	t.Helper()
	return filetest.Zip(t, map[string]string{"bootstrap": content})
}

// function makes one.
func (c *client) function(name string, code []byte, more map[string]any) {
	c.t.Helper()
	input := map[string]any{"FunctionName": name, "Role": c.role(name), "Runtime": "provided.al2023", "Handler": "bootstrap",
		"Code": map[string]any{"ZipFile": code}}
	for member, value := range more {
		input[member] = value
	}
	c.rest(http.MethodPost, lambdaPath, input)
}

func codeComesBack(c *client) {
	check := func(called string, want []byte) {
		c.t.Helper()
		got := c.rest(http.MethodGet, lambdaPath+"/"+called, nil)
		code, _ := got["Code"].(map[string]any)
		location, _ := code["Location"].(string)
		if !strings.HasPrefix(location, c.url+"/") {
			c.t.Fatalf("%s: the code is at %q", called, location)
		}
		response, err := http.Get(location)
		if err != nil {
			c.t.Fatal(err)
		}
		defer response.Body.Close()
		if answer, err := io.ReadAll(response.Body); string(answer) != string(want) {
			c.t.Errorf("%s: %d bytes came back for %d, %v", called, len(answer), len(want), err)
		}
		sum := sha256.Sum256(want)
		configuration, _ := got["Configuration"].(map[string]any)
		if configuration["CodeSha256"] != base64.StdEncoding.EncodeToString(sum[:]) {
			c.t.Errorf("%s: it shows the hash of other code", called)
		}
	}
	first, second := zipped(c.t, "first"), zipped(c.t, "second")
	c.function("coded", first, nil)
	check("coded", first)
	check("arn:aws:lambda:us-east-1:123456789012:function:coded", first)
	c.rest(http.MethodPut, lambdaPath+"/coded/code", map[string]any{"ZipFile": second, "DryRun": true})
	check("coded", first)
	c.rest(http.MethodPut, lambdaPath+"/coded/code", map[string]any{"ZipFile": second})
	check("coded", second)
	c.rest(http.MethodPut, lambdaPath+"/coded/configuration", map[string]any{"Timeout": 20})
	check("coded", second)
	c.rest(http.MethodDelete, lambdaPath+"/coded", nil)
	if status, _ := c.do("", http.MethodGet, codePath+"us-east-1/coded", nil, ""); status != http.StatusNotFound {
		c.t.Errorf("the code of a deleted function: %d", status)
	}
}

func configurationIsShown(c *client) {
	vpc, subnets := c.network(1)
	const layer = "arn:aws:lambda:us-east-1:177933569100:layer:Extension:99"
	c.function("shown", zipped(c.t, "code"), map[string]any{
		"Layers":        []string{layer},
		"LoggingConfig": map[string]any{"LogFormat": "JSON", "LogGroup": "/aws/lambda/of-the-stack"},
		"VpcConfig":     map[string]any{"SubnetIds": subnets, "SecurityGroupIds": []string{"sg-1"}},
	})
	check := func(layers int, group, network string) {
		c.t.Helper()
		listed, _ := c.rest(http.MethodGet, lambdaPath+"/", nil)["Functions"].([]any)
		i := slices.IndexFunc(listed, func(f any) bool { return f.(map[string]any)["FunctionName"] == "shown" })
		if i < 0 {
			c.t.Fatalf("not in the list: %v", listed)
		}
		whole, _ := c.rest(http.MethodGet, lambdaPath+"/shown", nil)["Configuration"].(map[string]any)
		alone := c.rest(http.MethodGet, lambdaPath+"/shown/configuration", nil)
		for how, configuration := range map[string]map[string]any{"list": listed[i].(map[string]any), "function": whole, "configuration": alone} {
			if got, _ := configuration["Layers"].([]any); len(got) != layers {
				c.t.Errorf("%s: layers %v", how, got)
			}
			logging, _ := configuration["LoggingConfig"].(map[string]any)
			if logging["LogGroup"] != group || logging["LogFormat"] == nil {
				c.t.Errorf("%s: logging %v", how, logging)
			}
			if in, _ := configuration["VpcConfig"].(map[string]any); in["VpcId"] != network {
				c.t.Errorf("%s: VPC %v, not %s", how, in, network)
			}
		}
	}
	check(1, "/aws/lambda/of-the-stack", vpc)
	c.rest(http.MethodPut, lambdaPath+"/shown/configuration", map[string]any{"Timeout": 20})
	check(1, "/aws/lambda/of-the-stack", vpc)
	other, subnets := c.network(1)
	c.rest(http.MethodPut, lambdaPath+"/shown/configuration", map[string]any{"Layers": []string{},
		"LoggingConfig": map[string]any{"LogGroup": "/aws/lambda/another"},
		"VpcConfig":     map[string]any{"SubnetIds": subnets, "SecurityGroupIds": []string{"sg-1"}}})
	check(0, "/aws/lambda/another", other)

	c.function("plain", zipped(c.t, "code"), nil)
	logging, _ := c.rest(http.MethodGet, lambdaPath+"/plain/configuration", nil)["LoggingConfig"].(map[string]any)
	if logging["LogGroup"] != "/aws/lambda/plain" || logging["LogFormat"] != "Text" {
		c.t.Errorf("a function that asks for nothing logs %v", logging)
	}
}

func invokeConfigIsPutAgain(c *client) {
	c.function("asynchronous", zipped(c.t, "code"), nil)
	const path = "/2019-09-25/functions/asynchronous/event-invoke-config"
	for _, retries := range []float64{2, 0, 1} {
		put := c.rest(http.MethodPut, path, map[string]any{"MaximumRetryAttempts": retries})
		got := c.rest(http.MethodGet, path, nil)
		if put["MaximumRetryAttempts"] != retries || got["MaximumRetryAttempts"] != retries {
			c.t.Errorf("put %v, answered %v, got %v", retries, put, got)
		}
	}
	if status, _ := c.do("lambda", http.MethodPut, path, nil, `{"MaximumRetryAttempts":9}`); status != http.StatusBadRequest {
		c.t.Errorf("9 retries: %d", status)
	}
	if got := c.rest(http.MethodGet, path, nil); got["MaximumRetryAttempts"] != 1.0 {
		c.t.Errorf("after one that was refused: %v", got)
	}
}

func invocationIsAnswered(c *client) {
	c.function("invoked", zipped(c.t, "code"), nil)
	if got := c.ok("lambda", http.MethodPost, lambdaPath+"/invoked/invocations", nil, `{"id":"1"}`); got != `{"id":"1"}` {
		c.t.Errorf("it answers %q", got) // with Docker: that there is none
	}
}

func resetForgets(c *client) {
	c.function("forgotten", zipped(c.t, "code"), map[string]any{"LoggingConfig": map[string]any{"LogGroup": "/aws/lambda/old"}})
	c.ok("", http.MethodPost, "/moto-api/reset", nil, "")
	if status, _ := c.do("", http.MethodGet, codePath+"us-east-1/forgotten", nil, ""); status != http.StatusNotFound {
		c.t.Errorf("the code after a reset: %d", status)
	}
	c.function("forgotten", zipped(c.t, "code"), nil)
	logging, _ := c.rest(http.MethodGet, lambdaPath+"/forgotten/configuration", nil)["LoggingConfig"].(map[string]any)
	if logging["LogGroup"] != "/aws/lambda/forgotten" {
		c.t.Errorf("a new function logs as the old one did: %v", logging)
	}
}
