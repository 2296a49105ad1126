package authorization

import (
	"maps"
	"slices"
	"strings"

	"scheduled-messages/infra/sandbox/endpoint/wire"
)

// named are the members of requests that name a resource, and what the ARN of it begins with after the account. What a list
// holds counts as if it stood alone.
var named = map[string]map[string]string{
	"rds": {
		"DBClusterIdentifier": "cluster:", "DBInstanceIdentifier": "db:", "DBSubnetGroupName": "subgrp:",
		"DBClusterParameterGroupName": "cluster-pg:", "DBParameterGroupName": "pg:", "SubscriptionName": "es:",
		"FinalDBSnapshotIdentifier": "cluster-snapshot:", "ResourceName": "",
		"DBClusterIdentifiers": "cluster:", "DBInstanceIdentifiers": "db:",
	},
	"lambda": {"FunctionName": "function:", "Resource": ""},
	"sns":    {"Name": "", "TopicArn": "", "SubscriptionArn": "", "ResourceArn": ""},
	"sqs":    {"QueueName": ""},
	"logs":   {"logGroupName": "log-group:", "resourceArn": ""},
	"secretsmanager": {
		"Name": "secret:", "SecretId": "secret:",
	},
	"kms":        {"KeyId": "key/"},
	"cloudwatch": {"AlarmName": "alarm:", "AlarmNames": "alarm:", "ResourceARN": ""},
	"scheduler":  {"ResourceArn": ""},
	"autoscaling": {
		"AutoScalingGroupName": "autoScalingGroup:*:autoScalingGroupName/",
	},
	"elasticloadbalancing": {
		"LoadBalancerName": "loadbalancer/", "LoadBalancerArn": "", "TargetGroupArn": "", "ListenerArn": "", "ResourceArns": "",
	},
}

// global are the members that name resources of IAM.
var global = map[string]string{
	"RoleName": "role/", "PolicyName": "policy/", "PolicyArn": "", "InstanceProfileName": "instance-profile/",
}

// proxied are the operations on RDS proxies and their target groups: AWS gives them ids that no policy can know before.
const proxied = "db-proxy:*"

// byDefault are RDS's own option and parameter groups, which operations take without naming them.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
var byDefault = map[string][]string{
	"CreateDBCluster": {"og:default*"}, "ModifyDBCluster": {"og:default*"}, "CreateDBInstance": {"og:default*", "pg:default*"},
}

// resourcesOf are the ARNs of what a request is about.
func resourcesOf(service string, call *wire.Call, at Place) (all []string) {
	input, operation := call.Input, call.Operation.Name
	switch service {
	case "ec2":
		return ec2Resources(operation, input, at)
	case "iam":
		return iamResources(operation, input, at)
	case "sqs":
		for _, url := range texts(input["QueueUrl"]) { // https://HOST/ACCOUNT/NAME
			return []string{at.arn("sqs", url[strings.LastIndexByte(url, '/')+1:])}
		}
	case "scheduler":
		if all := scheduled(operation, input, at); all != nil {
			return all
		}
	case "rds":
		if input["DBProxyName"] != nil {
			all = append(all, at.arn("rds", proxied))
			if input["TargetGroupName"] != nil {
				all = append(all, at.arn("rds", "target-group:*"))
			}
		}
		for _, group := range byDefault[operation] {
			all = append(all, at.arn("rds", group))
		}
	case "ssm":
		return parameters(at, texts(input["Name"])...)
	case "cloudwatch":
		for _, name := range append(texts(input["DashboardName"]), texts(input["DashboardNames"])...) {
			return []string{"arn:" + at.Partition + ":cloudwatch::" + at.Account + ":dashboard/" + name}
		}
	case "elasticloadbalancing":
		all = append(all, balancers(operation, input, at)...)
	}
	for _, member := range slices.Sorted(maps.Keys(named[service])) {
		for _, name := range texts(input[member]) {
			all = append(all, network(at.named(service, named[service][member], name)))
		}
	}
	return all
}

// named is the ARN of a resource that a request names so or by its ARN.
func (p Place) named(service, kind, name string) string {
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	return p.arn(service, kind+name)
}

// iamResources are roles, policies and instance profiles. An inline policy is its role's.
func iamResources(operation string, input map[string]any, at Place) (all []string) {
	for _, member := range []string{"RoleName", "PolicyArn", "InstanceProfileName", "PolicyName"} {
		name := text(input, member)
		if name == "" || member == "PolicyName" && operation != "CreatePolicy" {
			continue
		}
		if strings.HasPrefix(name, "arn:") {
			all = append(all, name)
		} else {
			all = append(all, at.global(global[member]+strings.TrimPrefix(text(input, "Path"), "/")+name))
		}
		if member == "InstanceProfileName" { // a role in it is passed, see moreFor
			return all[len(all)-1:]
		}
	}
	return all
}

// scheduled are schedules, GROUP/NAME, and their groups.
func scheduled(operation string, input map[string]any, at Place) []string {
	name, group := text(input, "Name"), text(input, "GroupName")
	switch {
	case name == "":
		return nil
	case strings.HasSuffix(operation, "ScheduleGroup"):
		return []string{at.arn("scheduler", "schedule-group/"+name)}
	}
	if group == "" {
		group = "default"
	}
	return []string{at.arn("scheduler", "schedule/"+group+"/"+name)}
}

// network is the ARN of a network load balancer or its listener: moto calls them application load balancers.
func network(arn string) string {
	return strings.NewReplacer(":loadbalancer/app/", ":loadbalancer/net/", ":listener/app/", ":listener/net/").Replace(arn)
}

// parameters are Systems Manager's. AWS's own, below /aws/service, are in no account.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
func parameters(at Place, names ...string) (all []string) {
	for _, name := range names {
		if strings.HasPrefix(name, "/aws/service/") {
			at.Account = ""
		}
		all = append(all, at.arn("ssm", "parameter"+name))
	}
	return all
}

// balancers are what a request makes: its ARN holds the kind.
func balancers(operation string, input map[string]any, at Place) []string {
	switch operation {
	case "CreateLoadBalancer":
		if name := text(input, "Name"); name != "" {
			return []string{at.arn("elasticloadbalancing", "loadbalancer/net/"+name+"/*")}
		}
	case "CreateTargetGroup":
		return []string{at.arn("elasticloadbalancing", "targetgroup/"+text(input, "Name")+"/*")}
	}
	return nil
}
