package infra

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/scheduler"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ScheduleArgs are the arguments of NewSchedule.
type ScheduleArgs struct {
	Foundation            *Foundation
	SenderARN, UpdaterARN pulumi.StringOutput
}

// Schedule is what a backend needs to schedule messages: a group for its schedules, the role they run with, the
// queue for what cannot be handed to the sender, and a policy for the backend itself. The schedules of messages are
// made at run time; the stack owns none of them.
type Schedule struct {
	pulumi.ResourceState

	GroupName   pulumi.StringOutput
	RoleARN     pulumi.StringOutput
	PolicyARN   pulumi.StringOutput // for backends
	Undelivered *queue
	Heartbeat   pulumi.Resource
}

// NewSchedule makes the group and all around it.
func NewSchedule(ctx *pulumi.Context, name string, args *ScheduleArgs, opts ...pulumi.ResourceOption) (*Schedule, error) {
	s := &Schedule{}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Schedule", name, s, opts...); err != nil {
		return nil, err
	}
	parent, f := pulumi.Parent(s), args.Foundation
	var err error
	if s.Undelivered, err = newQueue(ctx, name+"-undelivered", f, parent); err != nil {
		return nil, err
	}
	group, err := scheduler.NewScheduleGroup(ctx, name+"-messages", &scheduler.ScheduleGroupArgs{}, parent)
	if err != nil {
		return nil, err
	}
	role, err := newSchedulerRole(ctx, name+"-role", f, group, s.Undelivered, args.SenderARN, parent)
	if err != nil {
		return nil, err
	}
	backend, err := iam.NewPolicy(ctx, name+"-backend-policy", &iam.PolicyArgs{
		Description: pulumi.String("Schedule messages: for the role of a backend"),
		Policy: policy(
			Statement{
				Actions:   []string{"scheduler:CreateSchedule", "scheduler:GetSchedule", "scheduler:UpdateSchedule", "scheduler:DeleteSchedule"},
				Resources: []pulumi.StringInput{f.arn("scheduler", "schedule/%s/*", group.Name)},
			},
			Statement{Actions: []string{"scheduler:ListSchedules"}, Resources: anyResource}, // AWS knows no other
			Statement{
				Actions: []string{"iam:PassRole"}, Resources: []pulumi.StringInput{role.ARN},
				Conditions: []Condition{{"StringEquals", "iam:PassedToService", pulumi.String("scheduler.amazonaws.com")}},
			}),
	}, parent)
	if err != nil {
		return nil, err
	}
	if s.Heartbeat, err = newHeartbeat(ctx, name+"-heartbeat", args, s.Undelivered, parent); err != nil {
		return nil, err
	}
	s.GroupName, s.RoleARN, s.PolicyARN = group.Name, role.ARN, backend.Arn
	return s, ctx.RegisterResourceOutputs(s, pulumi.Map{"groupName": s.GroupName})
}

// newSchedulerRole makes a role that schedules of the one group run with, to invoke the one function. Scheduler
// presents the group's ARN, never a schedule's.
func newSchedulerRole(ctx *pulumi.Context, name string, f *Foundation, group *scheduler.ScheduleGroup, letters *queue, function pulumi.StringInput, opts ...pulumi.ResourceOption) (*role, error) {
	return newRole(ctx, name, Statement{
		Principal: service("scheduler.amazonaws.com"),
		Conditions: []Condition{
			{"StringEquals", "aws:SourceAccount", f.Account},
			{"StringEquals", "aws:SourceArn", group.Arn},
		},
	}, append(letters.sentBy(), Statement{
		Actions: []string{"lambda:InvokeFunction"}, Resources: []pulumi.StringInput{function},
	}), opts...)
}

// newHeartbeat asks the updater for the database's health once an hour. AWS takes the network interface of a function
// in a VPC away after 14 idle days and lets its next invocation fail, and a broken path should show, as "unhealthy" in
// the updater's log, before a message needs it. Group and role are its own: what a backend may do reaches neither the
// heartbeat nor the updater.
func newHeartbeat(ctx *pulumi.Context, name string, args *ScheduleArgs, letters *queue, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	group, err := scheduler.NewScheduleGroup(ctx, name+"-group", &scheduler.ScheduleGroupArgs{}, opts...)
	if err != nil {
		return nil, err
	}
	role, err := newSchedulerRole(ctx, name+"-role", args.Foundation, group, letters, args.UpdaterARN, opts...)
	if err != nil {
		return nil, err
	}
	return scheduler.NewSchedule(ctx, name, &scheduler.ScheduleArgs{
		Description:        pulumi.String("The updater reports the database's health"),
		GroupName:          group.Name,
		ScheduleExpression: pulumi.String("rate(1 hour)"), ScheduleExpressionTimezone: pulumi.String("UTC"),
		FlexibleTimeWindow: scheduler.ScheduleFlexibleTimeWindowArgs{Mode: pulumi.String("OFF")},
		Target: scheduler.ScheduleTargetArgs{
			Arn: args.UpdaterARN, RoleArn: role.ARN, Input: pulumi.String("{}"),
			RetryPolicy: scheduler.ScheduleTargetRetryPolicyArgs{
				MaximumRetryAttempts: pulumi.Int(3), MaximumEventAgeInSeconds: pulumi.Int(3600)},
			DeadLetterConfig: scheduler.ScheduleTargetDeadLetterConfigArgs{Arn: letters.ARN},
		},
	}, append(opts, pulumi.DependsOn([]pulumi.Resource{role.Policy}))...)
}
