package webhook

import (
	"slices"
	"strings"
	"testing"
)

func TestParseAllowedHostsReadsNamesAndPorts(t *testing.T) {
	got, err := ParseAllowedHosts(" Hooks.Example.com, a.b:8443 ,xn--bcher-kva.example,localhost:1,192.0.2.1,3com.example")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"hooks.example.com:443", "a.b:8443", "xn--bcher-kva.example:443", "localhost:1", "192.0.2.1:443", "3com.example:443"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestParseAllowedHostsRefusesWhatParsersReadDifferently(t *testing.T) {
	for _, entry := range []string{
		"", " ", "https://a.example", "a.example/", "a.example/x", "*.example.com", ".example.com", "a.example.", "a..b",
		"user@a.example", "a.example#b", "a.example?b", `a.example\b`, "a b.example", "bücher.example", "hoo\u212as.example", "hook\u017f.example", "-a.example", "a-.example",
		"a.example:", "a.example:0", "a.example:0443", "a.example:+443", "a.example:65536", "a.example:443:443",
		"127.1", "2130706433", "0x7f000001", "0177.0.0.1", "1.2.3.4.5", "[::1]", "[::1]:443", "::1", "fe80::1%eth0", "a.example:443,",
		strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 127) + "example",
	} {
		hosts, err := ParseAllowedHosts(entry)
		if err == nil {
			t.Errorf("%q is taken as %q", entry, hosts)
		} else if !strings.Contains(err.Error(), "must be a host name") {
			t.Errorf("%q: the error does not say what it must be: %v", entry, err)
		}
	}
}
