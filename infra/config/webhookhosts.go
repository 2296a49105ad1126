package config

import (
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"

	"code.dny.dev/ssrf"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/contract/webhook"
)

// HostsBytes is how long the webhook's hosts may be together, separated by commas. Lambda takes 4,096 bytes of variables, of
// which the sender's others need less than 1,024 with the longest names.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const HostsBytes = 3072

// notPublic are the ends of names that the public DNS has no addresses for, or the wrong ones: names for special uses, and
// those that clouds and home networks use inside.
// https://www.iana.org/assignments/special-use-domain-names/special-use-domain-names.xhtml
var notPublic = []string{
	"localhost", "local", "internal", "localdomain", "lan", "home.arpa", "in-addr.arpa", "invalid", "test",
	"example", "onion", "alt",
}

// Hosts are names that the sender's own parser takes and that a delivery can reach: the sender refuses to dial what is not on
// the internet, and then each message is FAILED.
func Hosts(allowLoopback bool) func(string) ([]string, error) {
	return func(value string) ([]string, error) {
		names, err := list(value)
		if err != nil || len(strings.Join(names, ",")) > HostsBytes {
			return nil, errValue
		}
		for _, name := range names {
			parsed, err := webhook.ParseAllowedHosts(name)
			if err != nil || len(parsed) != 1 || !reachable(parsed[0], allowLoopback) {
				return nil, errValue
			}
		}
		return names, nil
	}
}

// loopbackAllowed reports whether the program runs in the sandbox, whose functions run on the machine of the receiver. It is the
// sender's own variable, which no function on AWS has: there, a delivery to the machine itself stays refused.
func loopbackAllowed() bool { return os.Getenv(contract.EnvWebhookUnsafeAllowLoopback) == "true" }

// reachable reports whether a host, as name:port, can be on the internet. Addresses are judged by the sender's own guard.
func reachable(host string, allowLoopback bool) bool {
	name, port, _ := strings.Cut(host, ":")
	if address, err := netip.ParseAddr(name); err == nil {
		if allowLoopback && address.IsLoopback() {
			return true
		}
		number, err := strconv.ParseUint(port, 10, 16)
		return err == nil && ssrf.New(ssrf.WithPorts(uint16(number))).Safe("tcp4", host, nil) == nil
	}
	if allowLoopback && name == "localhost" {
		return true
	}
	return strings.Contains(name, ".") &&
		!slices.ContainsFunc(notPublic, func(end string) bool { return name == end || strings.HasSuffix(name, "."+end) })
}
