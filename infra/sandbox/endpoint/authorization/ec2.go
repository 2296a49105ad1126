package authorization

import (
	"slices"
	"strings"
)

// kinds are EC2's resource types by what ids begin with.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
var kinds = map[string]string{
	"vpc": "vpc", "subnet": "subnet", "sg": "security-group", "sgr": "security-group-rule", "rtb": "route-table",
	"igw": "internet-gateway", "eipalloc": "elastic-ip", "eni": "network-interface", "vpce": "vpc-endpoint", "fl": "vpc-flow-log",
	"lt": "launch-template", "i": "instance", "vol": "volume",
}

// made are the types of what operations make.
var made = map[string]string{
	"CreateVpc": "vpc", "CreateSubnet": "subnet", "CreateSecurityGroup": "security-group", "CreateRouteTable": "route-table",
	"CreateInternetGateway": "internet-gateway", "AllocateAddress": "elastic-ip", "CreateNetworkInterface": "network-interface",
	"CreateVpcEndpoint": "vpc-endpoint", "CreateFlowLogs": "vpc-flow-log", "CreateLaunchTemplate": "launch-template",
	"AuthorizeSecurityGroupIngress": "security-group-rule", "AuthorizeSecurityGroupEgress": "security-group-rule",
}

// ec2Resources are the types of what a request makes and names. Ids come from AWS, so that no policy can know them.
func ec2Resources(operation string, input map[string]any, at Place) (all []string) {
	types := []string{}
	if kind := made[operation]; kind != "" {
		types = append(types, kind)
	}
	for _, id := range texts(input) {
		prefix, _, _ := strings.Cut(id, "-")
		if kind := kinds[prefix]; kind != "" && id != prefix {
			types = append(types, kind)
		}
	}
	slices.Sort(types)
	for _, kind := range slices.Compact(types) {
		all = append(all, at.arn("ec2", kind+"/*"))
	}
	return all
}
