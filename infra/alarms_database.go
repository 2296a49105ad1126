package infra

// poolAlarms: the sums of gauges are over one minute and no more, see the metrics.
func poolAlarms(c *Config) []alarm {
	return []alarm{
		{name: "pool-pinned", of: "proxy", metric: poolPinned, threshold: 1,
			period: 60, datapoints: 3, periods: 5, missing: quiet,
			meaning: "Sessions are pinned: each holds a connection of the pool for itself. The updater never does that.",
			remedy:  "Find what else connects through the proxy, or what changed in the updater's statements (SET, prepared statements); the proxy's log names the reason."},
		{name: "pool-wait", of: "proxy", metric: poolWait, threshold: float64(c.ProxyBorrowTimeout) * 1e6 / 2,
			period: 60, datapoints: 3, periods: 5, missing: quiet,
			meaning: "Statements wait for a connection of the pool for half of proxyBorrowTimeout on average; after all of it they fail.",
			remedy:  "Raise proxyMaxConnectionsPercent or maxCapacity, or find the statements that hold connections (slow query log)."},
		{name: "pool-timeouts", of: "log", metric: borrowTimeouts, threshold: 1,
			period: 300, datapoints: 1, periods: 1, missing: quiet,
			meaning: "The proxy had no free connection for the updater within proxyBorrowTimeout (error 9501). Lambda tries again.",
			remedy:  "Raise proxyMaxConnectionsPercent or maxCapacity; look for pinned sessions and slow statements."},
		{name: "pool-full", of: "proxy", metric: poolBorrowed, threshold: float64(max(1, poolShare(c)*9/10)),
			period: 60, datapoints: 5, periods: 5, missing: quiet,
			meaning: "Nine of ten connections that the proxy may open, its share of max_connections at maxCapacity, have been borrowed for five minutes.",
			remedy:  "Raise proxyMaxConnectionsPercent or maxCapacity, or find the statements that hold connections."},
		{name: "pool-refused", of: "proxy", metric: poolRefused, threshold: 1,
			period: 60, datapoints: 3, periods: 5, missing: quiet,
			meaning: "The proxy cannot connect to the database.",
			remedy:  "aws rds describe-db-proxy-targets says why: a failover, the password in the app secret, a security group, max_connections."},
		{name: "pool-logins", of: "proxy", metric: poolLoginsFailed, threshold: 1,
			period: 60, datapoints: 3, periods: 5, missing: quiet,
			meaning: "The proxy refuses logins: the password or TLS.",
			remedy:  "Compare the app secret with the database's user: invoking the migrator with {} sets the password from the secret. A rotation may show for a minute."},
	}
}

func databaseAlarms(c *Config) []alarm {
	fixed := c.MinCapacity == c.MaxCapacity // always at its ceiling: there the processor tells
	return []alarm{
		{name: "database-connections", of: "writer", metric: connections, threshold: float64(connectionsAt(c.MaxCapacity) * 8 / 10),
			period: 60, datapoints: 5, periods: 5, missing: quiet,
			meaning: "Four of five connections that the database takes at maxCapacity are in use; beyond the last, clients see Too many connections.",
			remedy:  "Find who connects beside the proxy (SHOW PROCESSLIST), or raise maxCapacity and reboot the instances, which then take more."},
		{name: "database-ceiling", of: "writer", metric: capacityUsed, threshold: c.MaxCapacity, unless: fixed,
			period: 300, datapoints: 3, periods: 3, missing: quiet,
			meaning: "The writer has been at maxCapacity for a quarter of an hour and cannot grow.",
			remedy:  "Read the slow query log; raise maxCapacity if the load is right."},
		{name: "database-processor", of: "writer", metric: processor, threshold: 90, unless: !fixed,
			period: 300, datapoints: 3, periods: 3, missing: quiet,
			meaning: "The writer's processor has been busy for a quarter of an hour, and minCapacity equal to maxCapacity lets it not grow.",
			remedy:  "Read the slow query log; raise maxCapacity if the load is right."},
	}
}

// externalAlarms are one row, by the kind of external access.
func externalAlarms(c *Config) []alarm {
	const (
		replaced = "Auto Scaling replaces it by itself; the first launch fails while the old interface is in use. If it stays: the group's activities, /health and HAProxy's journal through Session Manager."
		takenOut = "Look at the database first, without which every instance is unhealthy and none is replaced. With a healthy database: /health and HAProxy's journal through Session Manager, or terminate the instance, which Auto Scaling replaces."
	)
	switch {
	case !c.External():
		return nil
	case c.ExternalAccess == accessSingle: // no data, no instance
		return []alarm{{name: "haproxy-down", of: "haproxy", metric: statusCheckFailed, threshold: 1,
			period: 60, datapoints: 5, periods: 5, missing: rings,
			meaning: "The HAProxy instance has failed its status checks, or been away, for five minutes: clients outside do not get in.", remedy: replaced}}
	}
	unhealthy := targetsUnhealthy
	if c.ExternalLoadBalancer == balancerClassic {
		unhealthy = hostsUnhealthy
	}
	return []alarm{{name: "haproxy-down", of: "haproxy", metric: unhealthy, threshold: 1,
		period: 60, datapoints: 5, periods: 5, missing: quiet,
		meaning: "An HAProxy instance has been unhealthy for five minutes; the load balancer sends clients to the others.", remedy: takenOut}}
}
