package network

import (
	"slices"

	"scheduled-messages/infra/config"
)

// access is the configurations with which a row of a table exists.
type access func(*config.Config) bool

// accesses is those with one of the values of externalAccess.
func accesses(values ...string) access {
	return func(cfg *config.Config) bool { return slices.Contains(values, cfg.ExternalAccess) }
}

// The columns' values.
var (
	always   access // whatever the configuration is
	external = accesses(config.AccessSingle, config.AccessHA)
	single   = accesses(config.AccessSingle)
	balanced = accesses(config.AccessHA)
	outbox   = access(func(cfg *config.Config) bool { return cfg.Outbox })
)

// in reports whether the row exists in a stack with the configuration.
func (a access) in(cfg *config.Config) bool {
	return a == nil || a(cfg)
}

// Ports by name.
const (
	MySQLPort = 3306 // RDS Proxy listens on no other
	HTTPSPort = 443
	// HealthPort is HAProxy's, for the load balancer's checks.
	HealthPort = 8404
)

// port is a TCP port, and what the logical names of its rules end in: a second edge between two groups needs another name.
type port struct {
	number int
	suffix string
}

var (
	mysql  = port{number: MySQLPort}
	https  = port{number: HTTPSPort}
	health = port{number: HealthPort, suffix: "-health"}
)

// group is a security group. Its description never changes: an edit replaces the group, which hangs while a network interface
// holds it.
type group struct {
	name, description string
	access            access
}

// groups are all security groups.
var groups = []group{
	{"updater", "The function that writes statuses", always},
	{"maintenance", "Functions that connect to the cluster itself", always},
	{"proxy", "RDS Proxy", always},
	{"database", "The Aurora cluster", always},
	{"endpoint", "The interface endpoint of Secrets Manager", always},
	{"status", "The function that answers questions", always},
	{"relay", "The function that reads which rows ask for a schedule", outbox},
	{"haproxy", "HAProxy", external},
	{"balancer", "The load balancer before HAProxy", balanced},
	{"management", "The interface endpoints of Systems Manager", external},
}

// Ends of an edge that are addresses and no group.
const (
	clients  = "clients"  // the ranges of externalAllowedCidrs, each with a rule of its own
	packages = "packages" // S3 of the region, where Amazon Linux keeps its packages
)

// edge is allowed traffic: from one security group to a port of another.
type edge struct {
	from, to string
	port     port
	why      string
	access   access
}

// edges are all traffic that the VPC allows. No group is open to addresses but those of externalAllowedCidrs. Lambda needs no way
// in, and names are resolved without any edge: no group filters the VPC's resolver.
var edges = []edge{
	{"updater", "proxy", mysql, "statuses are written through the pool", always},
	{"proxy", "database", mysql, "the pool", always},
	{"maintenance", "database", mysql, "schema and users are made, and passwords set, on the cluster itself", always},
	{"status", "proxy", mysql, "statuses are read through the pool", always},
	{"updater", "endpoint", https, "the database secret is read", always},
	{"status", "endpoint", https, "the secret of the reading user is read", always},
	{"maintenance", "endpoint", https, "the database secrets are read and rotated", always},
	{"relay", "proxy", mysql, "rows that ask for a schedule are read through the pool", outbox},
	{"relay", "endpoint", https, "the database secret is read", outbox},
	{clients, "haproxy", mysql, "externalAllowedCidrs", single},
	{clients, "balancer", mysql, "externalAllowedCidrs", balanced},
	{"balancer", "haproxy", mysql, "connections of clients", balanced},
	{"balancer", "haproxy", health, "health", balanced},
	{"haproxy", "database", mysql, "the writer, for clients outside", external},
	{"haproxy", "management", https, "Session Manager", external},
	{"haproxy", packages, https, "packages of Amazon Linux, in S3", external},
}
