package authorization

import (
	"slices"
	"strings"

	"scheduled-messages/infra/sandbox/endpoint/wire"
)

// Need is an action that the caller's policy has to allow on a resource.
type Need struct {
	Action   string // as in a policy, such as lambda:CreateFunction
	Resource string // an ARN; "*" where AWS knows no resource of the action or the request names none
}

// Compare orders needs by action and resource.
func (n Need) Compare(other Need) int {
	return strings.Compare(n.Action+" "+n.Resource, other.Action+" "+other.Resource)
}

// Place is where a request is made.
type Place struct{ Partition, Region, Account string }

func (p Place) arn(service, resource string) string {
	return "arn:" + p.Partition + ":" + service + ":" + p.Region + ":" + p.Account + ":" + resource
}

// global is the ARN of a resource of IAM.
func (p Place) global(resource string) string {
	return "arn:" + p.Partition + ":iam::" + p.Account + ":" + resource
}

// prefixes are the services whose actions are not called as botocore calls the service.
var prefixes = map[string]string{"elb": "elasticloadbalancing", "elbv2": "elasticloadbalancing"}

// renamed are actions that are not called as the operation is.
var renamed = map[string]string{"lambda:Invoke": "lambda:InvokeFunction"}

// Of says what a request needs, without repetition.
func Of(call *wire.Call, at Place) (needs []Need) {
	if call.Service == nil || call.Operation == nil {
		return nil
	}
	service := call.Service.Name
	if prefix, ok := prefixes[service]; ok {
		service = prefix
	}
	action := service + ":" + call.Operation.Name
	if name, ok := renamed[action]; ok {
		action = name
	}
	add := func(action string, resources ...string) {
		for _, resource := range resources {
			if one := (Need{action, resource}); !slices.Contains(needs, one) {
				needs = append(needs, one)
			}
		}
	}
	resources := resourcesOf(service, call, at)
	if len(resources) > 0 && !unnamed(action) {
		add(action, resources...)
	} else if !free(action) {
		add(action, "*")
	}
	for _, more := range moreFor(action, resources, call.Input, at) {
		add(more.Action, more.Resource)
	}
	return needs
}

// free reports whether AWS lets everybody do it who has credentials.
func free(action string) bool { return action == "sts:GetCallerIdentity" }

// unnamed reports whether AWS knows no resource of an action, or asks for all of them where a request filters: a policy that
// names some refuses the entire list.
func unnamed(action string) bool {
	service, name, _ := strings.Cut(action, ":")
	switch service {
	case "ec2", "elasticloadbalancing", "autoscaling":
		return strings.HasPrefix(name, "Describe") || strings.HasPrefix(name, "Get")
	case "rds":
		return strings.HasPrefix(name, "Describe") || name == "CreateDBProxy"
	}
	return slices.Contains([]string{
		"cloudwatch:DescribeAlarms", "logs:DescribeLogGroups", "kms:CreateKey", "kms:ListKeys", "kms:ListAliases", "iam:ListRoles",
		"lambda:ListFunctions", "secretsmanager:ListSecrets", "sqs:ListQueues", "sns:ListTopics",
		"sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes", "sns:Unsubscribe",
	}, action)
}

// text is a member of an input.
func text(input map[string]any, name string) string {
	value, _ := input[name].(string)
	return value
}

// texts are all texts in a value, however deep.
func texts(value any) (all []string) {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		for _, one := range value {
			all = append(all, texts(one)...)
		}
	case map[string]any:
		for _, one := range value {
			all = append(all, texts(one)...)
		}
	}
	return all
}
