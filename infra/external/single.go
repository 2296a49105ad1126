package external

import (
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/autoscaling"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newSingle makes one instance with an Elastic IP. The address belongs to a network interface that outlives the instance: the
// Auto Scaling group of one replaces an instance that dies, and the new one comes up with the interface, without a permission
// of the instance to move an address.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/examples-launch-templates-aws-cli.html
//
// The interface serves one instance at a time, and Auto Scaling does not wait for the old one to be gone before it launches the
// new one. So the first launch of a replacement is expected to fail with "Interface: [eni-...] in use"; Auto Scaling tries
// again until it is free, which takes a few minutes. The same holds for an instance refresh, whose own status may end as Failed
// although the instance is there.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
func newSingle(ctx *pulumi.Context, name string, args *frontendArgs, opts ...pulumi.ResourceOption) (*frontend, error) {
	haproxy := pulumi.StringMap{"Name": haproxyName(args.Foundation)}
	eni, err := ec2.NewNetworkInterface(ctx, name+"-interface", &ec2.NetworkInterfaceArgs{
		SubnetId:       args.Public.SubnetIDs[0],
		SecurityGroups: pulumi.StringArray{args.Security.HAProxy},
		Description:    pulumi.String("HAProxy"),
		Tags:           haproxy,
	}, opts...)
	if err != nil {
		return nil, err
	}
	address, err := ec2.NewEip(ctx, name+"-address", &ec2.EipArgs{
		Domain:           pulumi.String("vpc"),
		NetworkInterface: eni.ID(),
		Tags:             haproxy, // by which `recover` finds one that was not attached yet
	}, append(opts, pulumi.DependsOn(args.Public.DependsOn))...)
	if err != nil {
		return nil, err
	}
	launch, err := newLaunch(ctx, name, &launchArgs{
		Foundation: args.Foundation,
		Endpoint:   args.Database.Endpoint,
		Instances:  1,
		Interface: &ec2.LaunchTemplateNetworkInterfaceArgs{
			DeviceIndex:         pulumi.Int(0),
			NetworkInterfaceId:  eni.ID(),
			DeleteOnTermination: pulumi.String("false"),
		},
	}, opts...)
	if err != nil {
		return nil, err
	}
	group, err := autoscaling.NewGroup(ctx, name+"-group", launch.group(&autoscaling.GroupArgs{
		AvailabilityZones: pulumi.ToStringArray(args.Public.Zones), // and no subnet: the interface's
	}, 1, 0), // none has to be in service meanwhile
		append(opts, pulumi.DependsOn(slices.Concat(launch.dependsOn, []pulumi.Resource{address}, args.firstBoot())))...)
	if err != nil {
		return nil, err
	}
	return &frontend{endpoint: address.PublicIp, group: group.Name}, nil
}
