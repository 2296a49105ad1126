package main

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/migrator/migrations"
)

const (
	requestID = "8f507cfc-1f5d-4697-b07a-ac58fc914c95" // as long as Lambda's
	eventSize = 26                                     // that CloudWatch Logs adds to every line; API_PutLogEvents
)

// platform are Lambda's own lines for an invocation that is traced.
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html
var platform = []string{
	"START RequestId: " + requestID + " Version: $LATEST\n",
	"END RequestId: " + requestID + "\n",
	"REPORT RequestId: " + requestID + "\tDuration: 79.67 ms\tBilled Duration: 80 ms\tMemory Size: 256 MB\tMax Memory Used: 73 MB\t\n" +
		"XRAY TraceId: 1-5e34a614-10bdxmplf1fb44f07bc535a1\tSegmentId: 07f5xmpl2d1f6f85\tSampled: true\t\n",
}

// TestLogLinesAreAsLongAsTheBillSays runs the compiled functions for one message and weighs what they print.
func TestLogLinesAreAsLongAsTheBillSays(t *testing.T) {
	topic := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprint(w, `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0`+
			`</MessageId></PublishResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishResponse>`)
	}))
	t.Cleanup(topic.Close)
	s := mysqltest.Start(t)
	s.Migrated(t, "messages", migrations.Files()).Close()
	api, extension := lambdatest.Start(t)
	secret, err := json.Marshal(contract.DatabaseSecret{Username: mysqltest.AdminUser, Password: mysqltest.AdminPassword})
	if err != nil {
		t.Fatal(err)
	}
	extension.Put("app", string(secret))

	event := `{"id":"order-4711-reminder","channel":"sns","to":"everyone","subject":"Your order","body":"It is on its way."}`
	output := new(lambdaruntime.Output)
	result := invoke(t, api, output, "../../lambda/sender", event, "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b",
		"AWS_ENDPOINT_URL_SNS="+topic.URL, contract.EnvSNSTopicARN+"=arn:aws:sns:us-east-1:000000000000:messages")
	record := lambdaruntime.Record{
		RequestID: requestID,
		At:        lambdatest.Noon(),
		Function:  "f",
		Condition: lambdaruntime.Success,
		Attempts:  1,
		Request:   json.RawMessage(event),
		Response:  json.RawMessage(result),
	}.String()
	invoke(t, api, output, "../../lambda/updater", record, contract.EnvDBHost+"="+s.Host, contract.EnvDBPort+"="+strconv.Itoa(s.Port),
		contract.EnvDBName+"=messages", contract.EnvDBSecretARN+"=app", contract.EnvDBMaxIdleSeconds+"=55", contract.EnvOverdueSeconds+"=4500", contract.EnvSenderARN+"=f",
		"PARAMETERS_SECRETS_EXTENSION_HTTP_PORT="+extension.Port(), "SSL_CERT_FILE="+s.CAFile)

	lines := append(strings.SplitAfter(strings.TrimSuffix(output.String(), "\n"), "\n"), append(platform, platform...)...)
	size := 0
	for _, line := range lines {
		var l struct{ RequestID string }
		if json.Unmarshal([]byte(line), &l) == nil {
			size += len(requestID) - len(l.RequestID)
		}
		size += len(line) + eventSize
	}
	_, usage, err := load()
	if err != nil {
		t.Fatal(err)
	}
	if want := usage["logBytes"].Value; len(lines) != 8 || math.Abs(float64(size)-want) > 0.05*want {
		t.Errorf("%d lines of %d bytes in all, usage.json says %v:\n%s", len(lines), size, want, output)
	}
}

// invoke runs a function for one event, and returns its answer.
func invoke(t *testing.T, api *lambdaruntime.API, output *lambdaruntime.Output, pkg, event string, environment ...string) string {
	t.Helper()
	binary := lambdatest.Build(t, pkg)
	p, err := api.Start(binary, environment, output)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop()
	answer, err := p.Invoke(t.Context(), []byte(event), time.Minute)
	if err != nil || answer.Error != nil {
		t.Fatalf("%s: %v %v", pkg, err, answer.Error)
	}
	return string(answer.Payload)
}
