package main

import (
	"bytes"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/lambda/contract"
)

func sample(t *testing.T) []byte {
	t.Helper()
	event, err := os.ReadFile("event.json")
	if err != nil {
		t.Fatal(err)
	}
	return event
}

func TestNewHandlerSwitchesOnTheChannelsWhoseVariablesAreSet(t *testing.T) {
	sns := map[string]string{"SNS_TOPIC_ARN": "arn:aws:sns:us-east-1:000000000000:messages"}
	webhook := map[string]string{"WEBHOOK_ALLOWED_HOSTS": "a.example,b.example:8443", "WEBHOOK_SECRET_ARN": "arn"}
	both := maps.Clone(sns)
	maps.Copy(both, webhook)
	for _, test := range []struct {
		environment map[string]string
		want        []contract.Channel
	}{
		{sns, []contract.Channel{contract.SNS}},
		{webhook, []contract.Channel{contract.Webhook}},
		{both, []contract.Channel{contract.SNS, contract.Webhook}},
	} {
		output := new(bytes.Buffer)
		h, err := newHandler(func(name string) string { return test.environment[name] }, slog.New(slog.NewJSONHandler(output, nil)))
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Sorted(maps.Keys(h.channels)); !slices.Equal(got, test.want) {
			t.Errorf("%v: got %v, want %v", test.environment, got, test.want)
		}
		if output.Len() != 0 {
			t.Errorf("logged %s", output)
		}
	}
}

func TestNewHandlerNamesTheVariableThatIsWrong(t *testing.T) {
	for _, test := range []struct {
		environment map[string]string
		want        []string
	}{
		{nil, []string{"no channel is on", "SNS_TOPIC_ARN", "WEBHOOK_ALLOWED_HOSTS", "WEBHOOK_SECRET_ARN"}},
		{map[string]string{"WEBHOOK_ALLOWED_HOSTS": "a.example"}, []string{`WEBHOOK_SECRET_ARN is ""`}},
		{map[string]string{"WEBHOOK_SECRET_ARN": "arn"}, []string{`WEBHOOK_ALLOWED_HOSTS is ""`}},
		{map[string]string{"WEBHOOK_ALLOWED_HOSTS": "*.example", "WEBHOOK_SECRET_ARN": "arn"}, []string{`WEBHOOK_ALLOWED_HOSTS: "*.example"`, "must be"}},
		{map[string]string{"WEBHOOK_ALLOWED_HOSTS": "a.example", "WEBHOOK_SECRET_ARN": "arn", "WEBHOOK_UNSAFE_ALLOW_LOOPBACK": "yes"},
			[]string{`WEBHOOK_UNSAFE_ALLOW_LOOPBACK is "yes"`, "must be true"}},
	} {
		_, err := newHandler(func(name string) string { return test.environment[name] }, slog.New(slog.DiscardHandler))
		if err == nil {
			t.Errorf("%v: no error", test.environment)
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%v: the error %q does not say %q", test.environment, err, want)
			}
		}
	}
}

func TestNewHandlerWarnsOfOpenLoopback(t *testing.T) {
	environment := map[string]string{"WEBHOOK_ALLOWED_HOSTS": "localhost:8443", "WEBHOOK_SECRET_ARN": "arn", "WEBHOOK_UNSAFE_ALLOW_LOOPBACK": "true"}
	output := new(bytes.Buffer)
	if _, err := newHandler(func(name string) string { return environment[name] }, slog.New(slog.NewJSONHandler(output, nil))); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(output.String(), `"WARN"`) || !strings.Contains(output.String(), "WEBHOOK_UNSAFE_ALLOW_LOOPBACK") {
		t.Errorf("logged %s", output)
	}
}
