package database

import (
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/foundation"
	"scheduled-messages/infra/network"
)

// ProxyArgs are the database, and the migration, which makes the users that come through the proxy.
type ProxyArgs struct {
	Foundation *foundation.Foundation
	Network    *network.Network
	Security   *network.Security
	Database   *Database
	Migration  *Migration // makes the users whose secrets the proxy has
}

// Proxy is the RDS Proxy before the cluster: the pool that short-lived functions share.
type Proxy struct {
	pulumi.ResourceState

	Endpoint, Name pulumi.StringOutput
}

// NewProxy makes the proxy as soon as the cluster is there, and its target once every instance and the users that come through
// it are.
func NewProxy(ctx *pulumi.Context, name string, args *ProxyArgs, opts ...pulumi.ResourceOption) (*Proxy, error) {
	p := &Proxy{}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Proxy", name, p, opts...); err != nil {
		return nil, err
	}
	parent, f, db := pulumi.Parent(p), args.Foundation, args.Database
	// RDS Proxy supports no global condition keys: none in the trust policy.
	trust := foundation.Statement{Principal: foundation.Service("rds.amazonaws.com")}
	role, err := foundation.NewRole(ctx, name+"-role", trust, append(db.App.GrantRead(), db.Reader.GrantRead()...), parent)
	if err != nil {
		return nil, err
	}
	group, err := f.LogGroup(ctx, name+"-log", pulumi.Sprintf("/aws/rds/proxy/%s", f.Prefix), parent)
	if err != nil {
		return nil, err
	}
	proxy, err := rds.NewProxy(ctx, name+"-proxy", &rds.ProxyArgs{
		Name:         f.Prefix, // by us, because its log group's name holds it
		EngineFamily: pulumi.String("MYSQL"),
		RoleArn:      role.ARN,
		// Two, because its endpoint is in two zones whatever it is given, and a third would replace the proxy.
		VpcSubnetIds:        args.Network.SubnetIDs[:2],
		VpcSecurityGroupIds: pulumi.StringArray{args.Security.Proxy},
		RequireTls:          pulumi.Bool(true),
		IdleClientTimeout:   pulumi.Int(f.Config.ProxyIdleClientTimeout),
		DebugLogging:        pulumi.Bool(false), // it would log statements
		// The updater's user and status's: the master user has no way in here.
		Auths: rds.ProxyAuthArray{
			proxyAuth(db.App, "Application user", args.Migration.ClientAuth),
			proxyAuth(db.Reader, "Reading user", args.Migration.ClientAuth),
		},
	}, parent,
		// In a fresh account the cluster brings the service-linked role that the proxy needs.
		pulumi.DependsOn(append([]pulumi.Resource{db.App.Version, db.Reader.Version, role.Policy, group}, db.Cluster...)),
		// The provider does not see a change of it; with its name taken, the new proxy comes after the old.
		pulumi.ReplaceOnChanges([]string{"auths[*].clientPasswordAuthType"}), pulumi.DeleteBeforeReplace(true))
	if err != nil {
		return nil, err
	}
	// The default target group is always there: this sets it, and deleting it does nothing.
	percent := f.Config.ProxyPercent()
	targets, err := rds.NewProxyDefaultTargetGroup(ctx, name+"-target-group", &rds.ProxyDefaultTargetGroupArgs{
		DbProxyName: proxy.Name,
		ConnectionPoolConfig: rds.ProxyDefaultTargetGroupConnectionPoolConfigArgs{
			MaxConnectionsPercent:     pulumi.Int(percent),
			MaxIdleConnectionsPercent: pulumi.Int(percent / 2), // AWS's own default: half
			ConnectionBorrowTimeout:   pulumi.Int(f.Config.ProxyBorrowTimeout),
		},
	}, parent)
	if err != nil {
		return nil, err
	}
	// AWS refuses a target while an instance is being made, and a target that cannot reach the database, or whose users the
	// database does not know yet, stays unavailable for as long as AWS chooses (AUTH_FAILURE). It does not wait until the
	// target is available: the first message may.
	// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_TargetHealth.html
	target := &rds.ProxyTargetArgs{DbProxyName: proxy.Name, TargetGroupName: targets.Name}
	if f.Config.Existing.InstanceID != "" {
		target.DbInstanceIdentifier = db.InstanceID
	} else {
		target.DbClusterIdentifier = db.ClusterID
	}
	waits := slices.Concat(db.Instances, args.Security.Rules, []pulumi.Resource{args.Migration.Run})
	if _, err := rds.NewProxyTarget(ctx, name+"-target", target, parent, pulumi.DependsOn(waits)); err != nil {
		return nil, err
	}
	p.Endpoint, p.Name = proxy.Endpoint, proxy.Name
	return p, ctx.RegisterResourceOutputs(p, pulumi.Map{"endpoint": p.Endpoint})
}

// proxyAuth lets a user in, by its secret. Every field is set: one that is left to AWS is a difference at each preview.
func proxyAuth(secret *foundation.Secret, description string, clientAuth pulumi.StringInput) rds.ProxyAuthArgs {
	return rds.ProxyAuthArgs{
		AuthScheme: pulumi.String("SECRETS"), IamAuth: pulumi.String("DISABLED"),
		ClientPasswordAuthType: clientAuth.ToStringOutput(),
		SecretArn:              secret.ARN, Description: pulumi.String(description),
	}
}
