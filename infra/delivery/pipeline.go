package delivery

import (
	"strconv"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/database"
	"scheduled-messages/infra/foundation"
	"scheduled-messages/infra/network"
	"scheduled-messages/lambda/contract"
)

// idleMarginSeconds is how much sooner than the proxy a function closes a connection that lies unused.
const idleMarginSeconds = 5

// maxIdle is how long a connection through the proxy may lie unused, in seconds.
func maxIdle(c *config.Config) pulumi.String {
	return pulumi.String(strconv.Itoa(c.ProxyIdleClientTimeout - idleMarginSeconds))
}

// PipelineArgs are the network that the updater is in and the database that it writes to.
type PipelineArgs struct {
	Foundation *foundation.Foundation
	Network    *network.Network
	Security   *network.Security
	Database   *database.Database
	Proxy      *database.Proxy
}

// Pipeline is the path from the sender to the row: Lambda's own destinations hand the sender's result, success or
// failure, to the updater, and what the updater cannot write to a queue. Schedules wait for the sender.
type Pipeline struct {
	pulumi.ResourceState

	Sender, Updater *foundation.Function
	Unwritten       *foundation.Queue

	// Topics and Secrets are those of the channels that are on.
	Topics  map[contract.Channel]*foundation.Topic
	Secrets map[contract.Channel]*foundation.Secret
}

// NewPipeline makes the pipeline from its end to its start.
func NewPipeline(ctx *pulumi.Context, name string, args *PipelineArgs, opts ...pulumi.ResourceOption) (*Pipeline, error) {
	p := &Pipeline{}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Pipeline", name, p, opts...); err != nil {
		return nil, err
	}
	parent, cfg, f := pulumi.Parent(p), args.Foundation.Config, args.Foundation
	var err error
	if p.Unwritten, err = foundation.NewQueue(ctx, name+"-unwritten", f, parent); err != nil {
		return nil, err
	}
	if p.Updater, err = foundation.NewFunction(ctx, &foundation.FunctionArgs{
		Foundation: f,
		Spec:       config.Updater,
		VPC:        args.Network.Functions(args.Security.Updater),
		Secrets:    []*foundation.Secret{args.Database.App},
		Allowed:    p.Unwritten.GrantSend(),
		Environment: args.Database.Environment(args.Proxy.Endpoint, pulumi.StringMap{
			contract.EnvDBSecretARN:      args.Database.App.ARN,
			contract.EnvDBMaxIdleSeconds: maxIdle(cfg),
			contract.EnvOverdueSeconds:   overdueAfter(cfg),
			contract.EnvSenderARN:        f.ARN("lambda", "function:%s", f.FunctionName(config.Sender.Name)), // which comes after it
		}),
	}, parent); err != nil {
		return nil, err
	}
	sender := &foundation.FunctionArgs{
		Foundation:  f,
		Spec:        config.Sender,
		Environment: pulumi.StringMap{},
		Allowed:     p.Updater.GrantInvoke(),
	}
	if err := p.newChannels(ctx, name, sender, parent); err != nil {
		return nil, err
	}
	if p.Sender, err = foundation.NewFunction(ctx, sender, parent); err != nil {
		return nil, err
	}
	// Each function waits for its policy, and so its configuration does, which Lambda checks against that policy.
	if err := newDestinations(ctx, name+"-updater-destination", p.Updater, cfg, nil, p.Unwritten.ARN, parent); err != nil {
		return nil, err
	}
	if err := newDestinations(ctx, name+"-sender-destinations", p.Sender, cfg, p.Updater.ARN, p.Updater.ARN, parent); err != nil {
		return nil, err
	}
	return p, ctx.RegisterResourceOutputs(p, pulumi.Map{})
}

// newDestinations hands the results of a function's asynchronous invocations on, and what failed in all its tries. A destination
// that is nil is none.
func newDestinations(
	ctx *pulumi.Context, name string, fn *foundation.Function, cfg *config.Config, success, failure pulumi.StringInput,
	opts ...pulumi.ResourceOption,
) error {
	destinations := lambda.FunctionEventInvokeConfigDestinationConfigArgs{
		OnFailure: lambda.FunctionEventInvokeConfigDestinationConfigOnFailureArgs{Destination: failure},
	}
	if success != nil {
		destinations.OnSuccess = lambda.FunctionEventInvokeConfigDestinationConfigOnSuccessArgs{Destination: success}
	}
	_, err := lambda.NewFunctionEventInvokeConfig(ctx, name, &lambda.FunctionEventInvokeConfigArgs{
		FunctionName:             fn.Name,
		MaximumRetryAttempts:     pulumi.Int(fn.Spec.Async.Retries(cfg)),
		MaximumEventAgeInSeconds: pulumi.Int(fn.Spec.Async.MaxEventAgeSeconds(cfg)),
		DestinationConfig:        destinations,
	}, opts...)
	return err
}
