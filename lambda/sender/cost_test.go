package main

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/sendertest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/tlsroots"
)

// warmEvents is how many events an environment gets after its first.
const warmEvents = 100

// BenchmarkCost measures the compiled sender with each of its channels, both over TLS, next to a function that does
// nothing. A round starts one environment of each. Run it with -benchtime=30x for 30 rounds.
func BenchmarkCost(b *testing.B) {
	s := sendertest.Start(b, ".")
	s.SetKey(firstKey)
	topic := httptest.NewTLSServer(lambdatest.NewTopic(nil)) // its certificate is the receiver's
	defer topic.Close()
	type function struct {
		name, binary string
		event        func(int) string
		lambdatest.Cost
	}
	empty := &function{name: "empty", binary: lambdatest.Build(b, "../updater/testdata/empty"), event: func(int) string { return "{}" }}
	sns := &function{name: "sns", binary: s.Binary, event: func(i int) string {
		return fmt.Sprintf(`{"id":"cost-%d","channel":"sns","to":"customer","subject":"Hello","body":"Good day"}`, i)
	}}
	webhook := &function{name: "webhook", binary: s.Binary, event: func(i int) string { return webhookEvent(fmt.Sprintf("cost-%d", i), s.Receiver.Server.URL) }}
	environ := s.Environment().With(contract.EnvWebhookUnsafeAllowLoopback, "true", "AWS_ENDPOINT_URL_SNS", topic.URL,
		"SSL_CERT_FILE", lambdatest.Authorities(b, s.Roots, tlsroots.Bundles),
		"PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", s.Extension.Port()).Environ()
	for b.Loop() {
		for _, f := range []*function{empty, sns, webhook} {
			var events []string
			for i := range 1 + warmEvents {
				events = append(events, f.event(i))
			}
			f.Measure(b, s.API, f.binary, environ, events, functionTimeout, func(answer lambdaruntime.Answer) error {
				if answer.Error != nil || f != empty && !strings.Contains(string(answer.Payload), `"SENT"`) {
					return fmt.Errorf("%s: %s %v", f.name, answer.Payload, answer.Error)
				}
				return nil
			})
		}
	}
	for _, f := range []*function{empty, sns, webhook} {
		b.Logf("%-8s %s", f.name, &f.Cost)
	}
	binary, zip := lambdatest.Sizes(b, s.Binary)
	b.ReportMetric(0, "ns/op") // of no meaning here
	b.ReportMetric(lambdatest.Ratio(sns.Init, empty.Init), "init/empty")
	b.ReportMetric(lambdatest.Ratio(sns.First, sns.Warm), "sns-first/warm")
	b.ReportMetric(lambdatest.Ratio(webhook.First, webhook.Warm), "webhook-first/warm")
	b.ReportMetric(binary, "binary-MB")
	b.ReportMetric(zip, "zip-MB")
}
