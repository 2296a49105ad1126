package network

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/foundation"
)

// EndpointArgs are what the endpoint stands on, and who may do what through it.
type EndpointArgs struct {
	Foundation *foundation.Foundation
	Network    *Network
	Security   *Security
	SecretARNs []pulumi.StringInput // all that can be read through it
	WriterARN  pulumi.StringInput   // the role that writes them; nil: none
}

// Endpoint is the way of the functions in the VPC to Secrets Manager; there is no other way out.
type Endpoint struct {
	pulumi.ResourceState

	// DependsOn is what others wait for. A component's own resources are not among its children at once, so that who waits for the
	// component may miss them.
	DependsOn pulumi.Resource
}

// NewEndpoint makes the endpoint, under Secrets Manager's own name (private DNS).
func NewEndpoint(ctx *pulumi.Context, name string, args *EndpointArgs, opts ...pulumi.ResourceOption) (*Endpoint, error) {
	e := &Endpoint{}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Endpoint", name, e, opts...); err != nil {
		return nil, err
	}
	allowed := []foundation.Statement{{
		Principal:  pulumi.Map{"AWS": pulumi.String("*")},
		Actions:    []string{"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"},
		Resources:  args.SecretARNs,
		Conditions: []foundation.Condition{foundation.StringEquals("aws:PrincipalAccount", args.Foundation.Account)},
	}}
	if args.WriterARN != nil {
		allowed = append(allowed, foundation.Statement{
			Principal:  pulumi.Map{"AWS": pulumi.String("*")},
			Actions:    foundation.Rotating,
			Resources:  args.SecretARNs,
			Conditions: []foundation.Condition{foundation.ArnEquals("aws:PrincipalArn", args.WriterARN)},
		})
	}
	endpoint, err := ec2.NewVpcEndpoint(ctx, name+"-secretsmanager", &ec2.VpcEndpointArgs{
		VpcId:             args.Network.VPCID,
		ServiceName:       pulumi.Sprintf("com.amazonaws.%s.secretsmanager", args.Foundation.Region),
		VpcEndpointType:   pulumi.String("Interface"), // the default is Gateway
		PrivateDnsEnabled: pulumi.Bool(true),
		SubnetIds:         args.Network.SubnetIDs,
		SecurityGroupIds:  pulumi.StringArray{args.Security.Endpoint},
		Policy:            foundation.Policy(allowed...),
	}, pulumi.Parent(e))
	if err != nil {
		return nil, err
	}
	e.DependsOn = endpoint
	return e, ctx.RegisterResourceOutputs(e, pulumi.Map{})
}
