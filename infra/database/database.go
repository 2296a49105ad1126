package database

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/foundation"
	"scheduled-messages/infra/network"
)

// The database's users.
const (
	adminUser = "steward" // the cluster's master user; not admin, which everybody tries first
	AppUser   = "app"     // of the updater; made by the migrator
	readUser  = "reader"  // of status; made by the migrator, too
)

// Parameters are the cluster's.
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Reference.ParameterGroups.html
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

// Args are the subnets that the database is in, and the group that may be connected to.
type Args struct {
	Foundation *foundation.Foundation
	Network    *network.Network
	Security   *network.Security
}

// Database is an Aurora MySQL cluster of the stack's own, or a cluster or an instance that is there, and the secrets of its
// users.
type Database struct {
	pulumi.ResourceState

	Own        bool                // the cluster is the stack's
	ClusterID  pulumi.StringOutput // not of an instance that is there
	InstanceID pulumi.StringOutput // of an instance that is there
	Endpoint   pulumi.StringOutput // the writer's
	Port       int
	AdminARN   pulumi.StringOutput // the master user's secret
	Users      []User              // the stack's own; without the master user of a database that is not

	Admin, App, Reader *foundation.Secret // Admin is nil where the master user is not the stack's

	name       string // of the database
	foundation *foundation.Foundation

	// DependsOn is the writer, which a piece waits for that connects to it; empty where it is there already.
	DependsOn []pulumi.Resource
	Cluster   []pulumi.Resource // the cluster alone
	Instances []pulumi.Resource // with the writer

	InstanceIDs pulumi.StringArray
}

// New makes the cluster with its writer and readers, or takes the database that is configured, and makes the users' secrets.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Database, error) {
	cfg := args.Foundation.Config
	d := &Database{name: cfg.DatabaseName, foundation: args.Foundation, Own: !cfg.Existing.Database(), Port: network.MySQLPort}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Database", name, d, opts...); err != nil {
		return nil, err
	}
	passwords, err := d.newPasswords(ctx, name, pulumi.Parent(d))
	if err != nil {
		return nil, err
	}
	if !d.Own {
		d.take(cfg)
	} else if err := d.newCluster(ctx, name, args, passwords["admin"]); err != nil {
		return nil, err
	}
	if err := d.newUsers(ctx, args.Foundation, passwords); err != nil {
		return nil, err
	}
	if d.Own {
		d.AdminARN = d.Admin.ARN
	}
	return d, ctx.RegisterResourceOutputs(d, pulumi.Map{"endpoint": d.Endpoint})
}

// take uses a database that is there. Nothing of it is changed.
func (d *Database) take(cfg *config.Config) {
	found, existing := cfg.Found.Database, cfg.Existing
	d.Endpoint, d.Port = pulumi.String(found.Endpoint).ToStringOutput(), found.Port
	d.AdminARN = pulumi.String(existing.AdminSecretARN).ToStringOutput()
	if existing.ClusterID != "" {
		d.ClusterID = pulumi.String(existing.ClusterID).ToStringOutput()
	} else {
		d.InstanceID = pulumi.String(existing.InstanceID).ToStringOutput()
	}
}

// newCluster makes the cluster with its writer and readers.
func (d *Database) newCluster(ctx *pulumi.Context, name string, args *Args, admin *foundation.Password) error {
	parent, cfg, f := pulumi.Parent(d), args.Foundation.Config, args.Foundation
	aurora := cfg.Aurora()
	subnets, err := rds.NewSubnetGroup(ctx, name+"-subnets", &rds.SubnetGroupArgs{SubnetIds: args.Network.SubnetIDs}, parent)
	if err != nil {
		return err
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
		return err
	}
	// Named by us, because the names of its log groups hold it and they come first. A replacement, which would lose
	// the data, fails for the same reason: the name is taken.
	before := []pulumi.Resource{}
	for _, log := range logs {
		made, err := f.LogGroup(ctx, name+"-log-"+log, pulumi.Sprintf("/aws/rds/cluster/%s/%s", f.Prefix, log), parent)
		if err != nil {
			return err
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
		MasterPassword:                   admin.Result,
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
		return err
	}
	d.Cluster, d.ClusterID, d.Endpoint = []pulumi.Resource{cluster}, cluster.ClusterIdentifier, cluster.Endpoint

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
			return err
		}
		d.Instances, d.InstanceIDs = append(d.Instances, made), append(d.InstanceIDs, made.Identifier)
	}
	d.DependsOn = d.Instances[:1]
	return nil
}
