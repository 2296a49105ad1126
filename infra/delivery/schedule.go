package delivery

import (
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/scheduler"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/database"
	"scheduled-messages/infra/foundation"
)

// ScheduleArgs are the functions that schedules invoke.
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

// handlingSchedules are the actions on schedules in a group.
var handlingSchedules = []string{
	"scheduler:CreateSchedule",
	"scheduler:GetSchedule",
	"scheduler:UpdateSchedule",
	"scheduler:DeleteSchedule",
}

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
	// Messages are their schedules' inputs, which whoever makes them may encrypt with the stack's key.
	role, err := newSchedulerRole(ctx, name+"-role", f, group, s.Undelivered, args.Pipeline.Sender.ARN,
		f.GrantDecryptSchedules(f.ARN("scheduler", "schedule/%s/*", group.Name)), parent)
	if err != nil {
		return nil, err
	}
	all := f.ARN("scheduler", "schedule/%s/*", group.Name)
	backend, err := iam.NewPolicy(ctx, name+"-backend-policy", &iam.PolicyArgs{
		Description: pulumi.String("Schedule messages: for the role of a backend"),
		Policy: foundation.Policy(slices.Concat([]foundation.Statement{
			{
				Actions:   handlingSchedules,
				Resources: []pulumi.StringInput{all},
			},
			{Actions: []string{"scheduler:ListSchedules"}, Resources: foundation.AnyResource}, // AWS knows no other
			passToScheduler(role.ARN),
		}, f.GrantEncryptSchedules(all))...),
	}, parent)
	if err != nil {
		return nil, err
	}
	for _, beat := range heartbeats(args) {
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
