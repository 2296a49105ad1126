package infra

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/lambda/contract"
)

// StatusArgs are the arguments of NewStatus.
type StatusArgs struct {
	Config          *Config
	Foundation      *Foundation
	Database        *Database
	ProxyEndpoint   pulumi.StringOutput
	Network         *Network
	SecurityGroupID pulumi.StringInput
	Bundle          Bundle
}

// Status is where backends, dashboards and operators ask what became of a message. It is apart from the updater, because
// whoever may invoke that one may write a status; this one's database user only reads.
type Status struct {
	pulumi.ResourceState

	Function  *Function
	PolicyARN pulumi.StringOutput // for those who ask
}

// NewStatus makes the function and the policy of those who may ask.
func NewStatus(ctx *pulumi.Context, name string, args *StatusArgs, opts ...pulumi.ResourceOption) (*Status, error) {
	s := &Status{}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Status", name, s, opts...); err != nil {
		return nil, err
	}
	parent, db := pulumi.Parent(s), args.Database
	var err error
	if s.Function, err = NewFunction(ctx, "status", &FunctionArgs{
		Config: args.Config, Foundation: args.Foundation, Bundle: args.Bundle,
		Description: "Answers what became of a message", Timeout: updaterTimeout, MemoryMB: 256,
		Network: args.Network, SecurityGroupID: args.SecurityGroupID,
		Secrets: []*Secret{db.Reader},
		Environment: db.environment(args.ProxyEndpoint, pulumi.StringMap{
			contract.EnvDBReaderSecretARN: db.Reader.ARN,
			contract.EnvDBMaxIdleSeconds:  maxIdle(args.Config),
		}),
	}, parent); err != nil {
		return nil, err
	}
	policy, err := iam.NewPolicy(ctx, name+"-policy", &iam.PolicyArgs{
		Description: pulumi.String("Ask for the status of messages: for the role of a backend or a dashboard"),
		Policy:      policy(Statement{Actions: []string{"lambda:InvokeFunction"}, Resources: []pulumi.StringInput{s.Function.ARN}}),
	}, parent)
	if err != nil {
		return nil, err
	}
	s.PolicyARN = policy.Arn
	return s, ctx.RegisterResourceOutputs(s, pulumi.Map{})
}
