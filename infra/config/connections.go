package config

import (
	"fmt"
	"strings"
)

// ConnectionsByCapacity are the cluster's max_connections by its greatest capacity in ACUs, as Aurora MySQL sets them.
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
var ConnectionsByCapacity = []struct {
	Acus        float64
	Connections int
}{{1, 90}, {4, 135}, {8, 1000}, {16, 2000}, {32, 3000}, {64, 4000}, {128, 5000}, {192, 6000}, {256, 6000}}

// ConnectionsAt is max_connections at a greatest capacity in ACUs. Between two of AWS's rows it is the lower one's, so that
// nobody counts on connections that are not there.
func ConnectionsAt(maxCapacity float64) int {
	connections := ConnectionsByCapacity[0].Connections
	for _, row := range ConnectionsByCapacity {
		if row.Acus <= maxCapacity {
			connections = row.Connections
		}
	}
	return connections
}

// connectionsText are the first rows in words.
func connectionsText(rows int) string {
	var words []string
	for _, row := range ConnectionsByCapacity[:rows] {
		words = append(words, fmt.Sprintf("%d at %v", row.Connections, row.Acus))
	}
	return strings.Join(words, ", ")
}

// The budget of max_connections, in percent. RDS Proxy's share comes first, and HAProxy takes of the rest what is not
// reserved: clients outside cannot crowd the pipeline out, they wait.
const (
	// ReservedPercent belongs to nobody: to the migrator, the rotator, RDS's own users and an administrator. Of 90
	// connections it is 9.
	ReservedPercent = 10
	// haproxyMost and haproxyLeast are what all instances of HAProxy together may take.
	haproxyMost, haproxyLeast = 50, 10
)

// proxyShares are RDS Proxy's share of max_connections, in percent, from so many connections on.
//
// least is AWS's own minimum, given by instance types that have 90, 135 and 1,000 connections (t3.medium, t3.large,
// r3.large); of 45 connections it is 100 %, and a cluster of Serverless v2 has 90 at least. The proxy spreads its
// connections over several nodes and keeps some for itself, so that a small share can leave single ones. Another page,
// rds-proxy-connections, asks for less.
//
// usual is the share where none is configured. AWS wants 30 % between the connections in use at the peak and those
// allowed, which leaves 37, 41 and 230 in use at once; a thousand messages at the same time use 15.
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-best-practices.configuration.html
var proxyShares = []struct{ connections, least, usual int }{
	{90, 55, 55},   // 49 connections; 31 for HAProxy, 9 reserved
	{135, 35, 40},  // 54; 67; 13
	{1000, 20, 30}, // 300 or more; 500; 200
}

// sharesText is the usual share by the greatest capacity in words, such as "55 below 4 ACUs, then 40".
func sharesText() string {
	words := ""
	for i, row := range proxyShares[:len(proxyShares)-1] {
		for _, capacity := range ConnectionsByCapacity {
			if capacity.Connections == proxyShares[i+1].connections {
				words += fmt.Sprintf("%d below %v ACUs, ", row.usual, capacity.Acus)
			}
		}
	}
	return fmt.Sprintf("%sthen %d", words, proxyShares[len(proxyShares)-1].usual)
}

// proxyShare is the row of a greatest capacity in ACUs.
func proxyShare(maxCapacity float64) (least, usual int) {
	for _, row := range proxyShares {
		if row.connections <= ConnectionsAt(maxCapacity) {
			least, usual = row.least, row.usual
		}
	}
	return least, usual
}

// ProxyPercent is RDS Proxy's share of max_connections in percent.
func (c *Config) ProxyPercent() int {
	if c.ProxyMaxConnectionsPercent > 0 {
		return c.ProxyMaxConnectionsPercent
	}
	if c.Existing.Database() {
		return sharedProxyPercent
	}
	_, usual := proxyShare(c.MaxCapacity)
	return usual
}

// haproxyPercent is HAProxy's.
func (c *Config) haproxyPercent() int {
	return min(haproxyMost, 100-ReservedPercent-c.ProxyPercent())
}

// sharedProxyPercent is RDS Proxy's share of an existing database, whose max_connections the program does not know and which
// serves others too: AWS's minimum from 1,000 connections on and a half more, as for a cluster of the stack's own.
const sharedProxyPercent = 30

// PoolShare is how many connections RDS Proxy may open.
func PoolShare(c *Config) int {
	return max(1, ConnectionsAt(c.MaxCapacity)*c.ProxyPercent()/100)
}

// HAProxyShare is how many connections one of so many instances of HAProxy may open.
func HAProxyShare(c *Config, instances int) int {
	return max(1, ConnectionsAt(c.MaxCapacity)*c.haproxyPercent()/100/instances)
}

// BudgetConstraint refuses a share of RDS Proxy's that leaves HAProxy less than it needs.
func (c *Config) BudgetConstraint() constraint {
	most := 100 - ReservedPercent - haproxyLeast
	return constraint{
		keys:   []string{"proxyMaxConnectionsPercent", "externalAccess"},
		Broken: c.External() && c.ProxyPercent() > most,
		value:  c.ProxyMaxConnectionsPercent,
		allowed: fmt.Sprintf("0 (follows maxCapacity) or 1 to %d with externalAccess %s: HAProxy takes %d percent or more of the same "+
			"max_connections, and %d percent stay free for administration", most, c.ExternalAccess, haproxyLeast, ReservedPercent),
	}
}

// BudgetWarnings name a share that AWS advises against.
func (c *Config) BudgetWarnings() (all []string) {
	if c.Existing.Database() {
		if c.ProxyMaxConnectionsPercent == 0 {
			all = append(all, fmt.Sprintf("proxyMaxConnectionsPercent: 0: the pool takes %d percent of the existing database's "+
				"max_connections; "+
				"AWS recommends 55 or more of 90 connections, 35 of 135, 20 of 1,000", sharedProxyPercent))
		}
		return all
	}
	least, _ := proxyShare(c.MaxCapacity)
	percent, connections := c.ProxyPercent(), ConnectionsAt(c.MaxCapacity)
	if percent < least {
		all = append(all, fmt.Sprintf("proxyMaxConnectionsPercent: %d: AWS recommends %d or more at maxCapacity %v: of %d connections "+
			"the pool has %d, and RDS Proxy keeps some of them for itself", percent, least, c.MaxCapacity, connections, PoolShare(c)))
	}
	if !c.External() && percent > 100-ReservedPercent {
		all = append(all, fmt.Sprintf("proxyMaxConnectionsPercent: %d: a full pool leaves %d of %d connections for the migrator, "+
			"the rotator and administrators", percent, connections-PoolShare(c), connections))
	}
	return all
}
