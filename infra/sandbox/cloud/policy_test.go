package cloud

import (
	"net/url"
	"testing"
)

// senders is a policy of the shape that the program writes.
const senders = `{"Version": "2012-10-17", "Statement": [
	{"Effect": "Allow", "Action": ["lambda:InvokeFunction"], "Resource": ["arn:aws:lambda:us-east-1:1:function:updater"]},
	{"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "arn:aws:logs:us-east-1:1:log-group:/aws/lambda/f:*"},
	{"Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": ["key"], "Condition": {"StringEquals": {"kms:ViaService": "sqs.us-east-1.amazonaws.com"}}},
	{"Effect": "Allow", "Action": ["sns:Publish"], "Resource": ["*"], "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
	{"Effect": "Allow", "Action": ["ec2:*"], "Resource": ["*"]},
	{"Effect": "Deny", "Action": ["ec2:Delete*"], "Resource": ["*"]},
	{"Effect": "Deny", "Action": ["ec2:Create*"], "Resource": ["*"], "Condition": {"ArnLike": {"lambda:SourceFunctionArn": "arn:aws:lambda:*"}}}]}`

const schedulers = `{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "scheduler.amazonaws.com"},
	"Condition": {"StringEquals": {"aws:SourceAccount": "1", "aws:SourceArn": "arn:aws:scheduler:us-east-1:1:schedule-group/g"}}}]}`

func TestAPolicyAllowsWhatItSaysAndNothingElse(t *testing.T) {
	policy, err := parsePolicy(url.PathEscape(senders))
	if err != nil {
		t.Fatal(err)
	}
	via := func(service string) map[string]string {
		return map[string]string{"kms:ViaService": service + ".us-east-1.amazonaws.com"}
	}
	for _, test := range []struct {
		action, resource string
		conditions       map[string]string
		want             bool
	}{
		{"lambda:InvokeFunction", "arn:aws:lambda:us-east-1:1:function:updater", nil, true},
		{"lambda:InvokeFunction", "arn:aws:lambda:us-east-1:1:function:updater2", nil, false},
		{"lambda:DeleteFunction", "arn:aws:lambda:us-east-1:1:function:updater", nil, false},
		{"logs:PutLogEvents", "arn:aws:logs:us-east-1:1:log-group:/aws/lambda/f:log-stream:a/b", nil, true}, // * goes over / and :
		{"kms:Decrypt", "key", via("sqs"), true},
		{"kms:Decrypt", "key", via("secretsmanager"), false},
		{"kms:Decrypt", "key", nil, false},
		{"sns:Publish", "any", map[string]string{"aws:SecureTransport": "true"}, false}, // an operator that is not known
		{"ec2:DescribeSubnets", "any", nil, true},
		{"ec2:DeleteNetworkInterface", "any", nil, false}, // denied
		{"ec2:CreateNetworkInterface", "any", nil, true},  // denied to others only
		{"ec2:CreateNetworkInterface", "any", map[string]string{"lambda:SourceFunctionArn": "arn:aws:lambda:x"}, false},
	} {
		role := Role{Policies: []Policy{policy}}
		if got := role.Allows(test.action, test.resource, test.conditions); got != test.want {
			t.Errorf("%s on %s with %v: got %v", test.action, test.resource, test.conditions, got)
		}
	}
}

func TestARoleIsTrustedToItsServiceAndSourceOnly(t *testing.T) {
	trust, err := parsePolicy(url.PathEscape(schedulers))
	if err != nil {
		t.Fatal(err)
	}
	role := Role{Trust: trust}
	source := map[string]string{"aws:SourceAccount": "1", "aws:SourceArn": "arn:aws:scheduler:us-east-1:1:schedule-group/g"}
	other := map[string]string{"aws:SourceAccount": "1", "aws:SourceArn": "arn:aws:scheduler:us-east-1:1:schedule/g/s"}
	for _, test := range []struct {
		service    string
		conditions map[string]string
		want       bool
	}{
		{"scheduler.amazonaws.com", source, true},
		{"scheduler.amazonaws.com", other, false}, // a schedule's own ARN is not what Scheduler presents
		{"scheduler.amazonaws.com", nil, false},
		{"lambda.amazonaws.com", source, false},
	} {
		if got := role.TrustedBy(test.service, test.conditions); got != test.want {
			t.Errorf("%s from %v: got %v", test.service, test.conditions, got)
		}
	}
	if (Role{}).TrustedBy("scheduler.amazonaws.com", source) || (Role{}).Allows("a:b", "c", nil) {
		t.Error("no policy allows something")
	}
}

func TestAScheduleTellsItsGroupsARN(t *testing.T) {
	s := Schedule{Name: "m", ARN: "arn:aws:scheduler:us-east-1:1:schedule/g/m"}
	if got := s.GroupARN(); got != "arn:aws:scheduler:us-east-1:1:schedule-group/g" {
		t.Errorf("got %s", got)
	}
}
