package infra

// connectionsByCapacity are the cluster's max_connections by its greatest capacity in ACUs, as Aurora MySQL sets them.
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html#aurora-serverless-v2.max-connections
var connectionsByCapacity = []struct {
	acus        float64
	connections int
}{{1, 90}, {4, 135}, {8, 1000}, {16, 2000}, {32, 3000}, {64, 4000}, {128, 5000}, {192, 6000}, {256, 6000}}

// connectionsAt is max_connections at a greatest capacity. Between two of AWS's rows it is the lower one's, so that an
// alarm rings early rather than never.
func connectionsAt(maxCapacity float64) int {
	connections := connectionsByCapacity[0].connections
	for _, row := range connectionsByCapacity {
		if row.acus <= maxCapacity {
			connections = row.connections
		}
	}
	return connections
}

// poolShare is how many of them RDS Proxy may open.
func poolShare(c *Config) int {
	return max(1, connectionsAt(c.MaxCapacity)*c.ProxyMaxConnectionsPercent/100)
}
