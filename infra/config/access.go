package config

import (
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
