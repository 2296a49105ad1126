package config

// existingKeys are those of what is there already.
var existingKeys = []Key{
	{
		Name:    "vpcId",
		Summary: "an existing VPC to go into",
		Allowed: "none (a VPC of the stack's own), or the id of a VPC, such as vpc-0a1b2c3d4e5f67890",
		Note:    "Then `vpcCidr` and `zones` stay at their defaults. See [existing VPC](existing-vpc.md), also for the keys below.",
		set:     to(func(c *Config) *string { return &c.Existing.VPCID }, optional(vpcPattern)),
	},
	{
		Name:    "privateSubnetIds",
		Summary: "subnets of `vpcId` in different zones, for functions, endpoint and RDS Proxy",
		Allowed: "none, or two to six different subnets by id, such as [subnet-0a1b2c3d4e5f67890, subnet-1a1b2c3d4e5f67890]",
		Note:    "Required with `vpcId`.",
		set:     to(func(c *Config) *[]string { return &c.Existing.PrivateSubnetIDs }, subnetIDs(2)),
	},
	{
		Name:    "publicSubnetIds",
		Summary: "subnets of `vpcId` with a route to an internet gateway, for HAProxy",
		Allowed: "none, or one to six different subnets by id, such as [subnet-2a1b2c3d4e5f67890]",
		Note:    "Required with `vpcId` and `externalAccess`: one with single, two to six with ha.",
		set:     to(func(c *Config) *[]string { return &c.Existing.PublicSubnetIDs }, subnetIDs(1)),
	},
	{
		Name:    "secretsManagerEndpoint",
		Summary: "how the functions in `vpcId` reach Secrets Manager",
		Allowed: "create, none, or the id of the security group of an endpoint that is there, such as sg-0a1b2c3d4e5f67890",
		Note:    "With none, the subnets have another route to it.",
		set:     to(func(c *Config) *string { return &c.Existing.SecretsManagerEndpoint }, secretsManagerEndpoint),
	},
	{
		Name:    "clusterIdentifier",
		Summary: "an existing cluster in `vpcId`",
		Allowed: "none (a cluster of the stack's own), or the identifier of an Aurora MySQL cluster, in lower case",
		set:     to(func(c *Config) *string { return &c.Existing.ClusterID }, rdsIdentifier),
	},
	{
		Name:    "instanceIdentifier",
		Summary: "an existing instance in `vpcId`, instead of a cluster",
		Allowed: "none, or the identifier of an RDS for MySQL instance, in lower case",
		set:     to(func(c *Config) *string { return &c.Existing.InstanceID }, rdsIdentifier),
	},
	{
		Name:    "adminSecretArn",
		Summary: "the secret of a user that may make users and tables in the existing database; read, never changed",
		Allowed: "none, or the ARN of a secret, such as arn:aws:secretsmanager:us-east-1:111122223333:secret:admin-AbCdEf",
		Note:    "Required with either of them.",
		set:     to(func(c *Config) *string { return &c.Existing.AdminSecretARN }, optional(secretPattern)),
	},
	{
		Name:    "databaseSecurityGroupId",
		Summary: "the security group of the existing database that gets the stack's rules",
		Allowed: "none, or the id of a security group of the existing database, such as sg-0a1b2c3d4e5f67890",
		Note:    "Required where the database has more than one.",
		set:     to(func(c *Config) *string { return &c.Existing.DatabaseSecurityGroupID }, optional(groupPattern)),
	},
	{
		Name:    "kmsKeyArn",
		Summary: "an existing customer managed key",
		Allowed: "none (a key of the stack's own), or the ARN of a customer managed key (not of an alias), such as " +
			"arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
		set: to(func(c *Config) *string { return &c.Existing.KMSKeyARN }, optional(keyPattern)),
	},
	{
		Name:    "permissionsBoundaryArn",
		Summary: "the permissions boundary of every role",
		Allowed: "none, or the ARN of a policy, such as arn:aws:iam::111122223333:policy/boundary",
		set:     to(func(c *Config) *string { return &c.Existing.PermissionsBoundaryARN }, optional(boundaryPattern)),
	},
	{
		Name:    "iamPath",
		Summary: "the path of every role, policy and instance profile",
		Allowed: "a path that begins and ends with a slash, such as / or /teams/messages/, of at most 512 characters",
		set:     to(func(c *Config) *string { return &c.Existing.IAMPath }, iamPath),
	},
	{
		Name:    "namePrefix",
		Summary: "what every name begins with",
		Allowed: "none, or at most 12 lower-case letters, digits and hyphens, a letter first and one hyphen at the " +
			"end, such as team-a-",
		Note: "Set it before the first `up`.",
		set:  to(func(c *Config) *string { return &c.Existing.NamePrefix }, namePrefix),
	},
}
