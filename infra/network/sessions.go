package network

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/foundation"
)

// SessionActions are all that Session Manager needs of an instance, by service. None of them takes a narrower
// resource in AWS's own minimal policy, which reads no parameters and no documents. Session preferences of the account that log
// to S3 or CloudWatch or encrypt with a key need more: see docs/external-access.md.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
var SessionActions = map[string][]string{
	"ssm": {"ssm:UpdateInstanceInformation"},
	"ssmmessages": {"ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
		"ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"},
}

// SessionServices are the keys of sessionActions in a fixed order. Agents since 2024 do without ec2messages.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html
var SessionServices = []string{"ssm", "ssmmessages"}

// ManagementArgs are where the endpoints stand.
type ManagementArgs struct {
	Foundation      *foundation.Foundation
	VPCID           pulumi.StringInput
	SubnetIDs       pulumi.StringArray // private ones
	SecurityGroupID pulumi.StringInput
}

// Management is how the instances reach Session Manager. It costs about what an instance does, and spares them a rule
// that opens 443 to the whole internet.
type Management struct {
	pulumi.ResourceState

	Endpoints []pulumi.Resource // that an instance's agent calls from its first boot on
}

// NewManagement makes the endpoints.
func NewManagement(ctx *pulumi.Context, name string, args *ManagementArgs, opts ...pulumi.ResourceOption) (*Management, error) {
	m := &Management{}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Management", name, m, opts...); err != nil {
		return nil, err
	}
	for _, service := range SessionServices {
		endpoint, err := ec2.NewVpcEndpoint(ctx, name+"-"+service, &ec2.VpcEndpointArgs{
			VpcId:             args.VPCID,
			ServiceName:       pulumi.Sprintf("com.amazonaws.%s.%s", args.Foundation.Region, service),
			VpcEndpointType:   pulumi.String("Interface"),
			PrivateDnsEnabled: pulumi.Bool(true),
			SubnetIds:         args.SubnetIDs,
			SecurityGroupIds:  pulumi.StringArray{args.SecurityGroupID},
			Policy: foundation.Policy(foundation.Statement{
				Principal: pulumi.Map{"AWS": pulumi.String("*")}, Actions: SessionActions[service], Resources: foundation.AnyResource,
				Conditions: []foundation.Condition{foundation.StringEquals("aws:PrincipalAccount", args.Foundation.Account)},
			}),
		}, pulumi.Parent(m))
		if err != nil {
			return nil, err
		}
		m.Endpoints = append(m.Endpoints, endpoint)
	}
	return m, ctx.RegisterResourceOutputs(m, pulumi.Map{})
}
