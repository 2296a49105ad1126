package webhook

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
)

// ParseAllowedHosts reads the value of EnvWebhookAllowedHosts: names, each with an optional port (443 without one),
// separated by commas. It returns them as name:port in lower case. There are no wildcards, and a name matches
// only itself. The program checks its configuration with the very same function.
func ParseAllowedHosts(list string) ([]string, error) {
	var hosts []string
	for entry := range strings.SplitSeq(list, ",") {
		host, err := parseAllowedHost(strings.TrimSpace(entry))
		if err != nil {
			return nil, err
		}
		hosts = append(hosts, host)
	}
	return hosts, nil
}

func parseAllowedHost(entry string) (string, error) {
	name, port, found := strings.Cut(entry, ":")
	if !found {
		port = "443"
	}
	// ASCII first: strings.ToLower makes an ASCII k of the Kelvin sign (U+212A).
	ascii := !strings.ContainsFunc(entry, func(r rune) bool { return r > unicode.MaxASCII })
	name = strings.ToLower(name)
	if number, err := strconv.ParseUint(port, 10, 16); err != nil || number == 0 || port[0] == '0' || !ascii || !plainName(name) {
		return "", fmt.Errorf("%q: must be a host name, such as hooks.example.com, or a name and a port, such as "+
			"hooks.example.com:8443; an international name in its xn-- form; no scheme, path, wildcard or trailing dot", entry)
	}
	return net.JoinHostPort(name, port), nil
}

// plainName reports whether a name reads the same to every parser: a dotted IPv4 address in full, or labels of which
// the last is not a number. (Some resolvers take 127.1, 2130706433 and 0x7f.0.0.1 for addresses.)
func plainName(name string) bool {
	if address, err := netip.ParseAddr(name); err == nil {
		return address.Is4()
	}
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if len(label) < 1 || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' ||
			strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	last := labels[len(labels)-1]
	return len(name) <= 253 && (last[0] < '0' || last[0] > '9')
}
