package infra

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// NetworkArgs are the arguments of NewNetwork.
type NetworkArgs struct {
	Config     *Config
	Foundation *Foundation
}

// Network is a VPC with one private subnet in each zone, and no route out of it.
type Network struct {
	pulumi.ResourceState

	VPCID        pulumi.StringOutput
	SubnetIDs    pulumi.StringArray
	EmptyGroupID pulumi.StringOutput // the VPC's default security group, without any rule
}

// NewNetwork makes the network.
func NewNetwork(ctx *pulumi.Context, name string, args *NetworkArgs, opts ...pulumi.ResourceOption) (*Network, error) {
	n := &Network{}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Network", name, n, opts...); err != nil {
		return nil, err
	}
	vpc, err := ec2.NewVpc(ctx, name+"-vpc", &ec2.VpcArgs{
		CidrBlock: pulumi.String(args.Config.VPCCIDR.String()),
		// Both are needed for the endpoint's private DNS; hostnames are off by default.
		EnableDnsSupport: pulumi.Bool(true), EnableDnsHostnames: pulumi.Bool(true),
		Tags: pulumi.StringMap{"Name": args.Foundation.Prefix},
	}, pulumi.Parent(n))
	if err != nil {
		return nil, err
	}
	n.VPCID = vpc.ID().ToStringOutput()

	// Every VPC has this group; without rules nothing that is put into it by mistake reaches anything.
	empty, err := ec2.NewDefaultSecurityGroup(ctx, name+"-default-group", &ec2.DefaultSecurityGroupArgs{
		VpcId: vpc.ID(),
	}, pulumi.Parent(n))
	if err != nil {
		return nil, err
	}
	n.EmptyGroupID = empty.ID().ToStringOutput()
	routes, err := ec2.NewRouteTable(ctx, name+"-private-routes", &ec2.RouteTableArgs{VpcId: vpc.ID()}, pulumi.Parent(n))
	if err != nil {
		return nil, err
	}
	for i, zone := range args.Config.Zones {
		subnet, err := ec2.NewSubnet(ctx, name+"-private-"+zone, &ec2.SubnetArgs{
			VpcId:               vpc.ID(),
			AvailabilityZone:    pulumi.String(zone),
			CidrBlock:           pulumi.String(privateCIDR(args.Config.VPCCIDR, i).String()),
			MapPublicIpOnLaunch: pulumi.Bool(false),
			Tags:                pulumi.StringMap{"Name": pulumi.Sprintf("%s-private-%s", args.Foundation.Prefix, zone)},
		}, pulumi.Parent(n))
		if err != nil {
			return nil, err
		}
		if _, err := ec2.NewRouteTableAssociation(ctx, name+"-private-"+zone+"-routes", &ec2.RouteTableAssociationArgs{
			SubnetId: subnet.ID(), RouteTableId: routes.ID(),
		}, pulumi.Parent(n)); err != nil {
			return nil, err
		}
		n.SubnetIDs = append(n.SubnetIDs, subnet.ID())
	}
	if err := newFlowLog(ctx, name+"-flow-log", vpc, args.Foundation, pulumi.Parent(n)); err != nil {
		return nil, err
	}
	return n, ctx.RegisterResourceOutputs(n, pulumi.Map{"vpcId": n.VPCID})
}

// newFlowLog keeps what the VPC's security groups refuse: the first thing to look at when a connection hangs.
func newFlowLog(ctx *pulumi.Context, name string, vpc *ec2.Vpc, f *Foundation, opts ...pulumi.ResourceOption) error {
	group, err := f.logGroup(ctx, name+"-group", pulumi.Sprintf("/aws/vpc/%s", f.Prefix), opts...)
	if err != nil {
		return err
	}
	role, err := newRole(ctx, name+"-role", Statement{
		Principal: service("vpc-flow-logs.amazonaws.com"),
		Conditions: []Condition{
			{"StringEquals", "aws:SourceAccount", f.Account},
			{"ArnLike", "aws:SourceArn", f.arn("ec2", "vpc-flow-log/*")},
		},
	}, []Statement{
		{Actions: []string{"logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"},
			Resources: []pulumi.StringInput{pulumi.Sprintf("%s:*", group.Arn)}},
		{Actions: []string{"logs:DescribeLogGroups"}, Resources: []pulumi.StringInput{f.arn("logs", "log-group:*")}},
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
