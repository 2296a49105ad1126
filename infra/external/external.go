package external

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/database"
	"scheduled-messages/infra/foundation"
	"scheduled-messages/infra/network"
)

// Args are the public subnets that clients connect to, and the database behind.
type Args struct {
	Foundation *foundation.Foundation
	Network    *network.Network
	Public     *network.Public
	Security   *network.Security
	Database   *database.Database
}

// External is how clients outside the VPC reach the cluster: HAProxy, which resolves the writer's name. A load balancer
// alone cannot: its targets are addresses, and a failover changes them.
type External struct {
	pulumi.ResourceState

	Endpoint pulumi.StringOutput // an address, or the load balancer's name
	Command  pulumi.StringOutput // a script that opens a session
	// Watched are the dimensions of the load balancer's metrics; nil without one.
	Watched pulumi.StringMap
	// GroupName is the Auto Scaling group of the instances.
	GroupName pulumi.StringOutput
}

// frontend is one kind of external access: where clients connect, and whose metrics show that it is healthy.
type frontend struct {
	endpoint pulumi.StringOutput
	watched  pulumi.StringMap
	group    pulumi.StringOutput
}

// frontendArgs are those of both kinds of external access, which also need Session Manager.
type frontendArgs struct {
	*Args
	Management *network.Management
}

// New makes HAProxy and what stands in front of it; without external access, nothing.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*External, error) {
	e, cfg := &External{}, args.Foundation.Config
	if !cfg.External() {
		return e, nil
	}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:External", name, e, opts...); err != nil {
		return nil, err
	}
	parent := pulumi.Parent(e)
	management, err := network.NewManagement(ctx, "management", &network.ManagementArgs{
		Foundation:      args.Foundation,
		VPCID:           args.Network.VPCID,
		SubnetIDs:       args.Network.SubnetIDs[:min(len(args.Public.Zones), len(args.Network.SubnetIDs))],
		SecurityGroupID: args.Security.Management,
	}, parent)
	if err != nil {
		return nil, err
	}
	// Apart by name: from one kind to another, the new instances come up before the old ones and their address go.
	kind, construct := config.AccessSingle, newSingle
	if cfg.ExternalAccess == config.AccessHA {
		kind, construct = cfg.ExternalLoadBalancer, newBalanced
	}
	made, err := construct(ctx, name+"-"+kind, &frontendArgs{args, management}, parent)
	if err != nil {
		return nil, err
	}
	e.Endpoint, e.Watched, e.GroupName = made.endpoint, made.watched, made.group
	e.Command = commandFor(args.Foundation, args.Database, e.Endpoint)
	return e, ctx.RegisterResourceOutputs(e, pulumi.Map{"endpoint": e.Endpoint})
}

// reachable is what a public address and a load balancer depend on: the gateway with its routes, and the rules.
func (a *Args) reachable() []pulumi.Resource {
	return slices.Concat(a.Public.DependsOn, a.Security.ExternalRules)
}

// firstBoot is what an instance needs from its first boot on: its packages, its rules, and Session Manager, whose agent sleeps
// for 5 minutes up to an hour when its first call fails (amazon-ssm-agent#202). The database may come later, because HAProxy
// looks its name up for as long as it takes.
func (a *frontendArgs) firstBoot() []pulumi.Resource {
	return append(a.reachable(), a.Management.Endpoints...)
}
