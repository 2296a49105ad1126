package external

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/autoscaling"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/foundation"
	"scheduled-messages/infra/network"
)

const (
	// InstanceType has room for dnf, which 512 MiB have not.
	InstanceType = "t4g.micro"
	// imageParameter is resolved by EC2 at each launch: a new image is no change of the stack, and an instance that
	// is replaced comes up with the newest.
	imageParameter = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
	// capacityTimeout is how long `up` waits for instances: a launch, its packages, and the first registration with a new
	// load balancer take minutes each. The provider's default is 10m.
	capacityTimeout = "15m"
)

// MetricInService is the metric of the group that the alarm haproxy-down looks at.
const MetricInService = "GroupInServiceInstances"

// launchArgs are what an instance of HAProxy is made of.
type launchArgs struct {
	Foundation *foundation.Foundation
	Endpoint   pulumi.StringOutput // the cluster's
	Instances  int
	Interface  *ec2.LaunchTemplateNetworkInterfaceArgs // of each instance
}

// launch is how an instance of HAProxy is made.
type launch struct {
	template  *ec2.LaunchTemplate
	tags      pulumi.StringMap
	dependsOn []pulumi.Resource // of an instance that is launched
}

// haproxyName is what the instances are called, and what is theirs.
func haproxyName(f *foundation.Foundation) pulumi.StringOutput {
	return pulumi.Sprintf("%s-haproxy", f.Prefix)
}

// newLaunch makes the launch template, and the role of the instances.
func newLaunch(ctx *pulumi.Context, name string, args *launchArgs, opts ...pulumi.ResourceOption) (*launch, error) {
	trust := foundation.Statement{Principal: foundation.Service("ec2.amazonaws.com")}
	role, err := foundation.NewRole(ctx, name+"-role", trust, network.SessionStatements(), opts...)
	if err != nil {
		return nil, err
	}
	profile, err := iam.NewInstanceProfile(ctx, name+"-profile", &iam.InstanceProfileArgs{Role: role.Name}, opts...)
	if err != nil {
		return nil, err
	}
	userData := args.Endpoint.ApplyT(func(endpoint string) (string, error) {
		return NewSettings(args.Foundation.Config, endpoint, args.Instances).UserData()
	}).(pulumi.StringOutput)
	tags := config.TagsWithName(args.Foundation.Config.Tags, haproxyName(args.Foundation))
	template, err := ec2.NewLaunchTemplate(ctx, name+"-template", &ec2.LaunchTemplateArgs{
		Description:          pulumi.String("HAProxy before the database cluster"),
		UpdateDefaultVersion: pulumi.Bool(true),
		ImageId:              pulumi.String(imageParameter),
		InstanceType:         pulumi.String(InstanceType),
		UserData:             userData,
		IamInstanceProfile:   ec2.LaunchTemplateIamInstanceProfileArgs{Arn: profile.Arn},
		MetadataOptions: ec2.LaunchTemplateMetadataOptionsArgs{
			HttpEndpoint:            pulumi.String("enabled"),
			HttpTokens:              pulumi.String("required"),
			HttpPutResponseHopLimit: pulumi.Int(1),
		},
		BlockDeviceMappings: ec2.LaunchTemplateBlockDeviceMappingArray{rootVolume(args.Foundation)},
		NetworkInterfaces:   ec2.LaunchTemplateNetworkInterfaceArray{args.Interface},
		TagSpecifications:   launchTags(tags, args.Interface.NetworkInterfaceId == nil),
	}, opts...)
	if err != nil {
		return nil, err
	}
	return &launch{template: template, tags: tags, dependsOn: []pulumi.Resource{role.Policy}}, nil
}

// rootVolume is encrypted with AWS's own key for EBS: ours would have to be opened to Auto Scaling, for a disk without data. It
// is named, because without a name the account's default key is taken, which may be a key that Auto Scaling may not use either:
// then no instance launches (Client.InternalError). EC2 takes the ARN of an alias, and KMS makes the key behind one of AWS's
// own aliases when it is first asked for it, so that it works in a region without an encrypted volume, too.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplateEbsBlockDeviceRequest.html
// https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html
func rootVolume(f *foundation.Foundation) ec2.LaunchTemplateBlockDeviceMappingArgs {
	return ec2.LaunchTemplateBlockDeviceMappingArgs{
		DeviceName: pulumi.String("/dev/xvda"),
		Ebs: ec2.LaunchTemplateBlockDeviceMappingEbsArgs{
			VolumeSize:          pulumi.Int(8), // GiB
			VolumeType:          pulumi.String("gp3"),
			Encrypted:           pulumi.String("true"),
			KmsKeyId:            f.ARN("kms", "alias/aws/ebs"),
			DeleteOnTermination: pulumi.String("true"),
		},
	}
}

// launchTags are the tags of what a launch creates. A launch fails that creates none of a kind that it has tags for: with an
// interface that is there already, there are none for interfaces.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplateTagSpecificationRequest.html
func launchTags(tags pulumi.StringMap, ownInterface bool) (all ec2.LaunchTemplateTagSpecificationArray) {
	kinds := []string{"instance", "volume"}
	if ownInterface {
		kinds = append(kinds, "network-interface")
	}
	for _, kind := range kinds {
		all = append(all, ec2.LaunchTemplateTagSpecificationArgs{ResourceType: pulumi.String(kind), Tags: tags})
	}
	return all
}

// group completes an Auto Scaling group of HAProxy. A new version of the template replaces its instances one after
// the other.
//
// It replaces an instance that EC2's status checks find broken, and not one that the load balancer's check finds red: that
// check is red wherever there is no usable database, which no new instance changes, and clients would wait for its boot when
// the database is back. A process that ends or hangs is systemd's business, which starts it again after 2 seconds without a
// limit (HAProxy's own watchdog ends a thread that hangs). What neither can repair, a new instance of the same template could
// not either, or it wants a person: the load balancer takes the instance out, and the alarm haproxy-down fires.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html
func (l *launch) group(args *autoscaling.GroupArgs, instances, minHealthyPercentage int) *autoscaling.GroupArgs {
	args.MinSize = pulumi.Int(instances)
	args.MaxSize = pulumi.Int(instances)
	args.DesiredCapacity = pulumi.Int(instances)
	args.LaunchTemplate = autoscaling.GroupLaunchTemplateArgs{
		Id:      l.template.ID(),
		Version: pulumi.Sprintf("%d", l.template.LatestVersion),
	}
	args.HealthCheckType = pulumi.String("EC2")
	args.HealthCheckGracePeriod = pulumi.Int(300) // seconds; a first boot with its installation takes one or two minutes
	args.WaitForCapacityTimeout = pulumi.String(capacityTimeout)
	args.InstanceRefresh = autoscaling.GroupInstanceRefreshArgs{
		Strategy: pulumi.String("Rolling"),
		Preferences: autoscaling.GroupInstanceRefreshPreferencesArgs{
			MinHealthyPercentage: pulumi.Int(minHealthyPercentage),
			InstanceWarmup:       pulumi.String("120"),
		},
	}
	args.EnabledMetrics = pulumi.ToStringArray([]string{MetricInService}) // off by default, and free
	args.MetricsGranularity = pulumi.String("1Minute")
	args.Tags = config.GroupTags(l.tags)
	return args
}
