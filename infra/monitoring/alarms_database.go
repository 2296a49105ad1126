package monitoring

import (
	"scheduled-messages/infra/config"
)

// poolAlarms: the sums of gauges are over one minute and no more, see the metrics.
func poolAlarms(c *config.Config) []alarm {
	const findHolders = "Raise proxyMaxConnectionsPercent or maxCapacity, or find the statements that hold connections " +
		"(slow query log)."
	return []alarm{
		someMinutes("pool-pinned", poolPinned, 1, config.AlarmText{
			Summary: "Sessions are pinned: each holds a connection of the pool for itself. The updater and status never do that.",
			Runbook: "Find what else connects through the proxy, or what changed in their statements (SET, prepared " +
				"statements); the proxy's log names the reason.",
		}),
		someMinutes("pool-wait", poolWait, float64(c.ProxyBorrowTimeout)*1e6/2, config.AlarmText{
			Summary: "Statements wait for a connection of the pool for half of proxyBorrowTimeout on average; after all of it they fail.",
			Runbook: findHolders,
		}),
		onFirst("pool-timeouts", "log", borrowTimeouts, config.AlarmText{
			Summary: "The proxy had no free connection for the updater within proxyBorrowTimeout (error 9501). Lambda tries again.",
			Runbook: "Raise proxyMaxConnectionsPercent or maxCapacity; look for pinned sessions and slow statements.",
		}),
		{
			Name:      "pool-full",
			Measure:   share("proxy", poolBorrowed, poolAllowed),
			Threshold: 90,
			period:    60, datapoints: 5, periods: 10, missing: missingNotBreaching,
			Fires: 10, Clears: 15,
			Summary: "Nine of ten connections that the proxy may open have been borrowed for five of ten minutes.",
			Runbook: findHolders,
		},
		someMinutes("pool-refused", poolRefused, 1, config.AlarmText{
			Summary: "The proxy cannot connect to the database.",
			Runbook: "aws rds describe-db-proxy-targets says why: a failover, the password in a secret of app or reader, a security " +
				"group, max_connections.",
		}),
		someMinutes("pool-logins", poolLoginsFailed, 1, config.AlarmText{
			Summary: "The proxy refuses logins: the password or TLS.",
			Runbook: "Compare the secrets of app and reader with the database's users: invoking the migrator with {} sets the " +
				"passwords from them. " +
				"A rotation may show for a few minutes.",
		}),
	}
}

// someMinutes is an alarm on the proxy that one bad minute does not fire, such as that of a failover or a rotation.
// Ten minutes are looked at, because the newest come late, and count as good until they come: five of five would never
// all be bad.
func someMinutes(name string, m Metric, threshold float64, text config.AlarmText) alarm {
	a := counting(name, "proxy", m, text)
	a.Threshold = threshold
	a.period, a.datapoints, a.periods = 60, 3, 10
	a.Fires, a.Clears = 10, 10
	return a
}

// databaseAlarms are of a cluster of the stack's own: one that is there has an owner who watches it.
func databaseAlarms(c *config.Config) []alarm {
	if c.Existing.Database() {
		return nil
	}
	fixed := c.MinCapacity == c.MaxCapacity // always at its ceiling: there the processor shows the load
	return []alarm{
		{
			Name:      "database-connections",
			Measure:   plain("writer", connections),
			Threshold: float64(config.ConnectionsAt(c.MaxCapacity) * 8 / 10),
			period:    60, datapoints: 5, periods: 10, missing: missingNotBreaching,
			Fires: 10, Clears: 10,
			Summary: "Four of five connections that the database takes at maxCapacity are in use; beyond the last, clients see " +
				"Too many connections.",
			Runbook: "Find who connects next to the proxy (SHOW PROCESSLIST), or raise maxCapacity and reboot the instances, " +
				"which then take more.",
		},
		{
			Name:      "database-ceiling",
			Measure:   plain("writer", capacityUsed),
			Threshold: c.MaxCapacity,
			period:    300, datapoints: 3, periods: 3, missing: missingNotBreaching,
			Fires: 20, Clears: 5,
			Summary:  "The writer has been at maxCapacity for a quarter of an hour and cannot grow.",
			Runbook:  "Read the slow query log; raise maxCapacity if the load is right.",
			disabled: fixed,
		},
		{
			Name:      "database-processor",
			Measure:   plain("writer", processor),
			Threshold: 90,
			period:    300, datapoints: 3, periods: 3, missing: missingNotBreaching,
			Fires: 20, Clears: 5,
			Summary: "The writer's processor has been busy for a quarter of an hour, and minCapacity equal to maxCapacity " +
				"lets it not grow.",
			Runbook:  "Read the slow query log; raise maxCapacity if the load is right.",
			disabled: !fixed,
		},
	}
}
