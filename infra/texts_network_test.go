package infra

import "maps"

// sent are the texts of all resource types: what a type of the program sends must stand here.
var sent = func() map[string]texts {
	all := map[string]texts{}
	for _, some := range []map[string]texts{networkTexts, externalTexts, databaseTexts, deliveryTexts, monitoringTexts} {
		maps.Copy(all, some)
	}
	return all
}()

// ec2Text is what EC2 takes in descriptions of security groups; in those of rules no &.
const ec2Text = `[a-zA-Z0-9 ._\-:/()#,@\[\]+=;{}!$*]{1,255}`

var (
	// Tags as the strictest services take them: RDS, IAM and CloudWatch Logs.
	// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
	tagKey   = form{pattern: `(?i:[^aA]|a[^wW]|aw[^sS]|aws[^:])[\p{L}\p{Z}\p{N}_.:/=+\-@]*`, most: 127} // 127 in EC2
	tagValue = form{pattern: `[\p{L}\p{Z}\p{N}_.:/=+\-@]*`, most: 255}

	zone   = form{pattern: `[a-z]{2,}(-[a-z]+)+-\d[a-z]`}
	range4 = form{pattern: `[0-9.]+/\d+`}
)

// policyForm is a policy document of at most so many characters.
func policyForm(most int) form {
	return form{pattern: `[\t\n\r\x{20}-\x{FF}]+`, most: most, check: isJSON}
}

var networkTexts = map[string]texts{
	"ec2/vpc:Vpc": {
		page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Tag.html",
		forms: map[string]form{
			"cidrBlock": range4,
		},
	},
	"ec2/subnet:Subnet": {
		page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Tag.html",
		forms: map[string]form{
			"cidrBlock":        range4,
			"availabilityZone": zone,
		},
	},
	"ec2/defaultSecurityGroup:DefaultSecurityGroup": {page: "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html"},
	"ec2/internetGateway:InternetGateway":           {page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateInternetGateway.html"},
	"ec2/routeTable:RouteTable":                     {page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRouteTable.html"},
	"ec2/routeTableAssociation:RouteTableAssociation": {
		page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateRouteTable.html"},
	"ec2/route:Route": {
		page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html",
		forms: map[string]form{
			"destinationCidrBlock": range4,
		},
	},
	"ec2/securityGroup:SecurityGroup": {page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
		named: "name", forms: map[string]form{
			"description": {pattern: ec2Text}, // is & allowed here and not in rules: one pattern for both
			"name":        {pattern: `([^s]|s[^g]|sg[^-])[a-zA-Z0-9 ._\-:/()#,@\[\]+=;{}!$*]*`, most: 255},
		},
	},
	"vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
		page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UserIdGroupPair.html",
		forms: map[string]form{
			"description": {pattern: ec2Text},
			"ipProtocol":  {pattern: "tcp"},
		},
	},
	"vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
		page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html",
		forms: map[string]form{
			"description": {pattern: ec2Text},
			"ipProtocol":  {pattern: "tcp"},
			"cidrIpv4":    range4,
		},
	},
	"ec2/flowLog:FlowLog": {
		page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html",
		forms: map[string]form{
			"logDestination":     {pattern: `arn:.*`},
			"logDestinationType": {pattern: "cloud-watch-logs"},
			"trafficType":        {pattern: "REJECT"},
		},
	},
	"ec2/vpcEndpoint:VpcEndpoint": {
		page: "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html",
		forms: map[string]form{
			"policy":          policyForm(20480),
			"vpcEndpointType": {pattern: "Interface|Gateway"},
			"serviceName":     {pattern: `com\.amazonaws\.[a-z0-9-]+\.(secretsmanager|s3|ssm|ssmmessages)`},
		},
	},
}
