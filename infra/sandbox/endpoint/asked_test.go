package endpoint

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/endpoint/model"
	"scheduled-messages/infra/sandbox/endpoint/wire"
)

func TestWhatAProviderAskedForIsFoundByItsUserAgent(t *testing.T) {
	known := newAsked()
	for _, agent := range []string{
		"APN/1.0 terraform-provider-aws/6 api/sqs#1 life/ONE", "APN/1.0 terraform-provider-aws/6 api/sqs#1 m/E life/ONE",
		"APN/1.0 terraform-provider-aws/6 life/ONETWO", "aws-cli/2 life/ONE",
	} {
		queue := "of-" + agent[strings.LastIndexByte(agent, '/')+1:]
		known.add(agent, "us-east-1", &wire.Call{
			Service: &model.Service{Name: "sqs"}, Operation: &model.Operation{Name: "CreateQueue"},
			Input: map[string]any{"QueueName": queue}})
	}
	one := `{"Action":"sqs:CreateQueue","Resource":"arn:aws:sqs:us-east-1:123456789012:of-ONE"}`
	two := strings.Replace(one, "ONE", "ONETWO", 1)
	for query, want := range map[string]string{
		"": "[" + one + "," + two + "]", "?as=life/ONE": "[" + one + "]", "?as=life/ONETWO": "[" + two + "]", "?as=life/NONE": "[]",
	} {
		w := httptest.NewRecorder()
		known.ServeHTTP(w, httptest.NewRequest(http.MethodGet, AskedPath+query, nil))
		if got := strings.TrimSpace(w.Body.String()); got != want {
			t.Errorf("%q asked for %s, want %s", query, got, want)
		}
	}
}
