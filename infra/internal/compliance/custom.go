package compliance

import (
	"scheduled-messages/infra/internal/audit"
)

// Custom decides the rules that no comparison decides: a check of a resource among all, or an argument by hand.
var Custom = map[string]struct {
	Check    func(r audit.Resource, all []audit.Resource) audit.Outcome
	how      string
	Argument string
}{
	"RDS.46": {Check: noWayToTheInternet, how: "no subnet's route table has a default route, and every subnet has one"},
	"prowler:ec2_securitygroup_allow_wide_open_public_ipv4": {Check: narrow, how: "a public range holds at most 256 addresses"},
	"RDS.45 server_audit_events":                            {Check: auditsEvents, how: "the events are named; not QUERY_DCL, since it logs the statements that set passwords"},
	"serverless-rules:WS1002":                               {Check: oneTrigger, how: "all permissions of a function name one principal"},
	"kics:1b3af2f9-af8c-4dfc-a0f1-a03adb70deb2":             {Check: roleOfItsOwn, how: "no other function has the role, and no policy of it allows an action with `*`"},
	"CKV_AWS_385":                   {Check: noOtherAccount, how: "no Allow names an IAM principal without a condition"},
	"CKV_AWS_286 Policy.policy":     {Check: noEscalation, how: "no action of a known way to more rights; PassRole of one role to one service only"},
	"CKV_AWS_286 RolePolicy.policy": {Check: noEscalation, how: "as for the managed form"},
	"AVD-AWS-0344":                  {Argument: "no image is looked up: an instance's comes from AWS's public SSM parameter, which only AWS writes"},
	"SSM.1":                         {Argument: "instances come from an Auto Scaling group only, and their role has the actions of Session Manager"},
	"SecretsManager.2":              {Argument: "a matter of run time: an alarm watches the errors of every function"},
	"ELB.8":                         {Argument: "no listener ends TLS: MySQL's TLS goes through to the database"},
}
