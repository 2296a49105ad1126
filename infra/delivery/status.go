package delivery

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/database"
	"scheduled-messages/infra/foundation"
	"scheduled-messages/infra/network"
	"scheduled-messages/lambda/contract"
)

// StatusArgs are the database that the function reads, and how it reaches it.
type StatusArgs struct {
	Foundation *foundation.Foundation
	Network    *network.Network
	Security   *network.Security
	Database   *database.Database
	Proxy      *database.Proxy
}

// Status is where backends, dashboards and operators ask what became of a message. It is apart from the updater, because
// whoever may invoke that one may write a status; this one's database user only reads.
type Status struct {
	pulumi.ResourceState

	Function  *foundation.Function
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
	if s.Function, err = foundation.NewFunction(ctx, &foundation.FunctionArgs{
		Foundation: args.Foundation,
		Spec:       config.Status,
		VPC:        args.Network.Functions(args.Security.Status),
		Secrets:    []*foundation.Secret{db.Reader},
		Environment: db.Environment(args.Proxy.Endpoint, pulumi.StringMap{
			contract.EnvDBReaderSecretARN: db.Reader.ARN,
			contract.EnvDBMaxIdleSeconds:  maxIdle(args.Foundation.Config),
			contract.EnvOverdueSeconds:    overdueAfter(args.Foundation.Config),
		}),
	}, parent); err != nil {
		return nil, err
	}
	policy, err := iam.NewPolicy(ctx, name+"-policy", &iam.PolicyArgs{
		Description: pulumi.String("Ask for the status of messages: for the role of a backend or a dashboard"),
		Policy:      foundation.Policy(s.Function.GrantInvoke()...),
	}, parent)
	if err != nil {
		return nil, err
	}
	s.PolicyARN = policy.Arn
	return s, ctx.RegisterResourceOutputs(s, pulumi.Map{})
}
