package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

// timeout is the function's, for tests that do not wait for it.
const timeout = 60 * time.Second

// cloud is what AWS gives a function: the Runtime API, and the extension with the application user's secret.
type cloud struct {
	api       *lambdaruntime.API
	extension *lambdaruntime.Extension
}

func startCloud(t testing.TB) cloud {
	t.Helper()
	api, extension := lambdatest.Start(t)
	extension.Put(secretARN, secretJSON(appPassword))
	return cloud{api, extension}
}

// environ is the environment of a function that reaches the server, by way of the given address.
func (c cloud) environ(s *mysqltest.Server, host string, port int) []string {
	return []string{
		contract.EnvDBHost + "=" + host,
		contract.EnvDBPort + "=" + strconv.Itoa(port),
		contract.EnvDBName + "=" + databaseName,
		contract.EnvDBSecretARN + "=" + secretARN,
		contract.EnvDBMaxIdleSeconds + "=45",
		contract.EnvSenderARN + "=" + senderARN,
		"PARAMETERS_SECRETS_EXTENSION_HTTP_PORT=" + c.extension.Port(),
		"SSL_CERT_FILE=" + s.CAFile,
	}
}

// start runs a function, which stops when the test ends.
func (c cloud) start(t testing.TB, binary string, environ []string, out *output) *lambdaruntime.Process {
	t.Helper()
	p, err := c.api.Start(binary, environ, out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return p
}

// invoke hands a function an event and returns what it came to.
func invoke(t testing.TB, p *lambdaruntime.Process, event string, timeout time.Duration) lambdaruntime.Answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	answer, err := p.Invoke(ctx, []byte(event), timeout)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// output keeps all that functions print.
type output struct{ lambdaruntime.Output }

// body is in every message that the tests' records hold.
const body = "Body-of-a-message-that-no-log-may-hold"

// record is the destination record of a message with an id. An empty response is left out.
func record(condition, id, response string) string {
	return recordOf(condition, contract.Message{ID: id, Channel: contract.SNS, To: "topic", Subject: "Hello", Body: body}, response)
}

// recordOf is a message's destination record as Lambda writes it.
func recordOf(condition string, m contract.Message, response string) string {
	event := map[string]any{
		"version":   "1.0",
		"timestamp": "2026-11-21T12:00:00.000Z",
		"requestContext": map[string]any{
			"requestId": "00000000-0000-0000-0000-000000000000", "condition": condition, "approximateInvokeCount": 3,
			"functionArn": senderARN + ":$LATEST",
		},
		"requestPayload": m,
	}
	if response != "" {
		event["responseContext"] = map[string]any{"statusCode": 200, "executedVersion": "$LATEST"}
		event["responsePayload"] = json.RawMessage(response)
	}
	text, err := json.Marshal(event)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func sentRecord(id string) string {
	return record("Success", id, fmt.Sprintf(`{"id":%q,"status":"SENT","providerId":"p-%s","sentAt":"2026-11-21T12:00:00Z"}`, id, id))
}

func failedRecord(id string) string {
	return record("RetriesExhausted", id, `{"errorMessage":"the topic does not answer","errorType":"errorString"}`)
}

// lines are the log's lines, each of which has to be JSON.
func (o *output) lines(t testing.TB) []map[string]any {
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
