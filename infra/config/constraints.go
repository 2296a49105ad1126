package config

import (
	"fmt"
	"slices"
	"strings"
)

// What some keys take, in words, with the reason.
var (
	engineAllowed = "a version of Aurora MySQL 3, 8.0.mysql_aurora.3.10.0 or later (AWS ended 3.08 and 3.09 on 31 August 2026 " +
		"and makes no cluster with them), or of 8.4, 8.4.mysql_aurora.8.4.7 or later; " +
		"aws rds describe-db-engine-versions --engine aurora-mysql lists what there is"
	borrowAllowed = fmt.Sprintf(
		"%d to %d seconds: below, statements fail while RDS Proxy opens a connection, although the database "+
			"takes more; above, the updater's timeout ends them first",
		leastBorrowTimeout,
		Updater.Timeout-1,
	)
	hostsAllowed = fmt.Sprintf(
		"public host names, each with a port or without, such as [hooks.example.com], together at most %d bytes; "+
			"no address or name of a private network or of the machine itself, which the sender refuses to dial",
		HostsBytes,
	)
)

// leastBorrowTimeout is the least that a new connection takes with certainty: TLS and a login on half an ACU. A timeout of
// zero fails every statement that finds no connection open, even if the database takes more.
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-best-practices.configuration.html
const leastBorrowTimeout = 5

// constraints are the rules between the keys.
func (c *Config) constraints(region string) []constraint {
	elsewhere := func(zone string) bool { return !strings.HasPrefix(zone, region) }
	return []constraint{
		{
			keys:    []string{"maxCapacity", "minCapacity"},
			Broken:  c.MaxCapacity < c.MinCapacity,
			value:   c.MaxCapacity,
			allowed: fmt.Sprintf("minCapacity (%v) or more", c.MinCapacity),
		},
		{
			keys:    []string{"autoPauseSeconds", "minCapacity"},
			Broken:  c.AutoPauseSeconds != 0 && c.MinCapacity != 0,
			value:   c.AutoPauseSeconds,
			allowed: fmt.Sprintf("0 (unset) unless minCapacity is 0; it is %v", c.MinCapacity),
		},
		{
			keys:    []string{"externalAllowedCidrs", "externalAccess"},
			Broken:  c.External() && len(c.ExternalAllowedCIDRs) == 0,
			value:   "[]",
			allowed: "at least one range with externalAccess " + c.ExternalAccess,
		},
		{
			keys:    []string{"externalLoadBalancer", "externalAccess"},
			Broken:  c.ExternalAccess == AccessSingle && c.ExternalLoadBalancer != BalancerNetwork,
			value:   c.ExternalLoadBalancer,
			allowed: "network, the default, with externalAccess single",
		},
		{
			keys:    []string{"zones"},
			Broken:  region != "" && slices.ContainsFunc(c.Zones, elsewhere),
			value:   strings.Join(c.Zones, ", "),
			allowed: "zones of aws:region, " + region,
		},
	}
}
