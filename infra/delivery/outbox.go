package delivery

import (
	"slices"
	"strconv"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/database"
	"scheduled-messages/infra/foundation"
	"scheduled-messages/infra/network"
	"scheduled-messages/lambda/contract"
)

// OutboxArgs are the table with the rows, and the group, the sender and the updater of their schedules.
type OutboxArgs struct {
	Foundation *foundation.Foundation
	Network    *network.Network
	Security   *network.Security
	Database   *database.Database
	Proxy      *database.Proxy
	Migration  *database.Migration
	Pipeline   *Pipeline
	Schedule   *Schedule
}

// Outbox has schedules follow the table's rows. Once a minute armer, outside the VPC, asks relay, inside it, which rows ask for a
// change at Scheduler, makes the changes, and hands them to the updater, which records them in the rows.
type Outbox struct {
	pulumi.ResourceState

	Relay, Armer *foundation.Function // nil without the outbox

	TickCreated pulumi.StringOutput // when what invokes armer was made, or a little before, in RFC 3339
}

// A round that failed is not tried again: the next minute's does the same and more.
const (
	roundRetries         = 0
	roundEventAgeSeconds = 60 // the least that Lambda and Scheduler take
)

// NewOutbox makes both functions and what invokes armer; without `outbox`, nothing.
func NewOutbox(ctx *pulumi.Context, name string, args *OutboxArgs, opts ...pulumi.ResourceOption) (*Outbox, error) {
	o := &Outbox{}
	if !args.Foundation.Config.Outbox {
		return o, nil
	}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Outbox", name, o, opts...); err != nil {
		return nil, err
	}
	parent := pulumi.Parent(o)
	if err := o.newFunctions(ctx, args, parent); err != nil {
		return nil, err
	}
	// No destination: nothing is in a failed round that anybody needs.
	if _, err := lambda.NewFunctionEventInvokeConfig(ctx, name+"-armer-tries", &lambda.FunctionEventInvokeConfigArgs{
		FunctionName:             o.Armer.Name,
		MaximumRetryAttempts:     pulumi.Int(roundRetries),
		MaximumEventAgeInSeconds: pulumi.Int(roundEventAgeSeconds),
	}, parent); err != nil {
		return nil, err
	}
	tick := heartbeat{
		name:        "tick",
		description: "Schedules follow the table's rows",
		rate:        "rate(1 minute)",
		function:    o.Armer.ARN,
		retries:     roundRetries,
		eventAge:    roundEventAgeSeconds,
	}
	// The group waits for the migration, too: its age is how long armer should have been invoked.
	group, err := newHeartbeat(ctx, name+"-"+tick.name, tick, args.Foundation, args.Schedule.Undelivered, args.Migration, parent,
		pulumi.DependsOn([]pulumi.Resource{args.Migration.Run}))
	if err != nil {
		return nil, err
	}
	o.TickCreated = group.CreationDate
	return o, ctx.RegisterResourceOutputs(o, pulumi.Map{})
}

// newFunctions makes relay, which has the application's user and nothing else of AWS but its secret, and armer, which handles
// the schedules of rows in the one group.
func (o *Outbox) newFunctions(ctx *pulumi.Context, args *OutboxArgs, opts ...pulumi.ResourceOption) (err error) {
	f, db := args.Foundation, args.Database
	if o.Relay, err = foundation.NewFunction(ctx, &foundation.FunctionArgs{
		Foundation: f,
		Spec:       config.Relay,
		VPC:        args.Network.Functions(args.Security.Relay),
		Secrets:    []*foundation.Secret{db.App},
		Environment: db.Environment(args.Proxy.Endpoint, pulumi.StringMap{
			contract.EnvDBSecretARN:      db.App.ARN,
			contract.EnvDBMaxIdleSeconds: maxIdle(f.Config),
			contract.EnvOverdueSeconds:   overdueAfter(f.Config),
		}),
	}, opts...); err != nil {
		return err
	}
	o.Armer, err = foundation.NewFunction(ctx, &foundation.FunctionArgs{
		Foundation: f,
		Spec:       config.Armer,
		Allowed:    o.armerAllowed(args),
		Environment: pulumi.StringMap{
			contract.EnvScheduleGroup:       args.Schedule.GroupName,
			contract.EnvSchedulerRoleARN:    args.Schedule.RoleARN,
			contract.EnvSenderARN:           args.Pipeline.Sender.ARN,
			contract.EnvUndeliveredQueueARN: args.Schedule.Undelivered.ARN,
			contract.EnvScheduleKeyARN:      f.KeyARN,
			contract.EnvRelayName:           o.Relay.Name,
			contract.EnvUpdaterName:         args.Pipeline.Updater.Name,
			contract.EnvSchedulesPerSecond:  schedulesPerSecond(f.Region),
		},
	}, opts...)
	return err
}

// armerAllowed is what armer may do: handle the schedules of rows, which their names mark, pass them their
// role, ask relay, and hand reports to the updater.
func (o *Outbox) armerAllowed(args *OutboxArgs) []foundation.Statement {
	var schedules []pulumi.StringInput
	for _, prefix := range contract.SchedulePrefixes {
		schedules = append(schedules, args.Foundation.ARN("scheduler", "schedule/%s/%s*", args.Schedule.GroupName, prefix))
	}
	return slices.Concat(
		[]foundation.Statement{
			{
				Actions:   handlingSchedules,
				Resources: schedules,
			},
			passToScheduler(args.Schedule.RoleARN),
			{
				Actions:   []string{"lambda:InvokeFunction"},
				Resources: []pulumi.StringInput{o.Relay.ARN, args.Pipeline.Updater.ARN},
			},
		},
		args.Foundation.GrantEncryptSchedules(schedules...))
}

// schedulesPerSecond is how often armer calls Scheduler's API in the Region, for its environment.
func schedulesPerSecond(region pulumi.StringOutput) pulumi.StringOutput {
	return region.ApplyT(func(region string) string { return strconv.Itoa(config.SchedulesPerSecond(region)) }).(pulumi.StringOutput)
}
