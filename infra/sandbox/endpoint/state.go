package endpoint

import (
	"context"
	"fmt"
	"net/http"
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
