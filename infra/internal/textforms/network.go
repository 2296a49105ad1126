package textforms

import "maps"

// Sent are the texts of all resource types: what a type of the program sends must stand here.
var Sent = func() map[string]texts {
	all := map[string]texts{}
	for _, some := range []map[string]texts{networkTexts, externalTexts, databaseTexts, deliveryTexts, monitoringTexts} {
		maps.Copy(all, some)
	}
	return all
}()

// ec2Text is what EC2 takes in descriptions of security groups; in those of rules no &.
const ec2Text = `[a-zA-Z0-9 ._\-:/()#,@\[\]+=;{}!$*]{1,255}`

var (
	// TagKey is a tag's key as the strictest services take them: RDS, IAM and CloudWatch Logs.
	// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
	TagKey = Form{Pattern: `(?i:[^aA]|a[^wW]|aw[^sS]|aws[^:])[\p{L}\p{Z}\p{N}_.:/=+\-@]*`, most: 127} // 127 in EC2
	// TagValue is its value.
	TagValue = Form{Pattern: `[\p{L}\p{Z}\p{N}_.:/=+\-@]*`, most: 255}

	zone   = Form{Pattern: `[a-z]{2,}(-[a-z]+)+-\d[a-z]`}
	range4 = Form{Pattern: `[0-9.]+/\d+`}
)

// policyForm is a policy document of at most so many characters.
func policyForm(most int) Form {
	return Form{Pattern: `[\t\n\r\x{20}-\x{FF}]+`, most: most, check: isJSON}
}

var networkTexts = map[string]texts{
	"ec2/vpc:Vpc": {
		Page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Tag.html",
		Forms: map[string]Form{
			"cidrBlock": range4,
		},
	},
	"ec2/subnet:Subnet": {
		Page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Tag.html",
		Forms: map[string]Form{
			"cidrBlock":        range4,
			"availabilityZone": zone,
		},
	},
	"ec2/defaultSecurityGroup:DefaultSecurityGroup": {Page: "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html"},
	"ec2/internetGateway:InternetGateway":           {Page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateInternetGateway.html"},
	"ec2/routeTable:RouteTable":                     {Page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRouteTable.html"},
	"ec2/routeTableAssociation:RouteTableAssociation": {
		Page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateRouteTable.html"},
	"ec2/route:Route": {
		Page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html",
		Forms: map[string]Form{
			"destinationCidrBlock": range4,
		},
	},
	"ec2/securityGroup:SecurityGroup": {Page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
		Named: "name", Forms: map[string]Form{
			"description": {Pattern: ec2Text}, // is & allowed here and not in rules: one pattern for both
			"name":        {Pattern: `([^s]|s[^g]|sg[^-])[a-zA-Z0-9 ._\-:/()#,@\[\]+=;{}!$*]*`, most: 255},
		},
	},
	"vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
		Page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UserIdGroupPair.html",
		Forms: map[string]Form{
			"description": {Pattern: ec2Text},
			"ipProtocol":  {Pattern: "tcp"},
		},
	},
	"vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
		Page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html",
		Forms: map[string]Form{
			"description": {Pattern: ec2Text},
			"ipProtocol":  {Pattern: "tcp"},
			"cidrIpv4":    range4,
		},
	},
	"ec2/flowLog:FlowLog": {
		Page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html",
		Forms: map[string]Form{
			"logDestination":     {Pattern: `arn:.*`},
			"logDestinationType": {Pattern: "cloud-watch-logs"},
			"trafficType":        {Pattern: "REJECT"},
		},
	},
	"ec2/vpcEndpoint:VpcEndpoint": {
		Page: "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html",
		Forms: map[string]Form{
			"policy":          policyForm(20480),
			"vpcEndpointType": {Pattern: "Interface|Gateway"},
			"serviceName":     {Pattern: `com\.amazonaws\.[a-z0-9-]+\.(secretsmanager|s3|ssm|ssmmessages)`},
		},
	},
}
