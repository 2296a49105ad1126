package database

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/foundation"
	"scheduled-messages/infra/network"
)

// The database's users.
const (
	adminUser = "steward" // the cluster's master user; not admin, which everybody tries first
	AppUser   = "app"     // of the updater; made by the migrator
	readUser  = "reader"  // of status; made by the migrator, too
)

// Parameters are the cluster's. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Reference.ParameterGroups.html
var Parameters = []struct{ Name, Value, why string }{
	{"require_secure_transport", "ON", "the proxy's TLS alone would leave direct connections in the clear"},
	{"max_connect_errors", "1000000", "a health check that connects and leaves must not get its host blocked"},
	{"slow_query_log", "1", "exported below"},
	{"long_query_time", "1", "seconds"},
	{"server_audit_logging", "1", "exported below, and empty without"},
	// Not QUERY_DCL, which logs the statements that set passwords.
	{"server_audit_events", "CONNECT,QUERY_DDL", "who came in, and what changed the schema"},
}

// logs are those that the cluster exports.
var logs = []string{"audit", "error", "slowquery"}

// Args are what the database stands on.
type Args struct {
	Foundation *foundation.Foundation
	Network    *network.Network
	Security   *network.Security
}

// Database is the Aurora MySQL cluster and the secrets of its users.
type Database struct {
	pulumi.ResourceState

	ClusterID          pulumi.StringOutput
	Endpoint           pulumi.StringOutput // the writer's
	Admin, App, Reader *foundation.Secret
	Users              []User

	name string // of the database

	Cluster   pulumi.Resource
	Writer    pulumi.Resource
	Instances []pulumi.Resource // with the writer

	InstanceIDs pulumi.StringArray
}

// New makes the cluster with its writer and readers.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Database, error) {
	d := &Database{name: args.Foundation.Config.DatabaseName}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Database", name, d, opts...); err != nil {
		return nil, err
	}
	parent, cfg, f := pulumi.Parent(d), args.Foundation.Config, args.Foundation
	aurora := cfg.Aurora()
	passwords, err := newPasswords(ctx, name, parent)
	if err != nil {
		return nil, err
	}
	subnets, err := rds.NewSubnetGroup(ctx, name+"-subnets", &rds.SubnetGroupArgs{SubnetIds: args.Network.SubnetIDs}, parent)
	if err != nil {
		return nil, err
	}
	var settings rds.ClusterParameterGroupParameterArray
	for _, p := range Parameters {
		settings = append(settings, rds.ClusterParameterGroupParameterArgs{
			Name: pulumi.String(p.Name), Value: pulumi.String(p.Value), ApplyMethod: pulumi.String("immediate")})
	}
	group, err := rds.NewClusterParameterGroup(ctx, name+"-"+aurora.Parameters, &rds.ClusterParameterGroupArgs{
		Family: pulumi.String(aurora.Family), Parameters: settings,
		Description: pulumi.String("TLS only, logs on"),
	}, parent)
	if err != nil {
		return nil, err
	}
	// Named by us, because the names of its log groups hold it and they come first. A replacement, which would lose
	// the data, fails for the same reason: the name is taken.
	before := []pulumi.Resource{}
	for _, log := range logs {
		made, err := f.LogGroup(ctx, name+"-log-"+log, pulumi.Sprintf("/aws/rds/cluster/%s/%s", f.Prefix, log), parent)
		if err != nil {
			return nil, err
		}
		before = append(before, made)
	}
	scaling := rds.ClusterServerlessv2ScalingConfigurationArgs{
		MinCapacity: pulumi.Float64(cfg.MinCapacity), MaxCapacity: pulumi.Float64(cfg.MaxCapacity)}
	if cfg.AutoPauseSeconds > 0 {
		scaling.SecondsUntilAutoPause = pulumi.Int(cfg.AutoPauseSeconds)
	}
	var upgrade pulumi.BoolPtrInput // unset, so that a cluster of version 3 shows no difference
	if aurora.Upgraded {
		upgrade = pulumi.Bool(true)
	}
	cluster, err := rds.NewCluster(ctx, name+"-cluster", &rds.ClusterArgs{
		AllowMajorVersionUpgrade:         upgrade,
		ClusterIdentifier:                f.Prefix,
		Engine:                           pulumi.String("aurora-mysql"),
		EngineMode:                       pulumi.String("provisioned"), // Serverless v2's
		EngineVersion:                    pulumi.String(cfg.EngineVersion),
		Serverlessv2ScalingConfiguration: scaling,
		DatabaseName:                     pulumi.String(cfg.DatabaseName),
		MasterUsername:                   pulumi.String(adminUser),
		MasterPassword:                   passwords["admin"].Result,
		Port:                             pulumi.Int(network.MySQLPort),
		DbSubnetGroupName:                subnets.Name, // and no availabilityZones: fewer than AWS's own three replace the cluster
		VpcSecurityGroupIds:              pulumi.StringArray{args.Security.Database},
		DbClusterParameterGroupName:      group.Name,
		EnabledCloudwatchLogsExports:     pulumi.ToStringArray(logs),
		IamDatabaseAuthenticationEnabled: pulumi.Bool(false), // on, it would force IAM on the proxy's clients
		StorageEncrypted:                 pulumi.Bool(true),
		KmsKeyId:                         f.KeyARN,
		BackupRetentionPeriod:            pulumi.Int(cfg.BackupRetentionDays),
		CopyTagsToSnapshot:               pulumi.Bool(true),
		DeletionProtection:               pulumi.Bool(cfg.ProtectData),
		// Both from the first day: at destroy, the provider reads them from the state.
		SkipFinalSnapshot:       pulumi.Bool(!cfg.ProtectData),
		FinalSnapshotIdentifier: pulumi.Sprintf("%s-final", f.Prefix),
		ApplyImmediately:        pulumi.Bool(true),
	}, parent, pulumi.Protect(cfg.ProtectData), pulumi.DependsOn(before),
		pulumi.IgnoreChanges([]string{"masterPassword"})) // the first one; sent again, it would undo a rotation
	if err != nil {
		return nil, err
	}
	d.Cluster, d.ClusterID, d.Endpoint = cluster, cluster.ClusterIdentifier, cluster.Endpoint

	for i := range 1 + cfg.Readers {
		// No caCertIdentifier: AWS's default is rds-ca-rsa2048-g1, and naming it can cost a reboot at creation.
		instance, tier := name+"-writer", 0
		if i > 0 {
			instance, tier = fmt.Sprintf("%s-reader-%d", name, i), 1 // which scales with the writer, to take over at its size
		}
		made, err := rds.NewClusterInstance(ctx, instance, &rds.ClusterInstanceArgs{
			ClusterIdentifier: cluster.ClusterIdentifier, Engine: pulumi.String("aurora-mysql"),
			InstanceClass:           pulumi.String("db.serverless"),
			DbSubnetGroupName:       subnets.Name,
			PromotionTier:           pulumi.Int(tier),
			PubliclyAccessible:      pulumi.Bool(false),
			AutoMinorVersionUpgrade: pulumi.Bool(false), // a pinned engine version and automatic upgrades fight
			CopyTagsToSnapshot:      pulumi.Bool(true),
			ApplyImmediately:        pulumi.Bool(true),
		}, parent)
		if err != nil {
			return nil, err
		}
		d.Instances, d.InstanceIDs = append(d.Instances, made), append(d.InstanceIDs, made.Identifier)
	}
	d.Writer = d.Instances[0]

	if err := d.newUsers(ctx, f, passwords); err != nil {
		return nil, err
	}
	return d, ctx.RegisterResourceOutputs(d, pulumi.Map{"endpoint": d.Endpoint})
}
