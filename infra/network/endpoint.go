package network

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/foundation"
)

// EndpointArgs are where the endpoint of Secrets Manager stands, and which secrets can be reached through it.
type EndpointArgs struct {
	Foundation *foundation.Foundation
	Network    *Network
	Security   *Security
	SecretARNs []pulumi.StringInput // all that can be read through it
	Rotated    []pulumi.StringInput // those of them that are written
	WriterARN  pulumi.StringInput   // the role that writes them; nil: none
}

// Endpoint is how the functions in the VPC reach Secrets Manager; in a VPC of the stack's own there is no other way out.
// Whatever invokes one of them while
// the stack is made waits for it.
type Endpoint struct {
	pulumi.ResourceState

	// DependsOn is what others wait for. A component's own resources are not among its children at once, so that who waits for the
	// component may miss them.
	DependsOn []pulumi.Resource
}

// NewEndpoint makes the endpoint, under Secrets Manager's own name (private DNS).
func NewEndpoint(ctx *pulumi.Context, name string, args *EndpointArgs, opts ...pulumi.ResourceOption) (*Endpoint, error) {
	e := &Endpoint{}
	if args.Foundation.Config.Existing.SecretsManagerEndpoint != config.EndpointCreate { // the VPC has another way
		return e, nil
	}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Endpoint", name, e, opts...); err != nil {
		return nil, err
	}
	made, err := newEndpoints(ctx, name, "Endpoint", &place{
		foundation:      args.Foundation,
		vpcID:           args.Network.VPCID,
		subnetIDs:       args.Network.SubnetIDs,
		securityGroupID: args.Security.Endpoint,
		secretARNs:      args.SecretARNs,
		rotatedARNs:     args.Rotated,
		writerARN:       args.WriterARN,
	}, pulumi.Parent(e))
	if err != nil {
		return nil, err
	}
	for _, one := range made {
		e.DependsOn = append(e.DependsOn, one)
	}
	return e, ctx.RegisterResourceOutputs(e, pulumi.Map{})
}

// ManagementArgs are where the endpoints of Session Manager stand.
type ManagementArgs struct {
	Foundation      *foundation.Foundation
	VPCID           pulumi.StringInput
	SubnetIDs       pulumi.StringArray // private ones
	SecurityGroupID pulumi.StringInput
}

// Management is how the instances reach Session Manager: their first boot waits for it. It costs about what an instance does,
// and spares them a rule that opens 443 to the entire internet.
type Management struct {
	pulumi.ResourceState

	Endpoints []pulumi.Resource // that an instance's agent calls from its first boot on
}

// NewManagement makes the endpoints of Session Manager.
func NewManagement(ctx *pulumi.Context, name string, args *ManagementArgs, opts ...pulumi.ResourceOption) (*Management, error) {
	m := &Management{}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Management", name, m, opts...); err != nil {
		return nil, err
	}
	made, err := newEndpoints(ctx, name, "Management", &place{
		foundation:      args.Foundation,
		vpcID:           args.VPCID,
		subnetIDs:       args.SubnetIDs,
		securityGroupID: args.SecurityGroupID,
	}, pulumi.Parent(m))
	if err != nil {
		return nil, err
	}
	for _, one := range made {
		m.Endpoints = append(m.Endpoints, one)
	}
	return m, ctx.RegisterResourceOutputs(m, pulumi.Map{})
}
