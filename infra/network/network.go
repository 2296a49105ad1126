package network

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/foundation"
)

// Args are the foundation, whose configuration has the range and the zones.
type Args struct {
	Foundation *foundation.Foundation
}

// Network is where everything with an address is: a VPC of the stack's own, with one private subnet in each zone and no route out
// of it, or private subnets of one that is there.
type Network struct {
	pulumi.ResourceState

	VPCID     pulumi.StringOutput
	SubnetIDs pulumi.StringArray
	// ParkingGroupID is a security group without any rule: for network interfaces that Lambda has not deleted yet.
	ParkingGroupID pulumi.StringOutput
}

// parkingDeletion is how long the deletion of the parking group may take: Lambda keeps its interfaces for 20 minutes and more.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
const parkingDeletion = "45m"

// New makes the network, or takes the one that is configured.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Network, error) {
	n := &Network{}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Network", name, n, opts...); err != nil {
		return nil, err
	}
	if args.Foundation.Config.Existing.Network() {
		n.take(args.Foundation.Config)
	} else if err := n.make(ctx, name, args); err != nil {
		return nil, err
	}
	parking, err := ec2.NewSecurityGroup(ctx, name+"-parking", &ec2.SecurityGroupArgs{
		VpcId:               n.VPCID,
		Description:         pulumi.String("Without a rule: interfaces that Lambda has not deleted yet"),
		RevokeRulesOnDelete: pulumi.Bool(true), // also those that somebody added by hand
	}, pulumi.Parent(n), pulumi.Timeouts(&pulumi.CustomTimeouts{Delete: parkingDeletion}))
	if err != nil {
		return nil, err
	}
	n.ParkingGroupID = parking.ID().ToStringOutput()
	return n, ctx.RegisterResourceOutputs(n, pulumi.Map{"vpcId": n.VPCID})
}

// take uses a VPC and subnets that are there. Nothing of them is changed, its default security group included.
func (n *Network) take(cfg *config.Config) {
	n.VPCID = pulumi.String(cfg.Existing.VPCID).ToStringOutput()
	for _, subnet := range cfg.Found.Private {
		n.SubnetIDs = append(n.SubnetIDs, pulumi.String(subnet.ID))
	}
}

// make makes a VPC with all that is in it.
func (n *Network) make(ctx *pulumi.Context, name string, args *Args) error {
	vpc, err := ec2.NewVpc(ctx, name+"-vpc", &ec2.VpcArgs{
		CidrBlock: pulumi.String(args.Foundation.Config.VPCCIDR.String()),
		// Both are needed for the endpoint's private DNS; hostnames are off by default.
		EnableDnsSupport: pulumi.Bool(true), EnableDnsHostnames: pulumi.Bool(true),
		Tags: pulumi.StringMap{"Name": args.Foundation.Prefix},
	}, pulumi.Parent(n))
	if err != nil {
		return err
	}
	n.VPCID = vpc.ID().ToStringOutput()

	// Every VPC has this group; without rules nothing that is put into it by mistake reaches anything.
	_, err = ec2.NewDefaultSecurityGroup(ctx, name+"-default-group", &ec2.DefaultSecurityGroupArgs{
		VpcId: vpc.ID(),
	}, pulumi.Parent(n))
	if err != nil {
		return err
	}
	routes, err := ec2.NewRouteTable(ctx, name+"-private-routes", &ec2.RouteTableArgs{VpcId: vpc.ID()}, pulumi.Parent(n))
	if err != nil {
		return err
	}
	for i, zone := range args.Foundation.Config.Zones {
		subnet, err := ec2.NewSubnet(ctx, name+"-private-"+zone, &ec2.SubnetArgs{
			VpcId:               vpc.ID(),
			AvailabilityZone:    pulumi.String(zone),
			CidrBlock:           pulumi.String(config.PrivateCIDR(args.Foundation.Config.VPCCIDR, i).String()),
			MapPublicIpOnLaunch: pulumi.Bool(false),
			Tags:                pulumi.StringMap{"Name": pulumi.Sprintf("%s-private-%s", args.Foundation.Prefix, zone)},
		}, pulumi.Parent(n))
		if err != nil {
			return err
		}
		if _, err := ec2.NewRouteTableAssociation(ctx, name+"-private-"+zone+"-routes", &ec2.RouteTableAssociationArgs{
			SubnetId: subnet.ID(), RouteTableId: routes.ID(),
		}, pulumi.Parent(n)); err != nil {
			return err
		}
		n.SubnetIDs = append(n.SubnetIDs, subnet.ID())
	}
	return newFlowLog(ctx, name+"-flow-log", vpc, args.Foundation, pulumi.Parent(n))
}

// Functions is where functions with a security group are in the network.
func (n *Network) Functions(securityGroupID pulumi.StringInput) *foundation.FunctionVPC {
	return &foundation.FunctionVPC{SubnetIDs: n.SubnetIDs, SecurityGroupID: securityGroupID, ParkingGroupID: n.ParkingGroupID}
}

// newFlowLog keeps what the VPC's security groups refuse: the first thing to look at when a connection hangs.
func newFlowLog(ctx *pulumi.Context, name string, vpc *ec2.Vpc, f *foundation.Foundation, opts ...pulumi.ResourceOption) error {
	group, err := f.LogGroup(ctx, name+"-group", pulumi.Sprintf("/aws/vpc/%s", f.Prefix), opts...)
	if err != nil {
		return err
	}
	role, err := foundation.NewRole(ctx, name+"-role", foundation.Statement{
		Principal: foundation.Service("vpc-flow-logs.amazonaws.com"),
		Conditions: []foundation.Condition{
			foundation.StringEquals("aws:SourceAccount", f.Account),
			foundation.ArnLike("aws:SourceArn", f.ARN("ec2", "vpc-flow-log/*")),
		},
	}, []foundation.Statement{
		{Actions: []string{"logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"},
			Resources: []pulumi.StringInput{pulumi.Sprintf("%s:*", group.Arn)}},
		{Actions: []string{"logs:DescribeLogGroups"}, Resources: []pulumi.StringInput{f.ARN("logs", "log-group:*")}},
	}, opts...)
	if err != nil {
		return err
	}
	_, err = ec2.NewFlowLog(ctx, name, &ec2.FlowLogArgs{
		VpcId: vpc.ID(), TrafficType: pulumi.String("REJECT"),
		LogDestinationType: pulumi.String("cloud-watch-logs"), LogDestination: group.Arn, IamRoleArn: role.ARN,
		MaxAggregationInterval: pulumi.Int(600),
	}, append(opts, pulumi.DependsOn([]pulumi.Resource{role.Policy}))...)
	return err
}
