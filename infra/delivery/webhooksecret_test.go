package delivery_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/lambda/contract/webhook"
)

// Each allowed host has keys from the first value on, and no two hosts have the same.
func TestTheWebhookSecretsFirstValueHasAKeyForEachHostOfItsOwn(t *testing.T) {
	s := infratest.Deployed(t, infratest.With(infratest.Webhook, map[string]string{"webhookAllowedHosts": `["a.example.com", "b.example.com", "b.example.com:8443"]`}))
	var secret webhook.Secret
	if err := json.Unmarshal([]byte(s.One(t, "pipeline-webhook-version").Text("secretString")), &secret); err != nil {
		t.Fatal(err)
	}
	hosts, err := webhook.ParseAllowedHosts(s.One(t, "sender").Text("environment.variables.WEBHOOK_ALLOWED_HOSTS"))
	if err != nil || len(hosts) != 3 {
		t.Fatal(hosts, err)
	}
	var seen []string
	for _, host := range hosts {
		keys, err := secret.HostKeys(host)
		if err != nil || len(keys) != 1 || slices.Contains(seen, string(keys[0])) {
			t.Errorf("%s: %d keys, %v", host, len(keys), err)
			continue
		}
		seen = append(seen, string(keys[0]))
	}
}

// In a stack of an earlier release, the receivers know the password as the key of all hosts.
func TestTheWebhookMasterIsNoKeyThatReceiversOfAnEarlierReleaseKnow(t *testing.T) {
	s := infratest.Deployed(t, infratest.Webhook)
	version := s.One(t, "pipeline-webhook-version").Request.GetPropertyDependencies()["secretString"].GetUrns()
	of := func(name string) bool {
		return slices.ContainsFunc(version, func(urn string) bool { return strings.HasSuffix(urn, "::"+name) })
	}
	if !of("pipeline-webhook-master") || of("pipeline-webhook-password") {
		t.Errorf("the value is made of %v", version)
	}
	if master := s.One(t, "pipeline-webhook-master"); master.Text("length") != "43" || master.Text("special") != "false" {
		t.Errorf("43 letters and digits have 256 random bits, and it has %v", master.Inputs)
	}
}
