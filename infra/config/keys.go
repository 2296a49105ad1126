package config

import (
	"fmt"
	"net/netip"
	"strconv"

	"scheduled-messages/lambda/contract"
)

var networkKeys = []Key{
	{
		Name:    "vpcCidr",
		Summary: "the VPC's address range",
		Allowed: "a private IPv4 range from /16 to /22, written by its first address",
		Note:    "A zone more touches no other subnet.",
		set:     to(func(c *Config) *netip.Prefix { return &c.VPCCIDR }, vpcCIDR),
	},
	{
		Name:    "zones",
		Summary: "availability zones; append to add one",
		Allowed: "none, or two to six different availability zones of one region by name, such as [us-east-1a, us-east-1b]",
		Note: "With none, the region's first two that RDS Proxy and the endpoint serve, looked up. Yours are checked for the " +
			"same, where there is an account.",
		set: to(func(c *Config) *[]string { return &c.Zones }, zones),
	},
}

var clusterKeys = []Key{
	{
		Name:    "minCapacity",
		Summary: "the cluster's least capacity",
		Allowed: "0 to 256 ACUs in steps of 0.5",
		set:     to(func(c *Config) *float64 { return &c.MinCapacity }, capacity(0)),
	},
	{
		Name:    "maxCapacity",
		Summary: "the cluster's greatest capacity",
		Allowed: "1 to 256 ACUs in steps of 0.5",
		Note:    "Sets `max_connections`: " + connectionsText(4) + ", and so on.",
		set:     to(func(c *Config) *float64 { return &c.MaxCapacity }, capacity(1)),
	},
	{
		Name:    "autoPauseSeconds",
		Summary: "idle time until the cluster pauses",
		Allowed: "0 (unset) or 300 to 86400 seconds",
		Note:    "Only with `minCapacity` 0. RDS Proxy's own connections keep the cluster awake, so expect no pause.",
		set:     to(func(c *Config) *int { return &c.AutoPauseSeconds }, autoPause),
	},
	{
		Name:    "readers",
		Summary: "reader instances next to the writer",
		Allowed: "0 to 15",
		set:     to(func(c *Config) *int { return &c.Readers }, within(0, 15)),
	},
	{
		Name:    "engineVersion",
		Summary: "the version of Aurora MySQL",
		Allowed: engineAllowed,
		Note: "3.10 is a long-term support release. Automatic minor upgrades are off. A newer default upgrades the cluster at the " +
			"next `up`: set the key to stay on a version (see [upgrades](upgrades.md)).",
		set: to(func(c *Config) *string { return &c.EngineVersion }, engineVersion),
	},
	{
		Name:    "databaseName",
		Summary: "the database that holds the messages table",
		Allowed: "a letter, then letters, digits and underscores, at most 64, and neither a reserved word nor a database of " +
			"MySQL's own",
		set: to(func(c *Config) *string { return &c.DatabaseName }, databaseName),
	},
	{
		Name: "protectData",
		Summary: "protection of the cluster and of the messages not sent yet, a final snapshot, a recovery window of 7 days for " +
			"secrets",
		Allowed: "true or false",
		Note:    "With false, `pulumi destroy` takes the data. See [teardown](teardown.md).",
		set:     to(func(c *Config) *bool { return &c.ProtectData }, strconv.ParseBool),
	},
	{
		Name:    "backupRetentionDays",
		Summary: "how long automated backups are kept",
		Allowed: "1 to 35 days",
		set:     to(func(c *Config) *int { return &c.BackupRetentionDays }, within(1, 35)),
	},
}

var proxyKeys = []Key{
	{
		Name:    "proxyMaxConnectionsPercent",
		Summary: "RDS Proxy's share of `max_connections`",
		Allowed: "0 (follows maxCapacity) or 1 to 100 percent",
		Note: "0 is " + sharesText() + ". Below [AWS's minimum]" +
			"(https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-best-practices.configuration.html) the program " +
			"warns. " + fmt.Sprintf("HAProxy takes what is left over up to %d, and %d stay free.", haproxyMost, ReservedPercent),
		set: to(func(c *Config) *int { return &c.ProxyMaxConnectionsPercent }, within(0, 100)),
	},
	{
		Name:    "proxyIdleClientTimeout",
		Summary: "how long a client connection to RDS Proxy may be idle",
		Allowed: "60 to 28800 seconds: AWS's guidelines for RDS Proxy give a minimum of a minute",
		Note:    "The functions close theirs 5 seconds earlier.",
		set:     to(func(c *Config) *int { return &c.ProxyIdleClientTimeout }, within(60, 28800)),
	},
	{
		Name:    "proxyBorrowTimeout",
		Summary: "how long RDS Proxy lets a statement wait for a connection",
		Allowed: borrowAllowed,
		set:     to(func(c *Config) *int { return &c.ProxyBorrowTimeout }, within(leastBorrowTimeout, Updater.Timeout-1)),
	},
}

var functionKeys = []Key{
	{
		Name:    "lambdaArchitecture",
		Summary: "the functions' processor",
		Allowed: "arm64 or x86_64",
		set:     to(func(c *Config) *string { return &c.LambdaArchitecture }, architecture),
	},
	{
		Name:    "secretsExtensionLayerArn",
		Summary: "the version of AWS's own Parameters and Secrets extension layer, of the Region and the processor",
		Allowed: layerAllowed,
		Note:    "With none, an `up` after a release of the layer updates the functions; set the key to pin a version.",
		set:     to(func(c *Config) *string { return &c.SecretsExtensionLayerARN }, LayerARN),
	},
}

var deliveryKeys = []Key{
	{
		Name:    "maxRetries",
		Summary: "Lambda's retries of a failed delivery",
		Allowed: "0 to 2",
		Note:    "They come after 1 and 2 minutes.",
		set:     to(func(c *Config) *int { return &c.MaxRetries }, within(0, 2)),
	},
	{
		Name:    "maxEventAgeSeconds",
		Summary: "how long Lambda tries a delivery, before its message is `" + string(contract.Failed) + "`",
		Allowed: "60 to 21600 seconds",
		set:     to(func(c *Config) *int { return &c.MaxEventAgeSeconds }, within(60, 21600)),
	},
	{
		Name:    "rotationDays",
		Summary: "how often the database's users get new passwords",
		Allowed: "0 (none) or 1 to 365 days",
		Note:    "See [rotation](rotation.md).",
		set:     to(func(c *Config) *int { return &c.RotationDays }, within(0, 365)),
	},
}

var tableKeys = []Key{
	{
		Name:    "outbox",
		Summary: "whether schedules follow the rows of the table, so that SQL alone schedules, moves and cancels messages",
		Allowed: "true or false",
		Note:    "See [outbox](outbox.md).",
		set:     to(func(c *Config) *bool { return &c.Outbox }, strconv.ParseBool),
	},
	{
		Name:    "retentionDays",
		Summary: "how long rows in a final state are kept",
		Allowed: "0 (indefinitely) or 1 to 3650 days",
		set:     to(func(c *Config) *int { return &c.RetentionDays }, within(0, 3650)),
	},
}

var operationKeys = []Key{
	{
		Name:    "alarmEmail",
		Summary: "the address that alarms are sent to, once it has confirmed SNS's mail",
		Allowed: "none, or one e-mail address such as team@example.com, of at most 254 ASCII characters",
		Note:    "Without one, the alarms' topic is there all the same. See [alarms](alarms.md).",
		set:     to(func(c *Config) *string { return &c.AlarmEmail }, email),
	},
	{
		Name:    "logRetentionDays",
		Summary: "how long logs are kept",
		Allowed: fmt.Sprintf("one of %v days", retentions),
		set:     to(func(c *Config) *int { return &c.LogRetentionDays }, retention),
	},
}
