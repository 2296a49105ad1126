package foundation

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// scheduleContext is the condition key for the schedule whose input Scheduler encrypts or decrypts.
const scheduleContext = "kms:EncryptionContext:aws:scheduler:schedule:arn"

// GrantEncryptSchedules is for those who make schedules with the stack's key: Scheduler encrypts an input with the permissions
// of its caller. DescribeKey stands apart, because it has no encryption context that a condition could hold for.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html#key-management-iam-permissions
func (f *Foundation) GrantEncryptSchedules(schedules ...pulumi.StringInput) []Statement {
	statements := []Statement{f.UseKey("scheduler", "kms:DescribeKey")}
	for _, schedule := range schedules {
		use := f.UseKey("scheduler", "kms:GenerateDataKey", "kms:Decrypt")
		use.Conditions = append(use.Conditions, ArnLike(scheduleContext, schedule))
		statements = append(statements, use)
	}
	return statements
}

// GrantDecryptSchedules is for the role that such schedules run with. AWS's example of the call shows the schedule in the
// encryption context, and nothing of the service that kms:ViaService would need.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html#key-management-cloud-trail
func (f *Foundation) GrantDecryptSchedules(schedules pulumi.StringInput) []Statement {
	return []Statement{{
		Actions:    []string{"kms:Decrypt"},
		Resources:  []pulumi.StringInput{f.KeyARN},
		Conditions: []Condition{ArnLike(scheduleContext, schedules)},
	}}
}
