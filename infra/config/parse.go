package config

import (
	"encoding/json"
	"errors"
	"net/mail"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// errValue means that a value is not allowed; what is allowed stands where the key is read.
var errValue = errors.New("not allowed")

// retentions are the days that CloudWatch Logs accepts.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
var retentions = []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

var (
	private = []netip.Prefix{ // RFC 1918
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	}
	// ZonePattern is of an availability zone's name; its group is the Region.
	ZonePattern     = regexp.MustCompile(`^([a-z]{2,}(?:-[a-z]+)+-\d+)[a-z]$`)
	enginePattern   = regexp.MustCompile(`^8\.(?:0\.mysql_aurora\.3\.[1-9]\d\.\d+|4\.mysql_aurora\.8\.4\.(?:[7-9]|[1-9]\d))$`)
	databasePattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)
	layerPattern    = regexp.MustCompile(`^arn:(aws[a-z-]*):lambda:([a-z0-9-]+):(\d{12}):layer:([A-Za-z0-9_-]+):\d+$`)
)

func within(low, high int) func(string) (int, error) {
	return func(value string) (int, error) {
		n, err := strconv.Atoi(value)
		if err != nil || n < low || n > high {
			return 0, errValue
		}
		return n, nil
	}
}

func matching(pattern *regexp.Regexp) func(string) (string, error) {
	return func(value string) (string, error) {
		if !pattern.MatchString(value) {
			return "", errValue
		}
		return value, nil
	}
}

// none is the word for no value of a key that needs none.
const none = "none"

// list reads a list as Pulumi passes it on, in JSON, or as it is typed: words with commas between, or none.
func list(value string) (items []string, err error) {
	switch {
	case value == none:
		items = []string{}
	case strings.HasPrefix(value, "["):
		err = json.Unmarshal([]byte(value), &items)
	default:
		items = strings.Split(value, ",")
	}
	if err != nil {
		return nil, errValue
	}
	sorted := slices.Sorted(slices.Values(items))
	if len(slices.Compact(sorted)) != len(items) {
		return nil, errValue
	}
	return items, nil
}

func vpcCIDR(value string) (netip.Prefix, error) {
	prefix, err := netip.ParsePrefix(value)
	if err != nil || prefix != prefix.Masked() || prefix.Bits() < 16 || prefix.Bits() > 22 ||
		!slices.ContainsFunc(private, func(p netip.Prefix) bool { return p.Overlaps(prefix) }) {
		return netip.Prefix{}, errValue
	}
	return prefix, nil
}

func zones(value string) ([]string, error) {
	names, err := list(value)
	if err != nil || len(names) == 1 || len(names) > MaxZones {
		return nil, errValue
	}
	for _, name := range names {
		zone, first := ZonePattern.FindStringSubmatch(name), ZonePattern.FindStringSubmatch(names[0])
		if zone == nil || first == nil || zone[1] != first[1] {
			return nil, errValue
		}
	}
	return names, nil
}

// capacity is in ACUs; the limits hold from Aurora MySQL 3.08.0.
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.how-it-works.html
func capacity(least float64) func(string) (float64, error) {
	return func(value string) (float64, error) {
		acus, err := strconv.ParseFloat(value, 64)
		if err != nil || !(acus >= least && acus <= 256) || acus*2 != float64(int(acus*2)) {
			return 0, errValue
		}
		return acus, nil
	}
}

func autoPause(value string) (int, error) {
	if value == "0" {
		return 0, nil
	}
	return within(300, 86400)(value)
}

func engineVersion(value string) (string, error) {
	if !enginePattern.MatchString(value) {
		return "", errValue
	}
	return value, nil
}

func architecture(value string) (string, error) {
	if _, ok := Processors[value]; !ok {
		return "", errValue
	}
	return value, nil
}

// email takes the bare address of a public domain, since that is what SNS writes to. Lengths are SMTP's.
// https://datatracker.ietf.org/doc/html/rfc5321#section-4.5.3.1
func email(value string) (string, error) {
	if value == "" || value == none {
		return "", nil
	}
	address, err := mail.ParseAddress(value)
	if err != nil || address.Address != value || len(value) > 254 ||
		strings.ContainsFunc(value, func(r rune) bool { return r > '~' }) {
		return "", errValue
	}
	if at := strings.LastIndexByte(value, '@'); at > 64 || !strings.Contains(value[at:], ".") {
		return "", errValue
	}
	return value, nil
}

func retention(value string) (int, error) {
	days, err := strconv.Atoi(value)
	if err != nil || !slices.Contains(retentions, days) {
		return 0, errValue
	}
	return days, nil
}
