package delivery

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/scheduler"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/database"
	"scheduled-messages/infra/foundation"
)

// ScheduleArgs are what schedules stand on.
type ScheduleArgs struct {
	Foundation *foundation.Foundation
	Pipeline   *Pipeline
	Status     *Status
	Rotator    *database.Rotator
	// Migration is what the heartbeats wait for: they begin at once, and before it they would find no table and no user.
	Migration *database.Migration
}

// groupDeletion is how long the deletion of the group may take, which ends only when all of its schedules are gone: the
// provider's 5 minutes are for a group with few of them.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeleteScheduleGroup.html
const groupDeletion = "60m"

// Schedule is what a backend needs to schedule messages: a group for its schedules, the role they run with, the
// queue for what cannot be handed to the sender, and a policy for the backend itself. The schedules of messages are
// made at run time; the stack owns none of them.
type Schedule struct {
	pulumi.ResourceState

	GroupName   pulumi.StringOutput
	RoleARN     pulumi.StringOutput
	PolicyARN   pulumi.StringOutput // for backends
	Undelivered *foundation.Queue

	HeartbeatCreated pulumi.StringOutput // when the updater's heartbeat was made, or a little before, in RFC 3339
}

// NewSchedule makes the group and all around it.
func NewSchedule(ctx *pulumi.Context, name string, args *ScheduleArgs, opts ...pulumi.ResourceOption) (*Schedule, error) {
	s := &Schedule{}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Schedule", name, s, opts...); err != nil {
		return nil, err
	}
	parent, f := pulumi.Parent(s), args.Foundation
	var err error
	if s.Undelivered, err = foundation.NewQueue(ctx, name+"-undelivered", f, parent); err != nil {
		return nil, err
	}
	// Its deletion deletes every message that is scheduled.
	group, err := scheduler.NewScheduleGroup(ctx, name+"-messages", &scheduler.ScheduleGroupArgs{}, parent,
		pulumi.Protect(f.Config.ProtectData), pulumi.Timeouts(&pulumi.CustomTimeouts{Delete: groupDeletion}))
	if err != nil {
		return nil, err
	}
	role, err := newSchedulerRole(ctx, name+"-role", f, group, s.Undelivered, args.Pipeline.Sender.ARN, parent)
	if err != nil {
		return nil, err
	}
	backend, err := iam.NewPolicy(ctx, name+"-backend-policy", &iam.PolicyArgs{
		Description: pulumi.String("Schedule messages: for the role of a backend"),
		Policy: foundation.Policy(
			foundation.Statement{
				Actions:   []string{"scheduler:CreateSchedule", "scheduler:GetSchedule", "scheduler:UpdateSchedule", "scheduler:DeleteSchedule"},
				Resources: []pulumi.StringInput{f.ARN("scheduler", "schedule/%s/*", group.Name)},
			},
			foundation.Statement{Actions: []string{"scheduler:ListSchedules"}, Resources: foundation.AnyResource}, // AWS knows no other
			foundation.Statement{
				Actions: []string{"iam:PassRole"}, Resources: []pulumi.StringInput{role.ARN},
				Conditions: []foundation.Condition{foundation.StringEquals("iam:PassedToService", pulumi.String("scheduler.amazonaws.com"))},
			}),
	}, parent)
	if err != nil {
		return nil, err
	}
	beats := []heartbeat{
		{"heartbeat", "The updater reports the database's health", "rate(1 hour)", args.Pipeline.Updater.ARN},
		{"status-heartbeat", "The function that answers questions reads the table", "rate(1 hour)", args.Status.Function.ARN},
	}
	if args.Rotator.Function != nil {
		beats = append(beats, heartbeat{"rotation-heartbeat", "The rotator tries the current passwords", "rate(1 day)", args.Rotator.Function.ARN})
	}
	for _, beat := range beats {
		group, err := newHeartbeat(ctx, name+"-"+beat.name, beat, f, s.Undelivered, args.Migration, parent)
		if err != nil {
			return nil, err
		}
		if beat.name == "heartbeat" {
			s.HeartbeatCreated = group.CreationDate
		}
	}
	s.GroupName, s.RoleARN, s.PolicyARN = group.Name, role.ARN, backend.Arn
	return s, ctx.RegisterResourceOutputs(s, pulumi.Map{"groupName": s.GroupName})
}

// newSchedulerRole makes a role that schedules of the one group run with, to invoke the one function. Scheduler
// presents the group's ARN, never a schedule's.
func newSchedulerRole(ctx *pulumi.Context, name string, f *foundation.Foundation, group *scheduler.ScheduleGroup, deadLetters *foundation.Queue, function pulumi.StringInput, opts ...pulumi.ResourceOption) (*foundation.Role, error) {
	return foundation.NewRole(ctx, name, foundation.Statement{
		Principal: foundation.Service("scheduler.amazonaws.com"),
		Conditions: []foundation.Condition{
			foundation.StringEquals("aws:SourceAccount", f.Account),
			foundation.StringEquals("aws:SourceArn", group.Arn),
		},
	}, append(deadLetters.GrantSend(), foundation.Statement{
		Actions: []string{"lambda:InvokeFunction"}, Resources: []pulumi.StringInput{function},
	}), opts...)
}

// heartbeat is a schedule that invokes a function with {}.
type heartbeat struct {
	name, description, rate string
	function                pulumi.StringOutput // its ARN
}

// newHeartbeat keeps a function in the VPC alive. AWS takes its network interface away after 14 idle days and lets its
// next invocation fail, which for the rotator is the next rotation; and a broken path should show, as "unhealthy" in the
// updater's log and as an error of the rotator, before a message or a rotation needs it. Group and role are its own: what
// a backend may do reaches neither the heartbeat nor the function.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
//
// A schedule with a rate begins when it is made. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
func newHeartbeat(ctx *pulumi.Context, name string, beat heartbeat, f *foundation.Foundation, deadLetters *foundation.Queue, after *database.Migration, opts ...pulumi.ResourceOption) (*scheduler.ScheduleGroup, error) {
	group, err := scheduler.NewScheduleGroup(ctx, name+"-group", &scheduler.ScheduleGroupArgs{}, opts...)
	if err != nil {
		return nil, err
	}
	role, err := newSchedulerRole(ctx, name+"-role", f, group, deadLetters, beat.function, opts...)
	if err != nil {
		return nil, err
	}
	_, err = scheduler.NewSchedule(ctx, name, &scheduler.ScheduleArgs{
		Description:        pulumi.String(beat.description),
		GroupName:          group.Name,
		ScheduleExpression: pulumi.String(beat.rate), ScheduleExpressionTimezone: pulumi.String("UTC"),
		FlexibleTimeWindow: scheduler.ScheduleFlexibleTimeWindowArgs{Mode: pulumi.String("OFF")},
		Target: scheduler.ScheduleTargetArgs{
			Arn: beat.function, RoleArn: role.ARN, Input: pulumi.String("{}"),
			RetryPolicy: scheduler.ScheduleTargetRetryPolicyArgs{
				MaximumRetryAttempts: pulumi.Int(3), MaximumEventAgeInSeconds: pulumi.Int(3600)},
			DeadLetterConfig: scheduler.ScheduleTargetDeadLetterConfigArgs{Arn: deadLetters.ARN},
		},
	}, append(opts, pulumi.DependsOn([]pulumi.Resource{role.Policy, after.Run}))...)
	return group, err
}
