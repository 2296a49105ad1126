package endpoint

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"unicode"

	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/infra/sandbox/endpoint/rules"
	"scheduled-messages/infra/sandbox/endpoint/wire"
)

// state refuses what AWS refuses because of what there is already, and moto does not: it asks moto.
type state struct{ moto http.RoundTripper }

// refuse says why AWS refuses a call, nil if it does not.
func (s state) refuse(ctx context.Context, region string, call *wire.Call) (*wire.Refusal, error) {
	account := cloud.Through(s.moto, region)
	switch call.String() {
	case "scheduler:CreateSchedule", "scheduler:UpdateSchedule":
		return schedule(ctx, account, call.Input)
	case "scheduler:CreateScheduleGroup", "scheduler:DeleteScheduleGroup", "scheduler:ListSchedules":
		return scheduleGroup(ctx, account, call)
	case "iam:PutRolePolicy":
		return inlinePolicy(ctx, account, call.Input)
	}
	return nil, nil
}

// schedule refuses one in a group that is not there, or with a role that Scheduler may not take: it presents the account
// and the schedule's group. https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
func schedule(ctx context.Context, account *cloud.Client, input map[string]any) (*wire.Refusal, error) {
	group, given := input["GroupName"].(string)
	if !given {
		group = "default"
	}
	groupARN, err := account.ScheduleGroup(ctx, group)
	if cloud.NotFound(err) {
		return noGroup(group), nil
	}
	if err != nil {
		return nil, err
	}
	target, _ := input["Target"].(map[string]any)
	arn, _ := target["RoleArn"].(string)
	role, err := account.Role(ctx, arn)
	if err != nil && !cloud.NotFound(err) {
		return nil, err
	}
	source := map[string]string{"aws:SourceAccount": strings.Split(groupARN+"::::", ":")[4], "aws:SourceArn": groupARN}
	if err != nil || !role.TrustedBy("scheduler.amazonaws.com", source) {
		return &wire.Refusal{
			Code:    "ValidationException",
			Message: "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
		}, nil
	}
	return nil, nil
}

// scheduleGroup refuses a group that is there already, and the use of one that is not; moto makes the one anew and fails at
// the other. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeleteScheduleGroup.html
func scheduleGroup(ctx context.Context, account *cloud.Client, call *wire.Call) (*wire.Refusal, error) {
	name, _ := call.Input["Name"].(string)
	if group, given := call.Input["GroupName"].(string); given { // of the list
		name = group
	}
	if name == "" {
		return nil, nil
	}
	_, err := account.ScheduleGroup(ctx, name)
	missing := cloud.NotFound(err)
	if err != nil && !missing {
		return nil, err
	}
	switch creation := call.Operation.Name == "CreateScheduleGroup"; {
	case creation && !missing:
		return &wire.Refusal{
			Status:  http.StatusConflict,
			Code:    "ConflictException",
			Message: fmt.Sprintf("Schedule group %s already exists.", name),
		}, nil
	case !creation && missing:
		return noGroup(name), nil
	case call.Operation.Name == "DeleteScheduleGroup" && name == "default":
		return &wire.Refusal{Code: "ValidationException", Message: "The default schedule group cannot be deleted."}, nil
	}
	return nil, nil
}

func noGroup(name string) *wire.Refusal {
	return &wire.Refusal{
		Status:  http.StatusNotFound,
		Code:    "ResourceNotFoundException",
		Message: fmt.Sprintf("Schedule group %s does not exist.", name),
	}
}

// inlinePolicy refuses one that makes a role's inline policies too large together.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
func inlinePolicy(ctx context.Context, account *cloud.Client, input map[string]any) (*wire.Refusal, error) {
	role, _ := input["RoleName"].(string)
	name, _ := input["PolicyName"].(string)
	document, _ := input["PolicyDocument"].(string)
	policies, err := account.InlinePolicies(ctx, role)
	if cloud.NotFound(err) { // moto says so
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	policies[name] = document
	size := 0
	for _, text := range policies {
		for _, r := range text {
			if !unicode.IsSpace(r) {
				size++
			}
		}
	}
	if size > rules.InlineLimit {
		return &wire.Refusal{
			Status:  http.StatusConflict,
			Code:    "LimitExceeded",
			Message: fmt.Sprintf("Maximum policy size of %d bytes exceeded for role %s", rules.InlineLimit, role),
		}, nil
	}
	return nil, nil
}
