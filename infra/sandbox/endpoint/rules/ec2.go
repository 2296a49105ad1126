package rules

import (
	"encoding/base64"
	"fmt"
	"strings"
)

const (
	apiEC2 = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/"

	allowed          = " are strings less than 256 characters from the following set: a-zA-Z0-9. _-:/()#,@[]+=;{}!$*"
	rangeDescription = "Invalid rule description. Valid descriptions" + allowed + "&"
	ruleDescription  = "Invalid rule description. Valid descriptions" + allowed
	groupDescription = "Invalid security group description. Valid descriptions" + allowed + "&"
	groupName        = "Value ({value}) for parameter GroupName is invalid. Valid names" + allowed + "&"

	// described is what descriptions may hold: those of groups and address ranges an & too.
	described    = `[a-zA-Z0-9 ._\-:/()#,@\[\]+=;{}!$*]{0,255}`
	describedAnd = `[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}`

	ruleOperations = "AuthorizeSecurityGroup* RevokeSecurityGroup* UpdateSecurityGroupRuleDescriptions*"

	userDataLimit = 16 << 10
)

var ec2 = []Rule{
	{"ec2", "CreateSecurityGroup", "Description",
		matching(describedAnd, groupDescription), "", apiEC2 + "API_CreateSecurityGroup.html"},
	{"ec2", "CreateSecurityGroup", "GroupName",
		all(
			matching(describedAnd, groupName),
			not(`(?i)\Asg-`, "Value ({value}) for parameter GroupName is invalid. Group names may not be in the format sg-*."),
		),
		"", apiEC2 + "API_CreateSecurityGroup.html"},
	{"ec2", ruleOperations, "IpPermissions.*.IpRanges.*.Description",
		matching(describedAnd, rangeDescription), "", apiEC2 + "API_IpRange.html"},
	{"ec2", ruleOperations, "IpPermissions.*.Ipv6Ranges.*.Description",
		matching(describedAnd, rangeDescription), "", apiEC2 + "API_Ipv6Range.html"},
	{"ec2", ruleOperations, "IpPermissions.*.UserIdGroupPairs.*.Description",
		matching(described, ruleDescription), "", apiEC2 + "API_UserIdGroupPair.html"},
	{"ec2", ruleOperations, "IpPermissions.*.PrefixListIds.*.Description",
		matching(described, ruleDescription), "", apiEC2 + "API_PrefixListId.html"},
	{"ec2", ruleOperations, "SecurityGroupRuleDescriptions.*.Description",
		matching(described, ruleDescription), "", apiEC2 + "API_UserIdGroupPair.html"},
	{"ec2", "ModifySecurityGroupRules", "SecurityGroupRules.*.SecurityGroupRule.Description",
		matching(described, ruleDescription), "", apiEC2 + "API_UserIdGroupPair.html"},
	{"ec2", ruleOperations, "IpPermissions.*.FromPort", between(-1, 65535), "", apiEC2 + "API_IpPermission.html"},
	{"ec2", ruleOperations, "IpPermissions.*.ToPort", between(-1, 65535), "", apiEC2 + "API_IpPermission.html"},
	{"ec2", ruleOperations, "IpPermissions.*", portRange, "", apiEC2 + "API_IpPermission.html"},
	{"ec2", "CreateLaunchTemplate*", "LaunchTemplateData.UserData",
		userData, "InvalidUserData.Malformed", apiEC2 + "API_RequestLaunchTemplateData.html"},
	{"ec2", "RunInstances", "UserData", userData, "InvalidUserData.Malformed", apiEC2 + "API_RunInstances.html"},
	{"ec2", "CreateFlowLogs", "MaxAggregationInterval",
		oneOf(int64(60), int64(600)), "", apiEC2 + "API_CreateFlowLogs.html"},
	{"ec2", "CreateLaunchTemplate*", "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit",
		between(1, 64), "", apiEC2 + "API_LaunchTemplateInstanceMetadataOptionsRequest.html"},
	{"ec2", "CreateVpcEndpoint ModifyVpcEndpoint", "PolicyDocument",
		wellFormed("Policy document is malformed"), "InvalidPolicyDocument", apiEC2 + "API_CreateVpcEndpoint.html"},
}

func portRange(value any) string {
	permission, _ := value.(map[string]any)
	protocol, _ := permission["IpProtocol"].(string)
	from, given := permission["FromPort"].(int64)
	to, both := permission["ToPort"].(int64)
	transport := strings.EqualFold(protocol, "tcp") || strings.EqualFold(protocol, "udp") || protocol == "6" || protocol == "17"
	if transport && (!given || !both) {
		return "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange."
	}
	if transport && from > to {
		return fmt.Sprintf("Invalid TCP/UDP port range (%d:%d)", from, to)
	}
	return ""
}

// userData is base64 of at most 16 KB.
func userData(value any) string {
	text, ok := value.(string)
	if !ok {
		return ""
	}
	content, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return "Invalid BASE64 encoding of user data."
	}
	if len(content) > userDataLimit {
		return fmt.Sprintf("User data is limited to %d bytes", userDataLimit)
	}
	return ""
}
