package infra

// identifier is RDS's form of a name: letters, digits and single hyphens, a letter first and no hyphen last.
const identifier = `[a-zA-Z](-?[a-zA-Z0-9])*`

var databaseTexts = map[string]texts{
	"kms/key:Key": {
		page: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html",
		forms: map[string]form{
			"description": {most: 8192},
		},
	},
	"kms/keyPolicy:KeyPolicy": {
		page: "https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html",
		forms: map[string]form{
			"policy": policyForm(32768),
		},
	},
	"secretsmanager/secret:Secret": {page: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html",
		named: "name", forms: map[string]form{
			// No hyphen and six characters at the end: Secrets Manager adds such an end to the ARN.
			"name":        {pattern: `[A-Za-z0-9/_+=.@-]+-[0-9a-f]{7}`, most: 512},
			"description": {most: 2048},
		},
	},
	"secretsmanager/secretPolicy:SecretPolicy": {
		page: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html",
		forms: map[string]form{
			"policy": policyForm(20480),
		},
	},
	"secretsmanager/secretRotation:SecretRotation": {page: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html"},
	"secretsmanager/secretVersion:SecretVersion": {
		page: "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html",
		forms: map[string]form{
			"secretString":     {most: 65536, check: isJSON},
			"versionStages[*]": {pattern: `.+`, most: 256},
		},
	},
	"rds/cluster:Cluster": {
		page: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html",
		forms: map[string]form{
			"clusterIdentifier":               {pattern: identifier, most: 63},
			"finalSnapshotIdentifier":         {pattern: identifier, most: 63},
			"databaseName":                    {pattern: `[A-Za-z][A-Za-z0-9_]*`, most: 64},
			"masterUsername":                  {pattern: `[a-zA-Z][a-zA-Z0-9]*`, most: 16},
			"masterPassword":                  {pattern: `[!#-.0-?A-~]{8,41}`},
			"dbClusterParameterGroupName":     {pattern: identifier},
			"dbSubnetGroupName":               {pattern: identifier},
			"enabledCloudwatchLogsExports[*]": {pattern: "audit|error|general|slowquery|instance"},
			"engine":                          {pattern: "aurora-mysql"},
			"engineMode":                      {pattern: "provisioned"},
			"engineVersion":                   {pattern: `8\.0\.mysql_aurora\.3\.\d+\.\d+|8\.4\.mysql_aurora\.8\.4\.\d+`},
		},
	},
	"rds/clusterInstance:ClusterInstance": {page: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
		named: "identifier", forms: map[string]form{
			"identifier":        {pattern: identifier, most: 63},
			"clusterIdentifier": {pattern: identifier, most: 63},
			"dbSubnetGroupName": {pattern: identifier},
			"engine":            {pattern: "aurora-mysql"},
			"instanceClass":     {pattern: `db\.serverless`},
		},
	},
	"rds/clusterParameterGroup:ClusterParameterGroup": {
		page:  "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBClusterParameterGroup.html",
		named: "name",
		forms: map[string]form{
			"name":                      {pattern: identifier, most: 255},
			"description":               {most: 255},
			"family":                    {pattern: `aurora-mysql8\.[04]`},
			"parameters[*].name":        {pattern: `[a-z_]+`},
			"parameters[*].value":       {pattern: `[A-Za-z0-9_,]+`},
			"parameters[*].applyMethod": {pattern: "immediate"},
		},
	},
	"rds/subnetGroup:SubnetGroup": {page: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html",
		named: "name", forms: map[string]form{
			"name":        {pattern: `[a-z][a-z0-9._ -]*`, most: 255},
			"description": {most: 255},
		},
	},
	"rds/eventSubscription:EventSubscription": {page: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateEventSubscription.html",
		named: "name", forms: map[string]form{
			"name":               {pattern: `[A-Za-z0-9-]+`, most: 254},
			"snsTopic":           {pattern: `arn:.*`},
			"sourceType":         {pattern: "db-cluster|db-instance|db-proxy"},
			"eventCategories[*]": {pattern: "failover|failure|maintenance|configuration change"},
		},
	},
	"rds/proxy:Proxy": {
		page: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBProxy.html",
		forms: map[string]form{
			"name":                            {pattern: identifier, most: 63},
			"engineFamily":                    {pattern: "MYSQL"},
			"auths[*].authScheme":             {pattern: "SECRETS"},
			"auths[*].clientPasswordAuthType": {pattern: "MYSQL_NATIVE_PASSWORD|MYSQL_CACHING_SHA2_PASSWORD"},
			"auths[*].iamAuth":                {pattern: "DISABLED"},
			"auths[*].description":            {pattern: `.+`, most: 1000},
		},
	},
	"rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": {
		page: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBProxyTargetGroup.html",
		forms: map[string]form{
			"dbProxyName": {pattern: identifier, most: 63},
		},
	},
	"rds/proxyTarget:ProxyTarget": {
		page: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RegisterDBProxyTargets.html",
		forms: map[string]form{
			"dbProxyName":         {pattern: identifier, most: 63},
			"dbClusterIdentifier": {pattern: identifier, most: 63},
			"targetGroupName":     {pattern: `.+`},
		},
	},
}
