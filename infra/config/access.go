package config

import (
	"fmt"
	"net/netip"
	"slices"
)

// Values of externalAccess and externalLoadBalancer.
const (
	accessNone   = "none"
	AccessSingle = "single"
	AccessHA     = "ha"

	BalancerNetwork = "network"
	BalancerClassic = "classic"
)

func oneOf(allowed ...string) func(string) (string, error) {
	return func(value string) (string, error) {
		if !slices.Contains(allowed, value) {
			return "", errValue
		}
		return value, nil
	}
}

const (
	// MaxClientRanges stays below the 60 rules that a security group takes.
	// https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
	MaxClientRanges = 50
	minClientBits   = 8 // the largest that anybody was ever given; a shorter one is the world, or half of it
)

// clientRanges are IPv4 alone: the VPC has no other addresses.
func clientRanges(value string) ([]netip.Prefix, error) {
	texts, err := list(value)
	if err != nil || len(texts) > MaxClientRanges {
		return nil, errValue
	}
	var ranges []netip.Prefix
	for _, text := range texts {
		prefix, err := netip.ParsePrefix(text)
		address := prefix.Addr()
		if err != nil || !address.Is4() || prefix.Bits() < minClientBits || prefix != prefix.Masked() ||
			address.As4()[0] == 0 || address.IsLoopback() || address.IsMulticast() || address.IsLinkLocalUnicast() {
			return nil, errValue
		}
		ranges = append(ranges, prefix)
	}
	return ranges, nil
}

var externalKeys = []Key{
	{
		Name:    "externalAccess",
		Summary: "HAProxy for clients outside the VPC",
		Allowed: "none, single or ha",
		Note: "With single, one instance with an Elastic IP; with ha, one in each zone behind a load balancer. See " +
			"[external access](external-access.md).",
		set: to(func(c *Config) *string { return &c.ExternalAccess }, oneOf(accessNone, AccessSingle, AccessHA)),
	},
	{
		Name:    "externalAllowedCidrs",
		Summary: "where clients may come from",
		Allowed: fmt.Sprintf("at most %d IPv4 ranges from /%d to /32, each written by its first address, such as [203.0.113.0/24]",
			MaxClientRanges, minClientBits),
		Note: "Required with `externalAccess` single and ha.",
		set:  to(func(c *Config) *[]netip.Prefix { return &c.ExternalAllowedCIDRs }, clientRanges),
	},
	{
		Name:    "externalLoadBalancer",
		Summary: "the load balancer of `externalAccess` ha",
		Allowed: "network or classic",
		set:     to(func(c *Config) *string { return &c.ExternalLoadBalancer }, oneOf(BalancerNetwork, BalancerClassic)),
	},
}
