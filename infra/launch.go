package infra

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/autoscaling"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	// instanceType has room for dnf, which 512 MiB have not.
	instanceType = "t4g.micro"
	// imageParameter is resolved by EC2 at each launch: a new image is no change of the stack, and an instance that
	// is replaced comes up with the newest.
	imageParameter = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
)

// launchArgs are the arguments of newLaunch.
type launchArgs struct {
	Config     *Config
	Foundation *Foundation
	Endpoint   pulumi.StringOutput // the cluster's
	Instances  int
	Interface  *ec2.LaunchTemplateNetworkInterfaceArgs // of each instance
}

// launch is how an instance of HAProxy is made.
type launch struct {
	template *ec2.LaunchTemplate
	needs    []pulumi.Resource // of an instance that is launched
}

// newLaunch makes the launch template, and the role of the instances.
func newLaunch(ctx *pulumi.Context, name string, args *launchArgs, opts ...pulumi.ResourceOption) (*launch, error) {
	var allowed []Statement
	for _, service := range sessionServices {
		allowed = append(allowed, Statement{Actions: sessionActions[service], Resources: anyResource})
	}
	role, err := newRole(ctx, name+"-role", Statement{Principal: service("ec2.amazonaws.com")}, allowed, opts...)
	if err != nil {
		return nil, err
	}
	profile, err := iam.NewInstanceProfile(ctx, name+"-profile", &iam.InstanceProfileArgs{Role: role.Name}, opts...)
	if err != nil {
		return nil, err
	}
	userData := args.Endpoint.ApplyT(func(endpoint string) (string, error) {
		return newHAProxySettings(args.Config, endpoint, args.Instances).userData()
	}).(pulumi.StringOutput)
	template, err := ec2.NewLaunchTemplate(ctx, name+"-template", &ec2.LaunchTemplateArgs{
		Description: pulumi.String("HAProxy before the database cluster"), UpdateDefaultVersion: pulumi.Bool(true),
		ImageId: pulumi.String(imageParameter), InstanceType: pulumi.String(instanceType), UserData: userData,
		IamInstanceProfile: ec2.LaunchTemplateIamInstanceProfileArgs{Arn: profile.Arn},
		MetadataOptions: ec2.LaunchTemplateMetadataOptionsArgs{
			HttpEndpoint: pulumi.String("enabled"), HttpTokens: pulumi.String("required"), HttpPutResponseHopLimit: pulumi.Int(1)},
		// With AWS's own key: ours would have to be opened to Auto Scaling, for a disk without data.
		BlockDeviceMappings: ec2.LaunchTemplateBlockDeviceMappingArray{ec2.LaunchTemplateBlockDeviceMappingArgs{
			DeviceName: pulumi.String("/dev/xvda"),
			Ebs: ec2.LaunchTemplateBlockDeviceMappingEbsArgs{VolumeSize: pulumi.Int(8), VolumeType: pulumi.String("gp3"),
				Encrypted: pulumi.String("true"), DeleteOnTermination: pulumi.String("true")},
		}},
		NetworkInterfaces: ec2.LaunchTemplateNetworkInterfaceArray{args.Interface},
	}, opts...)
	if err != nil {
		return nil, err
	}
	return &launch{template: template, needs: []pulumi.Resource{role.Policy}}, nil
}

// group completes an Auto Scaling group of HAProxy. A new version of the template replaces its instances one after
// the other.
func (l *launch) group(args *autoscaling.GroupArgs, f *Foundation, instances, minHealthyPercentage int) *autoscaling.GroupArgs {
	args.MinSize, args.MaxSize, args.DesiredCapacity = pulumi.Int(instances), pulumi.Int(instances), pulumi.Int(instances)
	args.LaunchTemplate = autoscaling.GroupLaunchTemplateArgs{
		Id: l.template.ID(), Version: pulumi.Sprintf("%d", l.template.LatestVersion)}
	args.HealthCheckGracePeriod = pulumi.Int(300) // seconds; a first boot with its installation takes one or two minutes
	args.InstanceRefresh = autoscaling.GroupInstanceRefreshArgs{
		Strategy: pulumi.String("Rolling"),
		Preferences: autoscaling.GroupInstanceRefreshPreferencesArgs{
			MinHealthyPercentage: pulumi.Int(minHealthyPercentage), InstanceWarmup: pulumi.String("120")},
	}
	args.Tags = autoscaling.GroupTagArray{autoscaling.GroupTagArgs{ // how one finds them to open a session
		Key: pulumi.String("Name"), Value: pulumi.Sprintf("%s-haproxy", f.Prefix), PropagateAtLaunch: pulumi.Bool(true)}}
	return args
}
