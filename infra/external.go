package infra

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ExternalArgs are the arguments of NewExternal.
type ExternalArgs struct {
	Config     *Config
	Foundation *Foundation
	Network    *Network
	Public     *PublicNetwork
	Security   *Security
	Database   *Database
}

// External is the way of clients outside the VPC to the cluster: HAProxy, which resolves the writer's name. A load
// balancer cannot: its targets are addresses, and a failover changes them.
type External struct {
	pulumi.ResourceState

	Endpoint pulumi.StringOutput // an address, or the load balancer's name
	// Watched are the dimensions of the metric that tells whether HAProxy is well: see haproxyMetric.
	Watched pulumi.StringMap
}

// way is one kind of external access: where clients go, and what tells that it is well.
type way struct {
	endpoint pulumi.StringOutput
	watched  pulumi.StringMap
}

// connect opens a client's session over TLS: region, secret, endpoint, port, user, database. The certificate is the
// cluster's and names the cluster, so that the client verifies who signed it, and not the name that it came by.
const connect = `curl -sSO https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem
MYSQL_PWD=$(aws secretsmanager get-secret-value --region %s --secret-id %s --query SecretString --output text | sed 's/.*"password": *"\([^"]*\)".*/\1/') \
  mysql --host=%s --port=%d --user=%s --ssl-mode=VERIFY_CA --ssl-ca=global-bundle.pem %s
`

// exportExternal gives out what a client outside needs.
func exportExternal(ctx *pulumi.Context, cfg *Config, f *Foundation, db *Database, e *External) {
	ctx.Export("externalEndpoint", e.Endpoint)
	ctx.Export("externalCommand", pulumi.Sprintf(connect, f.Region, db.App.ARN, e.Endpoint, mysqlPort, appUser, cfg.DatabaseName))
}

// NewExternal makes HAProxy and what stands in front of it.
func NewExternal(ctx *pulumi.Context, name string, args *ExternalArgs, opts ...pulumi.ResourceOption) (*External, error) {
	e := &External{}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:External", name, e, opts...); err != nil {
		return nil, err
	}
	parent := pulumi.Parent(e)
	_, err := NewManagement(ctx, "management", &ManagementArgs{
		Foundation: args.Foundation, VPCID: args.Network.VPCID,
		SubnetIDs: args.Network.SubnetIDs[:len(args.Public.Zones)], SecurityGroupID: args.Security.Management,
	}, parent)
	if err != nil {
		return nil, err
	}
	// Apart by name: from one kind to another, the new instances come up before the old ones and their address go.
	kind, construct := accessSingle, newSingle
	if args.Config.ExternalAccess == accessHA {
		kind, construct = args.Config.ExternalLoadBalancer, newBalanced
	}
	made, err := construct(ctx, name+"-"+kind, args, parent)
	if err != nil {
		return nil, err
	}
	e.Endpoint, e.Watched = made.endpoint, made.watched
	return e, ctx.RegisterResourceOutputs(e, pulumi.Map{"endpoint": e.Endpoint})
}

// ready is what an instance needs from its first boot on: its packages and its rules. The database may come later, for
// HAProxy looks its name up for as long as it takes.
func (a *ExternalArgs) ready() []pulumi.Resource {
	return slices.Concat(a.Public.Way, a.Security.ExternalRules)
}
