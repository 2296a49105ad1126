package network

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/foundation"
)

// PublicArgs are where the public subnets stand.
type PublicArgs struct {
	Foundation *foundation.Foundation
	Network    *Network
}

// Public is the part of the VPC that the internet reaches: subnets for HAProxy and its load balancer, and an
// internet gateway. The private subnets have no route to it.
type Public struct {
	pulumi.ResourceState

	SubnetIDs pulumi.StringArray // one a zone; in the first alone where there is one instance
	Zones     []string           // theirs
	// DependsOn is for everything with a public address: AWS refuses such an address without a gateway, and lets the gateway
	// go only when the last one is gone.
	DependsOn []pulumi.Resource
	// PackagesPrefixListID is S3 of the region, where Amazon Linux keeps its packages.
	PackagesPrefixListID pulumi.StringOutput
}

// take uses subnets that are there. Their instances have public addresses, because an endpoint of S3 would be one of route tables
// that are not the stack's.
func (n *Public) take(cfg *config.Config) {
	n.Zones = nil
	for _, subnet := range cfg.Found.Public {
		n.SubnetIDs, n.Zones = append(n.SubnetIDs, pulumi.String(subnet.ID)), append(n.Zones, subnet.Zone)
	}
	n.PackagesPrefixListID = pulumi.String(cfg.Found.PackagesPrefixListID).ToStringOutput()
}

// NewPublic makes the subnets, the gateway and the endpoint of Amazon Linux's packages; without external access, nothing.
func NewPublic(ctx *pulumi.Context, name string, args *PublicArgs, opts ...pulumi.ResourceOption) (*Public, error) {
	cfg := args.Foundation.Config
	n := &Public{}
	if !cfg.External() {
		return n, nil
	}
	n.Zones = cfg.Zones
	if cfg.ExternalAccess == config.AccessSingle {
		n.Zones = n.Zones[:1]
	}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:PublicNetwork", name, n, opts...); err != nil {
		return nil, err
	}
	if cfg.Existing.Network() {
		n.take(cfg)
		return n, ctx.RegisterResourceOutputs(n, pulumi.Map{})
	}
	parent, f := pulumi.Parent(n), args.Foundation
	gateway, err := ec2.NewInternetGateway(ctx, name+"-gateway", &ec2.InternetGatewayArgs{
		VpcId: args.Network.VPCID,
		Tags:  pulumi.StringMap{"Name": f.Prefix}, // by which `recover` finds one that was not attached yet
	}, parent)
	if err != nil {
		return nil, err
	}
	routes, err := ec2.NewRouteTable(ctx, name+"-routes", &ec2.RouteTableArgs{VpcId: args.Network.VPCID}, parent)
	if err != nil {
		return nil, err
	}
	out, err := ec2.NewRoute(ctx, name+"-route", &ec2.RouteArgs{
		RouteTableId: routes.ID(), DestinationCidrBlock: pulumi.String("0.0.0.0/0"), GatewayId: gateway.ID(),
	}, parent)
	if err != nil {
		return nil, err
	}
	n.DependsOn = append(n.DependsOn, out)
	for i, zone := range n.Zones {
		subnet, err := ec2.NewSubnet(ctx, name+"-"+zone, &ec2.SubnetArgs{
			VpcId:               args.Network.VPCID,
			AvailabilityZone:    pulumi.String(zone),
			CidrBlock:           pulumi.String(config.PublicCIDR(cfg.VPCCIDR, i).String()),
			MapPublicIpOnLaunch: pulumi.Bool(false), // the load balancer and the Elastic IP need no more
			Tags:                pulumi.StringMap{"Name": pulumi.Sprintf("%s-public-%s", f.Prefix, zone)},
		}, parent)
		if err != nil {
			return nil, err
		}
		association, err := ec2.NewRouteTableAssociation(ctx, name+"-"+zone+"-routes", &ec2.RouteTableAssociationArgs{
			SubnetId: subnet.ID(), RouteTableId: routes.ID(),
		}, parent)
		if err != nil {
			return nil, err
		}
		n.DependsOn = append(n.DependsOn, association)
		n.SubnetIDs = append(n.SubnetIDs, subnet.ID())
	}
	packages, err := newEndpoints(ctx, name, "PublicNetwork", &place{
		foundation:   f,
		vpcID:        args.Network.VPCID,
		routeTableID: routes.ID(),
	}, parent)
	if err != nil {
		return nil, err
	}
	for _, endpoint := range packages {
		n.DependsOn = append(n.DependsOn, endpoint)
		n.PackagesPrefixListID = endpoint.PrefixListId
	}
	return n, ctx.RegisterResourceOutputs(n, pulumi.Map{})
}
