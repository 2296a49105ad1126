package config

import (
	"encoding/binary"
	"net/netip"
)

// MaxZones is how many zones the address plan has room for; the largest region has six.
const MaxZones = 6

// PrivateCIDR is the range of a zone's private subnet. The VPC is cut into eight equal slots: zone 0 to 5 have
// theirs permanently, so that a zone more touches no other, and the last two are left for public subnets.
func PrivateCIDR(vpc netip.Prefix, zone int) netip.Prefix { return slot(vpc, 3, zone) }

// PublicCIDR is the range of a zone's public subnet: one eighth of the VPC's last two slots together, which are its
// last quarter. Of the smallest VPC that is a /27, the least that a classic load balancer takes.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-manage-subnets.html
func PublicCIDR(vpc netip.Prefix, zone int) netip.Prefix { return slot(slot(vpc, 2, 3), 3, zone) }

// slot cuts a range into 2^bits equal ones and gives the one with the number.
func slot(all netip.Prefix, bits, number int) netip.Prefix {
	length := all.Bits() + bits
	base := all.Addr().As4()
	address := binary.BigEndian.Uint32(base[:]) + uint32(number)<<(32-length)
	return netip.PrefixFrom(netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, address))), length)
}
