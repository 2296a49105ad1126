package delivery

import (
	"cmp"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/scheduler"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/database"
	"scheduled-messages/infra/foundation"
)

// newSchedulerRole makes a role that schedules of the one group run with, to invoke the one function. Scheduler
// presents the group's ARN, never a schedule's.
func newSchedulerRole(
	ctx *pulumi.Context,
	name string,
	f *foundation.Foundation,
	group *scheduler.ScheduleGroup,
	deadLetters *foundation.Queue,
	function pulumi.StringInput,
	more []foundation.Statement,
	opts ...pulumi.ResourceOption,
) (*foundation.Role, error) {
	allowed := append(deadLetters.GrantSend(), foundation.Statement{
		Actions: []string{"lambda:InvokeFunction"}, Resources: []pulumi.StringInput{function},
	})
	return foundation.NewRole(ctx, name, foundation.Statement{
		Principal: foundation.Service("scheduler.amazonaws.com"),
		Conditions: []foundation.Condition{
			foundation.StringEquals("aws:SourceAccount", f.Account),
			foundation.StringEquals("aws:SourceArn", group.Arn),
		},
	}, append(allowed, more...), opts...)
}

// passToScheduler lets those who make schedules give them their role.
func passToScheduler(role pulumi.StringInput) foundation.Statement {
	return foundation.Statement{
		Actions:    []string{"iam:PassRole"},
		Resources:  []pulumi.StringInput{role},
		Conditions: []foundation.Condition{foundation.StringEquals("iam:PassedToService", pulumi.String("scheduler.amazonaws.com"))},
	}
}

// heartbeat is a schedule of the stack's own, with a rate.
type heartbeat struct {
	name, description, rate string
	function                pulumi.StringOutput // its ARN
	input                   string              // empty: {}
	// What Scheduler may spend on handing it to Lambda.
	retries  int
	eventAge int // seconds
}

// heartbeats are those of the stack's functions and, with retentionDays, the one that has old rows deleted.
func heartbeats(args *ScheduleArgs) []heartbeat {
	beat := func(name, description, rate string, function *foundation.Function) heartbeat {
		return heartbeat{name: name, description: description, rate: rate, function: function.ARN, retries: 3, eventAge: 3600}
	}
	all := []heartbeat{
		beat("heartbeat", "The updater reports the database's health", "rate(1 hour)", args.Pipeline.Updater),
		beat("status-heartbeat", "The function that answers questions reads the table", "rate(1 hour)", args.Status.Function),
	}
	if args.Rotator.Function != nil {
		all = append(all, beat("rotation-heartbeat", "The rotator tries the current passwords", "rate(1 day)", args.Rotator.Function))
	}
	if days := args.Foundation.Config.RetentionDays; days > 0 {
		retention := beat("retention", "Rows in a final state are deleted after retentionDays", "rate(1 day)", args.Migration.Migrator)
		retention.input = fmt.Sprintf(`{"retentionDays":%d}`, days)
		all = append(all, retention)
	}
	return all
}

// newHeartbeat keeps a function in the VPC alive. AWS takes its network interface away after 14 idle days and lets its
// next invocation fail, which for the rotator is the next rotation; and a broken path should show, as "unhealthy" in the
// updater's log and as an error of the rotator, before a message or a rotation needs it. Group and role are its own: what
// a backend may do reaches neither the heartbeat nor the function.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
//
// A schedule with a rate begins when it is made. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
func newHeartbeat(
	ctx *pulumi.Context,
	name string,
	beat heartbeat,
	f *foundation.Foundation,
	deadLetters *foundation.Queue,
	after *database.Migration,
	opts ...pulumi.ResourceOption,
) (*scheduler.ScheduleGroup, error) {
	group, err := scheduler.NewScheduleGroup(ctx, name+"-group", &scheduler.ScheduleGroupArgs{}, opts...)
	if err != nil {
		return nil, err
	}
	role, err := newSchedulerRole(ctx, name+"-role", f, group, deadLetters, beat.function, nil, opts...)
	if err != nil {
		return nil, err
	}
	_, err = scheduler.NewSchedule(ctx, name, &scheduler.ScheduleArgs{
		Description:        pulumi.String(beat.description),
		GroupName:          group.Name,
		ScheduleExpression: pulumi.String(beat.rate), ScheduleExpressionTimezone: pulumi.String("UTC"),
		FlexibleTimeWindow: scheduler.ScheduleFlexibleTimeWindowArgs{Mode: pulumi.String("OFF")},
		Target: scheduler.ScheduleTargetArgs{
			Arn:     beat.function,
			RoleArn: role.ARN,
			Input:   pulumi.String(cmp.Or(beat.input, "{}")),
			RetryPolicy: scheduler.ScheduleTargetRetryPolicyArgs{
				MaximumRetryAttempts:     pulumi.Int(beat.retries),
				MaximumEventAgeInSeconds: pulumi.Int(beat.eventAge),
			},
			DeadLetterConfig: scheduler.ScheduleTargetDeadLetterConfigArgs{Arn: deadLetters.ARN},
		},
	}, append(opts, pulumi.DependsOn([]pulumi.Resource{role.Policy, after.Run}))...)
	return group, err
}
