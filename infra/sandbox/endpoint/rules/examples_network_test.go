package rules

import (
	"encoding/base64"
)

// networkExamples are of EC2, Elastic Load Balancing and Auto Scaling.
var networkExamples = []example{
	{"ec2", "CreateSecurityGroup", "Description", values("RDS Proxy & its pool", long(255)), values("clients' connections", "groß", long(256))},
	{"ec2", "CreateSecurityGroup", "GroupName", values("proxy-1"), values("sg-proxy", "SG-proxy", "it's", long(256))},
	{"ec2", "AuthorizeSecurityGroupIngress", "IpPermissions.*.IpRanges.*.Description", values("offices & more"), values("clients' connections")},
	{"ec2", "AuthorizeSecurityGroupEgress", "IpPermissions.*.Ipv6Ranges.*.Description", values("offices & more"), values("clients' connections")},
	{"ec2", "AuthorizeSecurityGroupEgress", "IpPermissions.*.UserIdGroupPairs.*.Description", values("connections of clients"), values("clients' connections", "this & that", long(256))},
	{"ec2", "AuthorizeSecurityGroupEgress", "IpPermissions.*.PrefixListIds.*.Description", values("packages of Amazon Linux, in S3"), values("Amazon Linux's packages, in S3", "this & that")},
	{"ec2", "UpdateSecurityGroupRuleDescriptionsIngress", "SecurityGroupRuleDescriptions.*.Description", values("health"), values("it's")},
	{"ec2", "ModifySecurityGroupRules", "SecurityGroupRules.*.SecurityGroupRule.Description", values("health"), values("it's")},
	{"ec2", "AuthorizeSecurityGroupIngress", "IpPermissions.*.FromPort", values(int64(0), int64(-1), int64(65535)), values(int64(65536), int64(-2))},
	{"ec2", "AuthorizeSecurityGroupIngress", "IpPermissions.*.ToPort", values(int64(3306)), values(int64(65536))},
	{"ec2", "AuthorizeSecurityGroupIngress", "IpPermissions.*",
		values(in("IpProtocol", "tcp", "FromPort", int64(1), "ToPort", int64(1)), in("IpProtocol", "-1")),
		values(in("IpProtocol", "tcp", "FromPort", int64(2), "ToPort", int64(1)), in("IpProtocol", "udp", "FromPort", int64(2)))},
	{"ec2", "CreateLaunchTemplate", "LaunchTemplateData.UserData", values(base64.StdEncoding.EncodeToString(make([]byte, 16384))),
		values("#!/bin/sh", base64.StdEncoding.EncodeToString(make([]byte, 16385)))},
	{"ec2", "RunInstances", "UserData", values("IyEvYmluL3No"), values("#!/bin/sh")},
	{"ec2", "CreateFlowLogs", "MaxAggregationInterval", values(int64(60), int64(600)), values(int64(61))},
	{"ec2", "CreateLaunchTemplateVersion", "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit", values(int64(1), int64(64)), values(int64(0), int64(65))},
	{"ec2", "CreateVpcEndpoint", "PolicyDocument", values(`{"Statement":[]}`), values("allow")},
	{"elbv2", "CreateLoadBalancer", "Name", values("external-network", long(32)), values("internal-network", "-a", "a-", "a_b", long(33))},
	{"elbv2", "CreateLoadBalancer", "", values(in("Subnets", values("subnet-1"))), values(in(), in("Subnets", []any{}, "SubnetMappings", []any{}))},
	{"elbv2", "CreateTargetGroup", "Name", values(long(32)), values("a_b", long(33))},
	{"elbv2", "CreateTargetGroup", "", values(in("HealthCheckTimeoutSeconds", int64(5), "HealthCheckIntervalSeconds", int64(10))),
		values(in("HealthCheckTimeoutSeconds", int64(10), "HealthCheckIntervalSeconds", int64(10)))},
	{"elbv2", "ModifyListenerAttributes", "Attributes.*", values(in("Key", "tcp.idle_timeout.seconds", "Value", "6000"), in("Key", "other", "Value", "x")),
		values(in("Key", "tcp.idle_timeout.seconds", "Value", "6001"))},
	{"elbv2", "ModifyTargetGroupAttributes", "Attributes.*", values(in("Key", "deregistration_delay.timeout_seconds", "Value", "300")),
		values(in("Key", "deregistration_delay.timeout_seconds", "Value", "3601"))},
	{"elb", "CreateLoadBalancer", "LoadBalancerName", values("external-classic"), values("a_b", long(33))},
	{"elb", "ConfigureHealthCheck", "HealthCheck.Target", values("HTTP:8404/health", "TCP:3306"), values("HTTP:8404", "3306")},
	{"elb", "ConfigureHealthCheck", "HealthCheck", values(in("Timeout", int64(5), "Interval", int64(10))), values(in("Timeout", int64(10), "Interval", int64(10)))},
	{"autoscaling", "CreateAutoScalingGroup", "AutoScalingGroupName", values("haproxy"), values("ha:proxy")},
	{"autoscaling", "CreateAutoScalingGroup", "HealthCheckType", values("ELB", "EC2,ELB"), values("HTTP")},
	{"autoscaling", "UpdateAutoScalingGroup", "", values(in("MinSize", int64(1), "MaxSize", int64(2), "DesiredCapacity", int64(2))),
		values(in("MinSize", int64(2), "MaxSize", int64(1)), in("MinSize", int64(1), "MaxSize", int64(2), "DesiredCapacity", int64(3)))},
}
