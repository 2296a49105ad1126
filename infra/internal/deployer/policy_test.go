package deployer_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"scheduled-messages/infra/internal/deployer"
	"scheduled-messages/infra/internal/module"
	"scheduled-messages/infra/sandbox/endpoint/authorization"
)

// longest is what a role's inline policies may have together, in characters without white space.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const longest = 10240

func TestThePageHasThePolicyOfWhatTheLivesNeed(t *testing.T) {
	want, err := deployer.Make(deployer.Needs()).Document()
	if err != nil {
		t.Fatal(err)
	}
	file := module.Path("docs/deploy-policy.json")
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(file)
	if err != nil || string(kept) != string(want) {
		t.Fatalf("docs/deploy-policy.json is out of date: UPDATE=1 go test ./infra/internal/deployer (%v)", err)
	}
	size := 0
	filled := strings.NewReplacer("REGION", "ap-southeast-1", "ACCOUNT", "123456789012", "PREFIX", "the-longest-",
		"DATABASE", strings.Repeat("d", 63), "ADMINSECRET", "rds!cluster-01234567-89ab-cdef-0123-456789abcdef", "/PATH/", "/teams/messages/")
	for _, r := range filled.Replace(string(kept)) {
		if !unicode.IsSpace(r) {
			size++
		}
	}
	if size > longest {
		t.Errorf("the policy has %d characters, filled in, and a role takes %d", size, longest)
	}
	var policy deployer.Policy
	if err := json.Unmarshal(kept, &policy); err != nil {
		t.Fatal(err)
	}
	for _, need := range policy.Refused(deployer.Needs()) {
		t.Errorf("%s on %s is not allowed", need.Action, need.Resource)
	}
}

func TestAnActionThatIsTakenOutOfThePolicyIsMissed(t *testing.T) {
	needs := deployer.Needs()
	for _, need := range needs {
		policy := deployer.Make(needs)
		for i, s := range policy.Statement {
			policy.Statement[i].Action = slices.DeleteFunc(s.Action, func(action string) bool { return action == need.Action })
		}
		if !slices.Contains(policy.Refused(needs), need) {
			t.Errorf("nobody misses %s on %s", need.Action, need.Resource)
		}
	}
}

func TestNothingOfSomebodyElsesIsAllowed(t *testing.T) {
	policy := deployer.Make(deployer.Needs())
	for _, need := range []authorization.Need{
		{Action: "iam:CreateRole", Resource: "arn:aws:iam::ACCOUNT:role/PATH/other"},
		{Action: "iam:PassRole", Resource: "arn:aws:iam::ACCOUNT:role/admin"},
		{Action: "secretsmanager:GetSecretValue", Resource: "arn:aws:secretsmanager:REGION:ACCOUNT:secret:other-AbCdEf"},
		{Action: "lambda:DeleteFunction", Resource: "arn:aws:lambda:REGION:ACCOUNT:function:other"},
		{Action: "rds:DeleteDBCluster", Resource: "arn:aws:rds:REGION:ACCOUNT:cluster:other"},
		{Action: "rds:DeleteDBCluster", Resource: "arn:aws:rds:REGION:ACCOUNT:cluster:DATABASE"},
		{Action: "rds:ModifyDBInstance", Resource: "arn:aws:rds:REGION:ACCOUNT:db:DATABASE"},
		{Action: "secretsmanager:DeleteSecret", Resource: "arn:aws:secretsmanager:REGION:ACCOUNT:secret:ADMINSECRET-AbCdEf"},
		{Action: "secretsmanager:PutSecretValue", Resource: "arn:aws:secretsmanager:REGION:ACCOUNT:secret:ADMINSECRET-AbCdEf"},
		{Action: "elasticloadbalancing:DeleteLoadBalancer", Resource: "arn:aws:elasticloadbalancing:REGION:ACCOUNT:loadbalancer/net/other/1"},
		{Action: "lambda:DeleteLayerVersion", Resource: "arn:aws:lambda:REGION:ACCOUNT:layer:other:1"},
		{Action: "sqs:DeleteQueue", Resource: "arn:aws:sqs:REGION:ACCOUNT:other"},
		{Action: "logs:DeleteLogGroup", Resource: "arn:aws:logs:REGION:ACCOUNT:log-group:/aws/lambda/other"},
		{Action: "ec2:DeleteVpc", Resource: "arn:aws:ec2:us-west-2:ACCOUNT:vpc/vpc-1"},
	} {
		if policy.Allows(need) {
			t.Errorf("%s on %s is allowed", need.Action, need.Resource)
		}
	}
	for _, s := range policy.Statement {
		for _, action := range s.Action {
			if strings.Contains(action, "*") {
				t.Errorf("%s is allowed", action)
			}
		}
		if slices.Contains(s.Resource, "*") && (s.Sid != "WithoutResources" || len(s.Resource) > 1) {
			t.Errorf("%v are allowed on everything", s.Action)
		}
	}
}

func TestNamesAndIDsAreWrittenByPlaceholders(t *testing.T) {
	life := deployer.Life{Account: "123456789012", Region: "us-east-1", Prefix: "team-a-", Path: "/teams/", Database: "orders",
		AdminSecret: "arn:aws:secretsmanager:us-east-1:123456789012:secret:orders/admin-AbCdEf"}
	for resource, want := range map[string]string{
		"*": "*",
		"arn:aws:lambda:us-east-1:123456789012:function:team-a-scheduled-messages-dev-1-sender": "arn:aws:lambda:REGION:ACCOUNT:function:PREFIX*",
		"arn:aws:iam::123456789012:role/teams/team-a-sender-role":                               "arn:aws:iam::ACCOUNT:role/PATH/PREFIX*",
		"arn:aws:iam::123456789012:role/team-a-sender-role":                                     "arn:aws:iam::ACCOUNT:role/PATH/PREFIX*",
		"arn:aws:logs:us-east-1:123456789012:log-group:/aws/vpc/team-a-x":                       "arn:aws:logs:REGION:ACCOUNT:log-group:/aws/vpc/PREFIX*",
		"arn:aws:kms:us-east-1:123456789012:key/1234abcd":                                       "arn:aws:kms:REGION:ACCOUNT:key/*",
		"arn:aws:rds:us-east-1:123456789012:db-proxy:prx-8yl7nws6gqrhrwqcu":                     "arn:aws:rds:REGION:ACCOUNT:db-proxy:*",
		"arn:aws:rds:us-east-1:123456789012:cluster:orders":                                     "arn:aws:rds:REGION:ACCOUNT:cluster:DATABASE",
		"arn:aws:ssm:us-east-1::parameter/aws/service/extension/x86/latest":                     "arn:aws:ssm:REGION::parameter/aws/service/extension/*",
		"arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:12": "arn:aws:lambda:REGION:*:" +
			"layer:AWS-Parameters-and-Secrets-Lambda-Extension*",
		life.AdminSecret: "arn:aws:secretsmanager:REGION:ACCOUNT:secret:ADMINSECRET-*",
	} {
		got := life.Placeholders([]authorization.Need{{Action: "a", Resource: resource}})
		if got[0].Resource != want {
			t.Errorf("%s: %s, want %s", resource, got[0].Resource, want)
		}
	}
}
