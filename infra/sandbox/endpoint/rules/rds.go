package rules

import "fmt"

const (
	apiRDS = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/"

	hyphens = `[A-Za-z](?:-?[A-Za-z0-9])*`
	dbName  = "The parameter {member} is not a valid identifier. Identifiers must begin with a letter; must contain only " +
		"ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens."
	dbPassword = "The parameter MasterUserPassword is not a valid password. " +
		"Only printable ASCII characters besides '/', '@', '\"', ' ' may be used."
)

// identifier is what RDS takes for a name.
func identifier(most int) Check { return all(characters(1, most), matching(hyphens, dbName)) }

var rds = []Rule{
	{"rds", "CreateDBCluster", "DBClusterIdentifier", identifier(63), "", apiRDS + "API_CreateDBCluster.html"},
	{"rds", "ModifyDBCluster", "NewDBClusterIdentifier", identifier(63), "", apiRDS + "API_ModifyDBCluster.html"},
	{"rds", "CreateDBInstance", "DBInstanceIdentifier", identifier(63), "", apiRDS + "API_CreateDBInstance.html"},
	{"rds", "DeleteDBCluster", "FinalDBSnapshotIdentifier", identifier(255), "", apiRDS + "API_DeleteDBCluster.html"},
	{"rds", "DeleteDBCluster", "",
		exclusive(
			"SkipFinalSnapshot",
			"FinalDBSnapshotIdentifier",
			"FinalDBSnapshotIdentifier can not be specified when deleting a cluster with SkipFinalSnapshot",
		),
		"InvalidParameterCombination", apiRDS + "API_DeleteDBCluster.html"},
	{"rds", "CreateDBClusterParameterGroup", "DBClusterParameterGroupName",
		identifier(255),
		"", "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_WorkingWithParamGroups.CreatingCluster.html"},
	{"rds", "CreateDBCluster", "DatabaseName",
		matching(
			`[A-Za-z][A-Za-z0-9_]{0,63}`,
			"Database name must begin with a letter and contain only letters, underscores, or digits, 1 to 64 of them.",
		),
		"", apiRDS + "API_CreateDBInstance.html"},
	{"rds", "CreateDBCluster", "MasterUsername",
		matching(
			`[A-Za-z][A-Za-z0-9]{0,15}`,
			"The parameter MasterUsername must be 1 to 16 letters or numbers and begin with a letter",
		),
		"", apiRDS + "API_CreateDBCluster.html"},
	{"rds", "CreateDBCluster ModifyDBCluster", "MasterUserPassword",
		all(
			matching(`[!-~]*`, dbPassword),
			not(`[/@"]`, dbPassword),
			characters(8, 41),
		),
		"", apiRDS + "API_CreateDBCluster.html"},
	{"rds", "CreateDBCluster", "",
		exclusive(
			"ManageMasterUserPassword",
			"MasterUserPassword",
			"You can't specify MasterUserPassword with ManageMasterUserPassword",
		),
		"InvalidParameterCombination", apiRDS + "API_CreateDBCluster.html"},
	{"rds", "CreateDBCluster ModifyDBCluster", "BackupRetentionPeriod",
		between(1, 35), "", apiRDS + "API_CreateDBCluster.html"},
	{"rds", "CreateDBCluster ModifyDBCluster", "PreferredBackupWindow",
		matching(
			`([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d`,
			"The parameter PreferredBackupWindow must be in the format hh24:mi-hh24:mi",
		),
		"", apiRDS + "API_CreateDBCluster.html"},
	{"rds", "CreateDB* ModifyDB*", "PreferredMaintenanceWindow",
		matching(weekly+"-"+weekly, "The parameter PreferredMaintenanceWindow must be in the format ddd:hh24:mi-ddd:hh24:mi"),
		"", apiRDS + "API_CreateDBCluster.html"},
	{"rds", "CreateDBCluster ModifyDBCluster", "ServerlessV2ScalingConfiguration",
		capacity, "", apiRDS + "API_ServerlessV2ScalingConfiguration.html"},
	{"rds", "CreateDBCluster", "", logExports, "", apiRDS + "API_CreateDBCluster.html"},
	{"rds", "CreateDBCluster CreateDBInstance", "EngineLifecycleSupport",
		oneOf("open-source-rds-extended-support", "open-source-rds-extended-support-disabled"),
		"", apiRDS + "API_CreateDBCluster.html"},
	{"rds", "CreateDBInstance ModifyDBInstance", "PromotionTier", between(0, 15), "", apiRDS + "API_CreateDBInstance.html"},
	{"rds", "CreateDBInstance ModifyDBInstance", "MonitoringInterval",
		oneOf(numbers(0, 1, 5, 10, 15, 30, 60)...), "", apiRDS + "API_CreateDBInstance.html"},
	{"rds", "CreateDBSubnetGroup", "DBSubnetGroupName",
		all(
			matching(`[A-Za-z][A-Za-z0-9 ._-]{0,254}`, "The parameter DBSubnetGroupName must begin with a letter and contain "+
				"no more than 255 letters, numbers, periods, underscores, spaces, or hyphens"),
			not(`(?i)\Adefault\z`, "The parameter DBSubnetGroupName must not be default"),
		),
		"", apiRDS + "API_CreateDBSubnetGroup.html"},
	{"rds", "CreateDBProxy ModifyDBProxy", "IdleClientTimeout", between(1, 28800), "", apiRDS + "API_DBProxy.html"},
	{"rds", "CreateDBProxy", "VpcSubnetIds",
		twoSubnets, "", "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-network-prereqs.html"},
	{"rds", "ModifyDBProxyTargetGroup", "ConnectionPoolConfig", pool, "", apiRDS + "API_ConnectionPoolConfiguration.html"},
	{"rds", "CreateEventSubscription", "SubscriptionName",
		characters(1, 254), "", apiRDS + "API_CreateEventSubscription.html"},
	{"rds", "CreateEventSubscription ModifyEventSubscription", "SourceType",
		oneOf(
			"db-instance",
			"db-cluster",
			"db-parameter-group",
			"db-security-group",
			"db-snapshot",
			"db-cluster-snapshot",
			"db-proxy",
			"zero-etl",
			"custom-engine-version",
			"blue-green-deployment",
		),
		"", apiRDS + "API_CreateEventSubscription.html"},
}

const weekly = `(?i:mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d`

// capacity is a range of Aurora capacity units, in half steps.
func capacity(value any) string {
	scaling, _ := value.(map[string]any)
	least, given := scaling["MinCapacity"].(float64)
	most, both := scaling["MaxCapacity"].(float64)
	switch {
	case given && (least < 0 || least > 256 || least*2 != float64(int(least*2))):
		return fmt.Sprintf("Serverless v2 minimum capacity %v isn't valid. It must be between 0 and 256 in steps of 0.5.", least)
	case both && (most < 1 || most > 256 || most*2 != float64(int(most*2))):
		return fmt.Sprintf("Serverless v2 maximum capacity %v isn't valid. It must be between 1 and 256 in steps of 0.5.", most)
	case given && both && least > most:
		return fmt.Sprintf("Serverless v2 minimum capacity %v must not exceed the maximum capacity %v", least, most)
	}
	if pause, ok := scaling["SecondsUntilAutoPause"].(int64); ok {
		if pause < 300 || pause > 86400 {
			return "SecondsUntilAutoPause must be between 300 and 86400"
		}
		if given && least > 0 {
			return "SecondsUntilAutoPause can only be set with a minimum capacity of 0"
		}
	}
	return ""
}

// logExports are the logs that Aurora MySQL has.
func logExports(value any) string {
	input, _ := value.(map[string]any)
	if input["Engine"] != "aurora-mysql" {
		return ""
	}
	kinds := oneOf("audit", "error", "general", "instance", "slowquery", "iam-db-auth-error")
	for _, kind := range reach(input, "EnableCloudwatchLogsExports.*") {
		if kinds(kind) != "" {
			return fmt.Sprintf("You cannot use the log types '%v' with engine version aurora-mysql.", kind)
		}
	}
	return ""
}

func twoSubnets(value any) string {
	if subnets, ok := value.([]any); ok && len(subnets) < 2 {
		return "DBProxy needs at least two subnets in different Availability Zones"
	}
	return ""
}

// pool is a proxy's share of the database's connections.
func pool(value any) string {
	config, _ := value.(map[string]any)
	most, given := config["MaxConnectionsPercent"].(int64)
	idle, both := config["MaxIdleConnectionsPercent"].(int64)
	borrow, waits := config["ConnectionBorrowTimeout"].(int64)
	switch {
	case given && (most < 1 || most > 100):
		return "MaxConnectionsPercent must be between 1 and 100"
	case both && !given:
		return "MaxIdleConnectionsPercent requires MaxConnectionsPercent"
	case both && (idle < 0 || idle > most):
		return "MaxIdleConnectionsPercent must be between 0 and MaxConnectionsPercent"
	case waits && (borrow < 0 || borrow > 300):
		return "ConnectionBorrowTimeout must be between 0 and 300"
	}
	return ""
}
