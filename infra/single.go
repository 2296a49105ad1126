package infra

import (
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/autoscaling"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newSingle makes one instance with an Elastic IP. The address belongs to a network interface
// that outlives the instance: the Auto Scaling group of one replaces an instance that dies, and the new one comes up
// with the interface, without a permission of the instance to move an address.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/examples-launch-templates-aws-cli.html#example-existing-eni-launch-template
func newSingle(ctx *pulumi.Context, name string, args *ExternalArgs, opts ...pulumi.ResourceOption) (*way, error) {
	eni, err := ec2.NewNetworkInterface(ctx, name+"-interface", &ec2.NetworkInterfaceArgs{
		SubnetId: args.Public.SubnetIDs[0], SecurityGroups: pulumi.StringArray{args.Security.HAProxy},
		Description: pulumi.String("HAProxy"),
	}, opts...)
	if err != nil {
		return nil, err
	}
	address, err := ec2.NewEip(ctx, name+"-address", &ec2.EipArgs{
		Domain: pulumi.String("vpc"), NetworkInterface: eni.ID(),
	}, append(opts, pulumi.DependsOn(args.Public.Way))...)
	if err != nil {
		return nil, err
	}
	launch, err := newLaunch(ctx, name, &launchArgs{
		Config: args.Config, Foundation: args.Foundation, Endpoint: args.Database.Endpoint, Instances: 1,
		Interface: &ec2.LaunchTemplateNetworkInterfaceArgs{
			DeviceIndex: pulumi.Int(0), NetworkInterfaceId: eni.ID(), DeleteOnTermination: pulumi.String("false")},
	}, opts...)
	if err != nil {
		return nil, err
	}
	group, err := autoscaling.NewGroup(ctx, name+"-group", launch.group(&autoscaling.GroupArgs{
		AvailabilityZones: pulumi.ToStringArray(args.Public.Zones), // and no subnet: the interface's
		HealthCheckType:   pulumi.String("EC2"),
	}, args.Foundation, 1, 0), // the interface serves one instance at a time: the old one goes first
		append(opts, pulumi.DependsOn(slices.Concat(launch.needs, []pulumi.Resource{address}, args.ready())))...)
	if err != nil {
		return nil, err
	}
	return &way{address.PublicIp, pulumi.StringMap{"AutoScalingGroupName": group.Name}}, nil
}
