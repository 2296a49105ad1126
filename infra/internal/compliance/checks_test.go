package compliance_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"scheduled-messages/infra/internal/audit"
	"scheduled-messages/infra/internal/compliance"
)

// made is a resource by type and name, with its inputs and what they refer to.
func made(kind, name string, inputs map[string]any, references map[string][]string) audit.Resource {
	return audit.Resource{Type: kind, Name: name, Inputs: resource.NewPropertyMapFromMap(inputs), References: references}
}

func TestChecksOfOurOwnFailWhatTheyAreFor(t *testing.T) {
	const role, table = "aws:iam/role:Role::r", "aws:ec2/routeTable:RouteTable"
	document := func(statement string) map[string]any {
		return map[string]any{"policy": `{"Statement":[` + statement + `]}`}
	}
	rolePolicy := func(statement string) audit.Resource {
		return made("aws:iam/rolePolicy:RolePolicy", "p", document(statement), map[string][]string{"role": {role}})
	}
	function := func(name string) audit.Resource {
		return made("aws:lambda/function:Function", name, nil, map[string][]string{"role": {role}})
	}
	group := made("aws:rds/subnetGroup:SubnetGroup", "g", nil, map[string][]string{"subnetIds": {"aws:ec2/subnet:Subnet::s"}})
	subnet := made("aws:ec2/subnet:Subnet", "s", nil, nil)
	associated := made("aws:ec2/routeTableAssociation:RouteTableAssociation", "a", nil,
		map[string][]string{"subnetId": {"aws:ec2/subnet:Subnet::s"}, "routeTableId": {table + "::t"}})
	route := func(key, to string) audit.Resource {
		return made("aws:ec2/route:Route", "r", map[string]any{key: to}, map[string][]string{"routeTableId": {table + "::t"}})
	}
	permission := func(name, principal string) audit.Resource {
		return made("aws:lambda/permission:Permission", name, map[string]any{"function": "f", "principal": principal}, nil)
	}
	ingress := func(cidr string) audit.Resource {
		return made("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "i", map[string]any{"cidrIpv4": cidr}, nil)
	}
	parameters := func(value string) audit.Resource {
		return made("p", "p", map[string]any{"parameters": []any{map[string]any{"name": "server_audit_events", "value": value}}}, nil)
	}
	for _, test := range []struct {
		rule, name string
		want       audit.Outcome
		all        []audit.Resource // the first is judged
	}{
		{"RDS.46", "no route out", audit.Pass, []audit.Resource{group, subnet, associated, made(table, "t", nil, nil)}},
		{"RDS.46", "a route out", audit.Fail, []audit.Resource{group, subnet, associated, made(table, "t", nil, nil), route("destinationCidrBlock", "0.0.0.0/0")}},
		{"RDS.46", "an IPv6 route out", audit.Fail, []audit.Resource{group, subnet, associated, made(table, "t", nil, nil), route("destinationIpv6CidrBlock", "::/0")}},
		{"RDS.46", "routes inside the table", audit.Fail, []audit.Resource{group, subnet, associated, made(table, "t", map[string]any{"routes": []any{"x"}}, nil)}},
		{"RDS.46", "the VPC's main table", audit.Fail, []audit.Resource{group, subnet, made(table, "t", nil, nil)}},
		{"RDS.46", "no subnets", audit.Fail, []audit.Resource{made("g", "g", nil, nil)}},
		{"prowler:ec2_securitygroup_allow_wide_open_public_ipv4", "an office", audit.Pass, []audit.Resource{ingress("203.0.113.0/24")}},
		{"prowler:ec2_securitygroup_allow_wide_open_public_ipv4", "a provider", audit.Fail, []audit.Resource{ingress("203.0.0.0/16")}},
		{"RDS.45 server_audit_events", "none", audit.Fail, []audit.Resource{parameters("")}},
		{"RDS.45 server_audit_events", "one", audit.Pass, []audit.Resource{parameters("CONNECT")}},
		{"serverless-rules:WS1002", "two principals", audit.Fail, []audit.Resource{permission("a", "sns.amazonaws.com"), permission("b", "sqs.amazonaws.com")}},
		{"serverless-rules:WS1002", "one principal", audit.Pass, []audit.Resource{permission("a", "sns.amazonaws.com"), permission("b", "sns.amazonaws.com")}},
		{"kics:1b3af2f9-af8c-4dfc-a0f1-a03adb70deb2", "its own role", audit.Pass, []audit.Resource{function("a"), rolePolicy(`{"Effect":"Allow","Action":"sqs:SendMessage"}`)}},
		{"kics:1b3af2f9-af8c-4dfc-a0f1-a03adb70deb2", "another's role", audit.Fail, []audit.Resource{function("a"), function("b")}},
		{"kics:1b3af2f9-af8c-4dfc-a0f1-a03adb70deb2", "a wildcard", audit.Fail, []audit.Resource{function("a"), rolePolicy(`{"Effect":"Allow","Action":"sqs:Send*"}`)}},
		{"CKV_AWS_385", "an account without a condition", audit.Fail, []audit.Resource{made("t", "t", document(`{"Effect":"Allow","Principal":{"AWS":"111122223333"}}`), nil)}},
		{"CKV_AWS_385", "a service", audit.Pass, []audit.Resource{made("t", "t", document(`{"Effect":"Allow","Principal":{"Service":"x.amazonaws.com"}}`), nil)}},
		{"CKV_AWS_286 RolePolicy.policy", "code of others", audit.Fail, []audit.Resource{rolePolicy(`{"Effect":"Allow","Action":"lambda:Update*","Resource":"*"}`)}},
		{"CKV_AWS_286 RolePolicy.policy", "any role", audit.Fail, []audit.Resource{rolePolicy(`{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"x"}}}`)}},
		{"CKV_AWS_286 RolePolicy.policy", "to any service", audit.Fail, []audit.Resource{rolePolicy(`{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:r"}`)}},
		{"CKV_AWS_286 RolePolicy.policy", "one role to one service", audit.Pass, []audit.Resource{rolePolicy(`{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:r","Condition":{"StringEquals":{"iam:PassedToService":"x"}}}`)}},
		{"CKV_AWS_286 RolePolicy.policy", "all but", audit.Fail, []audit.Resource{rolePolicy(`{"Effect":"Allow","NotAction":"x:Y","Resource":"*"}`)}},
		{"CKV_AWS_286 RolePolicy.policy", "no policy at all", audit.Fail, []audit.Resource{made("p", "p", map[string]any{"policy": "x"}, nil)}},
	} {
		if got := compliance.Custom[test.rule].Check(test.all[0], test.all); got != test.want {
			t.Errorf("%s: %s: %v, want %v", test.rule, test.name, got, test.want)
		}
	}
}
