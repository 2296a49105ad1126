// Package textforms holds the forms of the texts that AWS takes, by resource type and property.
package textforms

// identifier is RDS's form of a name: letters, digits and single hyphens, a letter first and no hyphen last.
const identifier = `[a-zA-Z](-?[a-zA-Z0-9])*`

var databaseTexts = map[string]texts{
	"kms/key:Key": {
		Page: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html",
		Forms: map[string]Form{
			"description": {most: 8192},
		},
	},
	"kms/keyPolicy:KeyPolicy": {
		Page: "https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html",
		Forms: map[string]Form{
			"policy": policyForm(32768),
		},
	},
	"secretsmanager/secret:Secret": {Page: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html",
		Named: "name", Forms: map[string]Form{
			// No hyphen and six characters at the end: Secrets Manager adds such an end to the ARN.
			"name":        {Pattern: `[A-Za-z0-9/_+=.@-]+-[0-9a-f]{7}`, most: 512},
			"description": {most: 2048},
		},
	},
	"secretsmanager/secretPolicy:SecretPolicy": {
		Page: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html",
		Forms: map[string]Form{
			"policy": policyForm(20480),
		},
	},
	"secretsmanager/secretRotation:SecretRotation": {Page: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html"},
	"secretsmanager/secretVersion:SecretVersion": {
		Page: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html",
		Forms: map[string]Form{
			"secretString":     {most: 65536, check: isJSON},
			"versionStages[*]": {Pattern: `.+`, most: 256},
		},
	},
	"rds/cluster:Cluster": {
		Page: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html",
		Forms: map[string]Form{
			"clusterIdentifier":               {Pattern: identifier, most: 63},
			"finalSnapshotIdentifier":         {Pattern: identifier, most: 63},
			"databaseName":                    {Pattern: `[A-Za-z][A-Za-z0-9_]*`, most: 64},
			"masterUsername":                  {Pattern: `[a-zA-Z][a-zA-Z0-9]*`, most: 16},
			"masterPassword":                  {Pattern: `[!#-.0-?A-~]{8,41}`},
			"dbClusterParameterGroupName":     {Pattern: identifier},
			"dbSubnetGroupName":               {Pattern: identifier},
			"enabledCloudwatchLogsExports[*]": {Pattern: "audit|error|general|slowquery|instance"},
			"engine":                          {Pattern: "aurora-mysql"},
			"engineMode":                      {Pattern: "provisioned"},
			"engineVersion":                   {Pattern: `8\.0\.mysql_aurora\.3\.\d+\.\d+|8\.4\.mysql_aurora\.8\.4\.\d+`},
		},
	},
	"rds/clusterInstance:ClusterInstance": {Page: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
		Named: "identifier", Forms: map[string]Form{
			"identifier":        {Pattern: identifier, most: 63},
			"clusterIdentifier": {Pattern: identifier, most: 63},
			"dbSubnetGroupName": {Pattern: identifier},
			"engine":            {Pattern: "aurora-mysql"},
			"instanceClass":     {Pattern: `db\.serverless`},
		},
	},
	"rds/clusterParameterGroup:ClusterParameterGroup": {
		Page:  "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBClusterParameterGroup.html",
		Named: "name",
		Forms: map[string]Form{
			"name":                      {Pattern: identifier, most: 255},
			"description":               {most: 255},
			"family":                    {Pattern: `aurora-mysql8\.[04]`},
			"parameters[*].name":        {Pattern: `[a-z_]+`},
			"parameters[*].value":       {Pattern: `[A-Za-z0-9_,]+`},
			"parameters[*].applyMethod": {Pattern: "immediate"},
		},
	},
	"rds/subnetGroup:SubnetGroup": {Page: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html",
		Named: "name", Forms: map[string]Form{
			"name":        {Pattern: `[a-z][a-z0-9._ -]*`, most: 255},
			"description": {most: 255},
		},
	},
	"rds/eventSubscription:EventSubscription": {Page: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateEventSubscription.html",
		Named: "name", Forms: map[string]Form{
			"name":               {Pattern: `[A-Za-z0-9-]+`, most: 254},
			"snsTopic":           {Pattern: `arn:.*`},
			"sourceType":         {Pattern: "db-cluster|db-instance|db-proxy"},
			"eventCategories[*]": {Pattern: "failover|failure|maintenance|configuration change"},
		},
	},
	"rds/proxy:Proxy": {
		Page: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBProxy.html",
		Forms: map[string]Form{
			"name":                            {Pattern: identifier, most: 63},
			"engineFamily":                    {Pattern: "MYSQL"},
			"auths[*].authScheme":             {Pattern: "SECRETS"},
			"auths[*].clientPasswordAuthType": {Pattern: "MYSQL_NATIVE_PASSWORD|MYSQL_CACHING_SHA2_PASSWORD"},
			"auths[*].iamAuth":                {Pattern: "DISABLED"},
			"auths[*].description":            {Pattern: `.+`, most: 1000},
		},
	},
	"rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": {
		Page: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBProxyTargetGroup.html",
		Forms: map[string]Form{
			"dbProxyName": {Pattern: identifier, most: 63},
		},
	},
	"rds/proxyTarget:ProxyTarget": {
		Page: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RegisterDBProxyTargets.html",
		Forms: map[string]Form{
			"dbProxyName":         {Pattern: identifier, most: 63},
			"dbClusterIdentifier": {Pattern: identifier, most: 63},
			"targetGroupName":     {Pattern: `.+`},
		},
	},
}
