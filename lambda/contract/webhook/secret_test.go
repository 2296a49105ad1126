package webhook

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

const (
	testMaster = "master-of-at-least-24-bytes"
	testOld    = "a-key-of-an-earlier-release.1234"
	testNew    = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	derived    = "whsec_QVyBY2X0WRqpt0QgLEZYJF7+WAF+QsKmCJQDtjfZElg=" // see TestDerivedKeyIsTheHMACThatOpenSSLComputes
	oldKey     = "whsec_YS1rZXktb2YtYW4tZWFybGllci1yZWxlYXNlLjEyMzQ=" // testOld's bytes
)

// printf 'webhook-key:hooks.example.com:443' | openssl dgst -sha256 -hmac master-of-at-least-24-bytes -binary | base64
func TestDerivedKeyIsTheHMACThatOpenSSLComputes(t *testing.T) {
	keys, err := Secret{Master: testMaster}.HostKeys("hooks.example.com:443")
	if err != nil || len(keys) != 1 || FormatKey(keys[0]) != derived {
		t.Errorf("got %q, %v", keys, err)
	}
}

func TestEachHostHasAKeyOfItsOwn(t *testing.T) {
	seen := map[string]string{}
	for _, host := range []string{"a.example:443", "a.example:8443", "b.example:443"} {
		keys, err := Secret{Master: testMaster}.HostKeys(host)
		if err != nil || len(keys) != 1 || len(keys[0]) != 32 {
			t.Fatalf("%s: got %q, %v", host, keys, err)
		}
		if other, found := seen[string(keys[0])]; found {
			t.Errorf("%s has the key of %s", host, other)
		}
		seen[string(keys[0])] = host
	}
}

func TestHostKeysReadsEveryFormOfTheSecret(t *testing.T) {
	for _, test := range []struct {
		name, value string
		want        []string
	}{
		{"a master", `{"master":"` + testMaster + `"}`, []string{derived}},
		{"the form of earlier releases", `{"key":"` + testOld + `"}`, []string{oldKey}},
		{"the move from it", `{"master":"` + testMaster + `","key":"` + testOld + `"}`, []string{derived, oldKey}},
		{"a host's own keys", `{"keys":{"hooks.example.com:443":["` + testNew + `","` + testOld + `"]}}`, []string{testNew, oldKey}},
		{"own keys replace the others", `{"master":"` + testMaster + `","key":"` + testOld + `",
			"keys":{"hooks.example.com:443":["` + testNew + `"]}}`, []string{testNew}},
		{"another host's own keys", `{"master":"` + testMaster + `","keys":{"b.example:443":["` + testNew + `"]}}`, []string{derived}},
	} {
		var secret Secret
		if err := json.Unmarshal([]byte(test.value), &secret); err != nil {
			t.Fatal(err)
		}
		keys, err := secret.HostKeys("hooks.example.com:443")
		var got []string
		for _, key := range keys {
			got = append(got, FormatKey(key))
		}
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, %v, want %q", test.name, got, err, test.want)
		}
	}
}

func TestHostKeysRefusesWhatIsNoKeyAndQuotesNone(t *testing.T) {
	const host = "hooks.example.com:443"
	listed := func(name string, keys ...string) Secret {
		return Secret{Master: testMaster, Keys: map[string][]string{name: keys}}
	}
	for _, test := range []struct {
		name   string
		secret Secret
		want   string
	}{
		{"nothing", Secret{}, host + " has no key"},
		{"an empty list", listed(host), host + " has no key"},
		{"another host alone", Secret{Keys: map[string][]string{"b.example:443": {testNew}}}, host + " has no key"},
		{"a short key", Secret{Key: "tell-me-not-not-24-bytes"[:23]}, "has 23 bytes: must be at least 24"},
		{"a short master", Secret{Master: "tell-me-not"}, "master has 11 bytes: must be at least 24"},
		{"a short key in base64", listed(host, testNew, "whsec_dGVsbC1tZS1ub3Q="), "has 11 bytes"},
		{"no base64", listed(host, "whsec_tell-me-not-tell-me-not-tell-me-not"), "is not base64 after whsec_"},
		{"an empty key", listed(host, ""), "has 0 bytes"},
		{"a name without a port", listed("b.example", testNew), `keys has the name "b.example"`},
		{"a name in capitals", listed("B.example:443", testNew), "must be host:port in lower case"},
		{"two names in one", listed("a.example:443,b.example:443", testNew), "must be host:port"},
	} {
		keys, err := test.secret.HostKeys(host)
		if err == nil || keys != nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "tell-me-not") {
			t.Errorf("%s: got %d keys, %v, want %q", test.name, len(keys), err, test.want)
		}
	}
}
