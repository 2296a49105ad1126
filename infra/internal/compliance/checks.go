// Package compliance judges the program by the rules that scanners look for, and holds the reasons where we do otherwise.
package compliance

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"scheduled-messages/infra/internal/audit"
)

// referring are the resources of a type that refer to one by an input.
func referring(to audit.Resource, kind, input string, all []audit.Resource) (found []audit.Resource) {
	for _, r := range all {
		if r.Type == kind && slices.Contains(r.References[input], to.Type+"::"+to.Name) {
			found = append(found, r)
		}
	}
	return found
}

func input(r audit.Resource, name string) string {
	if v := r.Inputs[resource.PropertyKey(name)]; v.IsString() {
		return v.StringValue()
	}
	return ""
}

// without is whether no statement of a policy is bad.
func without(bad func(audit.Statement) bool, policy audit.Resource) audit.Outcome {
	if policy.Inputs["policy"].ContainsUnknowns() {
		return audit.Unknown
	}
	statements, err := audit.Statements(input(policy, "policy"))
	return passes(err == nil && !slices.ContainsFunc(statements, bad))
}

func passes(holds bool) audit.Outcome {
	if holds {
		return audit.Pass
	}
	return audit.Fail
}

func noWayToTheInternet(group audit.Resource, all []audit.Resource) audit.Outcome {
	subnets := group.References["subnetIds"]
	for _, subnet := range all {
		if !slices.Contains(subnets, subnet.Type+"::"+subnet.Name) {
			continue
		}
		associations := referring(subnet, "aws:ec2/routeTableAssociation:RouteTableAssociation", "subnetId", all)
		if len(associations) != 1 { // without one, AWS takes the VPC's main table
			return audit.Fail
		}
		for _, table := range all {
			if slices.Contains(associations[0].References["routeTableId"], table.Type+"::"+table.Name) && leadsOut(table, all) {
				return audit.Fail
			}
		}
	}
	return passes(len(subnets) > 0)
}

func leadsOut(table audit.Resource, all []audit.Resource) bool {
	if inline, ok := table.Inputs["routes"]; ok && !(inline.IsArray() && len(inline.ArrayValue()) == 0) {
		return true
	}
	return slices.ContainsFunc(referring(table, "aws:ec2/route:Route", "routeTableId", all), func(route audit.Resource) bool {
		return input(route, "destinationCidrBlock") == "0.0.0.0/0" || input(route, "destinationIpv6CidrBlock") == "::/0"
	})
}

func narrow(rule audit.Resource, _ []audit.Resource) audit.Outcome {
	if input(rule, "cidrIpv4") == "" {
		return audit.Pass
	}
	prefix, err := netip.ParsePrefix(input(rule, "cidrIpv4"))
	return passes(err == nil && (prefix.Addr().IsPrivate() || prefix.Bits() >= 24))
}

func auditsEvents(group audit.Resource, _ []audit.Resource) audit.Outcome {
	return passes(slices.ContainsFunc(group.Inputs["parameters"].ArrayValue(), func(p resource.PropertyValue) bool {
		return p.ObjectValue()["name"].StringValue() == "server_audit_events" && p.ObjectValue()["value"].StringValue() != ""
	}))
}

func oneTrigger(permission audit.Resource, all []audit.Resource) audit.Outcome {
	return passes(!slices.ContainsFunc(all, func(other audit.Resource) bool {
		return other.Type == permission.Type && slices.Equal(other.References["function"], permission.References["function"]) &&
			input(other, "function") == input(permission, "function") && input(other, "principal") != input(permission, "principal")
	}))
}

func roleOfItsOwn(function audit.Resource, all []audit.Resource) audit.Outcome {
	roles := function.References["role"]
	if len(roles) != 1 {
		return audit.Fail
	}
	wildcard := func(s audit.Statement) bool {
		return s.Effect == "Allow" && slices.ContainsFunc(s.Action, func(a string) bool { return strings.Contains(a, "*") })
	}
	worst := audit.Pass
	for _, r := range all {
		if r.Name == function.Name && r.Type == function.Type || !slices.Contains(r.References["role"], roles[0]) {
			continue
		}
		switch r.Type {
		case function.Type, "aws:iam/rolePolicyAttachment:RolePolicyAttachment":
			return audit.Fail
		case "aws:iam/rolePolicy:RolePolicy":
			worst = max(worst, without(wildcard, r))
		}
	}
	return worst
}

func noOtherAccount(policy audit.Resource, _ []audit.Resource) audit.Outcome {
	return without(func(s audit.Statement) bool {
		kinds, _ := s.Principal.(map[string]any)
		return s.Effect == "Allow" && len(s.Condition) == 0 && (s.Anyone() || kinds["AWS"] != nil)
	}, policy)
}

// escalations are the actions that by themselves, or with PassRole, get their owner further rights.
// https://github.com/salesforce/cloudsplaining (privilege escalation)
var escalations = []string{
	"iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:AttachRolePolicy", "iam:AttachUserPolicy", "iam:CreateAccessKey",
	"iam:CreateLoginProfile", "iam:CreatePolicyVersion", "iam:PutGroupPolicy", "iam:PutRolePolicy", "iam:PutUserPolicy",
	"iam:SetDefaultPolicyVersion", "iam:UpdateAssumeRolePolicy", "iam:UpdateLoginProfile", "sts:AssumeRole",
	"cloudformation:CreateStack", "codestar:CreateProject", "datapipeline:CreatePipeline", "ec2:RunInstances",
	"glue:CreateDevEndpoint", "glue:UpdateDevEndpoint", "lambda:AddPermission", "lambda:CreateEventSourceMapping",
	"lambda:CreateFunction", "lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration", "sagemaker:CreateNotebookInstance",
}

func noEscalation(policy audit.Resource, _ []audit.Resource) audit.Outcome {
	return without(func(s audit.Statement) bool {
		if s.Effect == "Allow" && len(s.Action) == 0 { // NotAction
			return true
		}
		passesAny := s.Allows("iam:PassRole") && (slices.ContainsFunc(s.Resource, func(r string) bool { return strings.Contains(r, "*") }) ||
			len(s.Condition["StringEquals"]["iam:PassedToService"]) != 1)
		return passesAny || slices.ContainsFunc(escalations, s.Allows)
	}, policy)
}
