package infra

import (
	"scheduled-messages/infra/internal/audit"
)

// custom decides the rules that no comparison decides: a check of a resource among all, or an argument by hand.
var custom = map[string]struct {
	check    func(r audit.Resource, all []audit.Resource) audit.Outcome
	how      string
	argument string
}{
	"RDS.46": {check: noWayToTheInternet, how: "no subnet's route table has a default route, and every subnet has one"},
	"prowler:ec2_securitygroup_allow_wide_open_public_ipv4": {check: narrow, how: "a public range holds at most 256 addresses"},
	"RDS.45 server_audit_events":                            {check: auditsEvents, how: "the events are named; not QUERY_DCL, since it logs the statements that set passwords"},
	"serverless-rules:WS1002":                               {check: oneTrigger, how: "all permissions of a function name one principal"},
	"kics:1b3af2f9-af8c-4dfc-a0f1-a03adb70deb2":             {check: roleOfItsOwn, how: "no other function has the role, and no policy of it allows an action with `*`"},
	"CKV_AWS_385":                   {check: noOtherAccount, how: "no Allow names an IAM principal without a condition"},
	"CKV_AWS_286 Policy.policy":     {check: noEscalation, how: "no action of a known way to more rights; PassRole of one role to one service only"},
	"CKV_AWS_286 RolePolicy.policy": {check: noEscalation, how: "as for the managed form"},
	"AVD-AWS-0344":                  {argument: "no image is looked up: an instance's comes from AWS's public SSM parameter, which only AWS writes"},
	"SSM.1":                         {argument: "instances come from an Auto Scaling group only, and their role has the actions of Session Manager"},
	"SecretsManager.2":              {argument: "a matter of run time: an alarm watches the errors of every function"},
	"ELB.8":                         {argument: "no listener ends TLS: MySQL's TLS goes through to the database"},
}
