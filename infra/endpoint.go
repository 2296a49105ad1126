package infra

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// EndpointArgs are the arguments of NewEndpoint.
type EndpointArgs struct {
	Foundation      *Foundation
	Network         *Network
	SecurityGroupID pulumi.StringInput
	Secrets         []*Secret // all that can be read through it
	Rotation        *Rotation // which writes them; nil: none
}

// Endpoint is the way of the functions in the VPC to Secrets Manager; there is no other way out.
type Endpoint struct {
	pulumi.ResourceState

	// Way is what others wait for. A component's own resources are not among its children at once, so that who waits for the
	// component may miss them.
	Way pulumi.Resource
}

// NewEndpoint makes the endpoint, under Secrets Manager's own name (private DNS).
func NewEndpoint(ctx *pulumi.Context, name string, args *EndpointArgs, opts ...pulumi.ResourceOption) (*Endpoint, error) {
	e := &Endpoint{}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Endpoint", name, e, opts...); err != nil {
		return nil, err
	}
	var secrets []pulumi.StringInput
	for _, secret := range args.Secrets {
		secrets = append(secrets, secret.ARN)
	}
	allowed := []Statement{{
		Principal:  pulumi.Map{"AWS": pulumi.String("*")},
		Actions:    []string{"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"},
		Resources:  secrets,
		Conditions: []Condition{{"StringEquals", "aws:PrincipalAccount", args.Foundation.Account}},
	}}
	if args.Rotation != nil {
		allowed = append(allowed, Statement{
			Principal:  pulumi.Map{"AWS": pulumi.String("*")},
			Actions:    rotating,
			Resources:  secrets,
			Conditions: []Condition{{"ArnEquals", "aws:PrincipalArn", args.Rotation.Function.RoleARN}},
		})
	}
	endpoint, err := ec2.NewVpcEndpoint(ctx, name+"-secretsmanager", &ec2.VpcEndpointArgs{
		VpcId:             args.Network.VPCID,
		ServiceName:       pulumi.Sprintf("com.amazonaws.%s.secretsmanager", args.Foundation.Region),
		VpcEndpointType:   pulumi.String("Interface"), // the default is Gateway
		PrivateDnsEnabled: pulumi.Bool(true),
		SubnetIds:         args.Network.SubnetIDs,
		SecurityGroupIds:  pulumi.StringArray{args.SecurityGroupID},
		Policy:            policy(allowed...),
	}, pulumi.Parent(e))
	if err != nil {
		return nil, err
	}
	e.Way = endpoint
	return e, ctx.RegisterResourceOutputs(e, pulumi.Map{})
}
