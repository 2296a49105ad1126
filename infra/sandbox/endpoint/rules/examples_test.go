package rules

import (
	"encoding/base64"
	"strings"
	"time"
)

// example are values for a member of an operation's input that AWS accepts and that it refuses.
type example struct {
	service, operation, member string
	good, bad                  []any
}

func values(all ...any) []any { return all }

// long is a text of a number of characters.
func long(n int) string { return strings.Repeat("x", n) }

// in is an input or a structure of members and their values by turns.
func in(pairs ...any) map[string]any {
	members := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		members[pairs[i].(string)] = pairs[i+1]
	}
	return members
}

func several(n int) (all []any) {
	for range n {
		all = append(all, in())
	}
	return all
}

const aFunction = "arn:aws:lambda:us-east-1:123456789012:function:sender"

// statements is a policy of a number of characters without white space.
func statements(n int) string {
	const start, end = "{ \"Statement\": [\n\"", "\"] }"
	return start + long(n-len(`{"Statement":[""]}`)) + end
}

var examples = []example{
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
	{"ec2", "CreateVpcEndpoint", "PolicyDocument", values(`{"Statement":[]}`), values("allow")},

	{"rds", "CreateDBCluster", "DBClusterIdentifier", values("scheduled-messages-dev", long(63)), values("1st", "a--b", "a-", "a_b", "", long(64))},
	{"rds", "ModifyDBCluster", "NewDBClusterIdentifier", values("main"), values("main-")},
	{"rds", "CreateDBInstance", "DBInstanceIdentifier", values("writer"), values("the writer")},
	{"rds", "DeleteDBCluster", "FinalDBSnapshotIdentifier", values("final-1"), values("final--1")},
	{"rds", "DeleteDBCluster", "", values(in("SkipFinalSnapshot", true), in("SkipFinalSnapshot", false, "FinalDBSnapshotIdentifier", "final")),
		values(in("SkipFinalSnapshot", true, "FinalDBSnapshotIdentifier", "final"))},
	{"rds", "CreateDBClusterParameterGroup", "DBClusterParameterGroupName", values("dev-1a2b3c"), values("dev_1")},
	{"rds", "CreateDBCluster", "DatabaseName", values("messages", "my_db"), values("1st", "my-db", "", long(65))},
	{"rds", "CreateDBCluster", "MasterUsername", values("steward"), values("the_steward", "1st", long(17))},
	{"rds", "CreateDBCluster", "MasterUserPassword", values("Pass-word_of:app~1"), values("pass/word", "pass@word", `pass"word`, "pass word", "passwört", "short", long(42))},
	{"rds", "CreateDBCluster", "", values(in("ManageMasterUserPassword", true)), values(in("ManageMasterUserPassword", true, "MasterUserPassword", "secretsecret"))},
	{"rds", "ModifyDBCluster", "BackupRetentionPeriod", values(int64(1), int64(35)), values(int64(0), int64(36))},
	{"rds", "CreateDBCluster", "PreferredBackupWindow", values("03:00-04:00"), values("3-4", "03:00-24:00")},
	{"rds", "CreateDBInstance", "PreferredMaintenanceWindow", values("sun:04:00-sun:05:00", "Mon:00:00-Mon:00:30"), values("sunday", "sun:04:00")},
	{"rds", "CreateDBCluster", "ServerlessV2ScalingConfiguration",
		values(in("MinCapacity", 0.5, "MaxCapacity", 4.0), in("MinCapacity", 0.0, "MaxCapacity", 256.0, "SecondsUntilAutoPause", int64(300))),
		values(in("MinCapacity", 0.3), in("MaxCapacity", 0.5), in("MaxCapacity", 256.5), in("MinCapacity", 4.0, "MaxCapacity", 2.0),
			in("MinCapacity", 0.0, "SecondsUntilAutoPause", int64(299)), in("MinCapacity", 0.5, "SecondsUntilAutoPause", int64(300)))},
	{"rds", "CreateDBSubnetGroup", "DBSubnetGroupName", values("private.subnets 1_a"), values("Default", "1st", "a/b")},
	{"rds", "CreateDBProxy", "IdleClientTimeout", values(int64(1), int64(28800)), values(int64(0), int64(28801))},
	{"rds", "CreateDBProxy", "VpcSubnetIds", values(values("subnet-1", "subnet-2")), values(values("subnet-1"))},
	{"rds", "ModifyDBProxyTargetGroup", "ConnectionPoolConfig",
		values(in("MaxConnectionsPercent", int64(1), "MaxIdleConnectionsPercent", int64(0), "ConnectionBorrowTimeout", int64(300))),
		values(in("MaxConnectionsPercent", int64(0)), in("MaxConnectionsPercent", int64(101)), in("MaxIdleConnectionsPercent", int64(1)),
			in("MaxConnectionsPercent", int64(10), "MaxIdleConnectionsPercent", int64(11)), in("ConnectionBorrowTimeout", int64(301)))},
	{"rds", "CreateEventSubscription", "SubscriptionName", values("events"), values(long(255))},
	{"rds", "CreateEventSubscription", "SourceType", values("db-cluster"), values("cluster")},

	{"iam", "CreateRole", "AssumeRolePolicyDocument", values(statements(2048)), values("allow", statements(2049))},
	{"iam", "UpdateAssumeRolePolicy", "PolicyDocument", values(statements(2048)), values("allow", statements(2049))},
	{"iam", "PutRolePolicy", "PolicyDocument", values(statements(10240)), values("allow", statements(10241))},
	{"iam", "CreatePolicy", "PolicyDocument", values(statements(6144)), values("allow", statements(6145))},

	{"sqs", "CreateQueue", "QueueName", values("undelivered", "ordered.fifo", long(80)), values("a queue", "a.queue", long(81))},
	{"sqs", "CreateQueue", "Attributes.DelaySeconds", values("0", "900"), values("901", "soon")},
	{"sqs", "CreateQueue", "Attributes.MaximumMessageSize", values("262144", "1048576"), values("1023", "1048577")},
	{"sqs", "CreateQueue", "Attributes.MessageRetentionPeriod", values("1209600"), values("59", "1209601")},
	{"sqs", "SetQueueAttributes", "Attributes.ReceiveMessageWaitTimeSeconds", values("20"), values("21")},
	{"sqs", "CreateQueue", "Attributes.VisibilityTimeout", values("43200"), values("43201")},
	{"sqs", "CreateQueue", "Attributes.KmsDataKeyReusePeriodSeconds", values("300"), values("59")},
	{"sqs", "CreateQueue", "Attributes.SqsManagedSseEnabled", values("true"), values("yes")},
	{"sqs", "SetQueueAttributes", "Attributes.Policy", values(`{"Statement":[]}`, ""), values("allow")},
	{"sqs", "SetQueueAttributes", "Attributes.RedrivePolicy", values(`{"maxReceiveCount":3}`), values("three")},
	{"sqs", "ReceiveMessage", "MaxNumberOfMessages", values(int64(10)), values(int64(0), int64(11))},
	{"sqs", "ReceiveMessage", "WaitTimeSeconds", values(int64(20)), values(int64(21))},
	{"sqs", "ReceiveMessage", "VisibilityTimeout", values(int64(0)), values(int64(43201))},
	{"sqs", "ChangeMessageVisibilityBatch", "Entries.*.VisibilityTimeout", values(int64(0)), values(int64(43201))},
	{"sqs", "SendMessage", "DelaySeconds", values(int64(900)), values(int64(901))},
	{"sqs", "SendMessage", "MessageBody", values("hello 😀", long(1<<20)), values("", long(1<<20+1), "bell \a")},
	{"sqs", "SendMessageBatch", "Entries", values(several(10)), values(several(11))},

	{"sns", "CreateTopic", "Name", values("messages", "ordered.fifo"), values("my messages", "", long(257))},
	{"sns", "CreateTopic", "Attributes.Policy", values(`{"Statement":[]}`), values("allow")},
	{"sns", "CreateTopic", "Attributes.#", values("KmsMasterKeyId", "SQSFailureFeedbackRoleArn"), values("Colour")},
	{"sns", "SetTopicAttributes", "AttributeName", values("Policy"), values("Colour")},
	{"sns", "SetTopicAttributes", "", values(in("AttributeName", "Policy", "AttributeValue", "{}"), in("AttributeName", "DisplayName", "AttributeValue", "{")),
		values(in("AttributeName", "Policy", "AttributeValue", "{"))},
	{"sns", "Subscribe", "Protocol", values("email"), values("mail")},
	{"sns", "Subscribe", "", values(in("Protocol", "email", "Endpoint", "team@example.com"), in("Protocol", "https", "Endpoint", "https://example.com")),
		values(in("Protocol", "email", "Endpoint", "team"), in("Protocol", "https", "Endpoint", "http://example.com"), in("Protocol", "sqs", "Endpoint", "queue"))},
	{"sns", "Publish", "Subject", values("Grüße", long(99)), values("two\nlines", "", long(100))},
	{"sns", "Publish", "Message", values(long(1 << 18)), values("", long(1<<18+1))},

	{"kms", "CreateKey", "Policy", values(`{"Statement":[]}`), values("allow", `"`+long(32<<10)+`"`)},
	{"kms", "CreateAlias", "AliasName", values("alias/messages"), values("messages", "alias/aws/messages")},
	{"kms", "ScheduleKeyDeletion", "PendingWindowInDays", values(int64(7), int64(30)), values(int64(6), int64(31))},
	{"kms", "EnableKeyRotation", "RotationPeriodInDays", values(int64(365)), values(int64(89))},

	{"lambda", "CreateFunction", "FunctionName", values(long(64), aFunction), values(long(65))},
	{"lambda", "CreateFunction", "Timeout", values(int64(900)), values(int64(901))},
	{"lambda", "CreateFunction", "MemorySize", values(int64(10240)), values(int64(10241))},
	{"lambda", "UpdateFunctionConfiguration", "Environment.Variables", values(in("DB_HOST", long(4089))), values(in("DB_HOST", long(4090)), in("AWS_REGION", "us-east-1"))},
	{"lambda", "CreateFunction", "Layers", values(several(5)), values(several(6))},
	{"lambda", "CreateFunction", "Code.ZipFile", values(make([]byte, 50<<20)), values(make([]byte, 50<<20+1))},
	{"lambda", "UpdateFunctionCode", "ZipFile", values([]byte("PK")), values(make([]byte, 50<<20+1))},
	{"lambda", "Invoke", "", values(in("Payload", make([]byte, 6<<20)), in("Payload", make([]byte, 1<<20), "InvocationType", "Event")),
		values(in("Payload", make([]byte, 6<<20+1)), in("Payload", make([]byte, 1<<20+1), "InvocationType", "Event"))},

	{"scheduler", "CreateSchedule", "ScheduleExpression",
		values("at(2030-01-02T03:04:05)", "at(2020-01-02T03:04:05)", "rate(1 hour)", "rate(5 minutes)", "cron(0 8 1 * ? *)", "cron(15 10 ? * 6L 2025-2030)",
			"cron(0/15 8-17 ? * MON-FRI *)", "cron(0 9 ? * 2#1 *)", "cron(0-15/1 8-8 ? * 2,3,4,5,6,7 *)", "cron(0 0 L * ? *)", "cron(30 10 15W JAN,jul ? *)"),
		values("tomorrow", "at(2030-01-02T03:04:05Z)", "at(2030-01-02T03:04:05.123)", "at(2030-13-02T03:04:05)", "at(2030-02-30T03:04:05)", "at(2030-01-02)",
			"rate(0 hours)", "rate(1 week)", "rate(hour)", "cron(0 8 * * *)", "cron(0 8 * * * *)", "cron(0 8 ? * ? *)", "cron(60 8 1 * ? *)", "cron(0 24 1 * ? *)", "every hour")},
	{"scheduler", "UpdateSchedule", "ScheduleExpressionTimezone", values("UTC", "Asia/Seoul", "Europe/Berlin"), values("Mars/Phobos", "Local", "CEST", "+02:00")},
	{"scheduler", "CreateSchedule", "Target", values(in("Arn", aFunction, "Input", "{}"), in("Arn", aFunction), in("Arn", "arn:aws:sqs:us-east-1:123456789012:q", "Input", "hello")),
		values(in("Arn", aFunction, "Input", "hello"), in("Arn", aFunction, "Input", "{} {}"))},
	{"scheduler", "CreateSchedule", "Target.Input", values(`"` + long(1000) + `"`), values(long(256<<10 + 1))},
	{"scheduler", "CreateSchedule", "",
		values(in("StartDate", time.Now()), in("ScheduleExpression", "at(2030-01-02T03:04:05)", "StartDate", time.Now().Add(-time.Hour))),
		values(in("StartDate", time.Now().Add(-time.Hour)), in("StartDate", time.Now(), "EndDate", time.Now().Add(-time.Minute)))},

	{"secretsmanager", "CreateSecret", "Name", values("dev/app-1_+=.@"), values("the app", "app!")},
	{"secretsmanager", "DeleteSecret", "RecoveryWindowInDays", values(int64(7), int64(30)), values(int64(6), int64(31))},
	{"secretsmanager", "DeleteSecret", "", values(in("ForceDeleteWithoutRecovery", true), in("ForceDeleteWithoutRecovery", false, "RecoveryWindowInDays", int64(7))),
		values(in("ForceDeleteWithoutRecovery", true, "RecoveryWindowInDays", int64(7)))},
	{"secretsmanager", "CreateSecret", "", values(in("SecretString", "{}")), values(in("SecretString", "{}", "SecretBinary", []byte("{}")))},
	{"secretsmanager", "PutSecretValue", "", values(in("SecretBinary", []byte("{}"))), values(in("SecretId", "app"))},
	{"secretsmanager", "PutResourcePolicy", "ResourcePolicy", values(`{"Statement":[]}`), values("allow")},
	{"secretsmanager", "RotateSecret", "RotationRules", values(in("AutomaticallyAfterDays", int64(30))), values(in("AutomaticallyAfterDays", int64(30), "ScheduleExpression", "rate(4 hours)"))},

	{"logs", "CreateLogGroup", "logGroupName", values("/aws/lambda/sender"), values("aws/lambda/sender")},
	{"logs", "PutRetentionPolicy", "retentionInDays", values(int64(14), int64(3653)), values(int64(15), int64(0))},
	{"logs", "PutResourcePolicy", "policyDocument", values(`{"Statement":[]}`), values("allow")},
	{"logs", "PutMetricFilter", "metricTransformations.*", values(in("defaultValue", 0.0)), values(in("defaultValue", 0.0, "dimensions", in("Stack", "$.stack")))},

	{"cloudwatch", "PutMetricAlarm", "AlarmName", values("überfällig"), values("late\n")},
	{"cloudwatch", "PutMetricAlarm", "Period", values(int64(10), int64(60), int64(10800)), values(int64(0), int64(15), int64(90))},
	{"cloudwatch", "PutMetricAlarm", "Metrics.*.MetricStat.Period", values(int64(60)), values(int64(61))},
	{"cloudwatch", "PutMetricAlarm", "Metrics.*.Id", values("m1"), values("M1", "1", "m-1")},
	{"cloudwatch", "PutMetricAlarm", "TreatMissingData", values("notBreaching"), values("ok")},
	{"cloudwatch", "PutMetricAlarm", "Metrics", values(values(in("Id", "e"), in("Id", "m", "ReturnData", false))), values(values(in("Id", "e"), in("Id", "m")))},
	{"cloudwatch", "PutMetricAlarm", "", values(in("MetricName", "Age", "Namespace", "AWS/SQS", "Statistic", "Sum", "Period", int64(3600), "EvaluationPeriods", int64(168)),
		in("Metrics", values(in("Id", "m", "MetricStat", in("Period", int64(60)))), "Dimensions", []any{}, "EvaluationPeriods", int64(1440))),
		values(in("MetricName", "Age", "Namespace", "AWS/SQS", "Statistic", "Sum", "Period", int64(3600), "EvaluationPeriods", int64(169)),
			in("MetricName", "Age", "Namespace", "AWS/SQS", "Statistic", "Sum", "Period", int64(60), "EvaluationPeriods", int64(1441)),
			in("MetricName", "Age", "Namespace", "AWS/SQS", "Statistic", "Sum", "Period", int64(60), "EvaluationPeriods", int64(2), "DatapointsToAlarm", int64(3)),
			in("MetricName", "Age", "Namespace", "AWS/SQS", "Statistic", "Sum", "ExtendedStatistic", "p90", "Period", int64(60)),
			in("MetricName", "Age", "Namespace", "AWS/SQS", "Statistic", "Sum"), in("MetricName", "Age", "Statistic", "Sum", "Period", int64(60)),
			in("Metrics", values(in("Id", "m")), "Period", int64(60)))},
	{"cloudwatch", "PutDashboard", "DashboardName", values("dev-1_a"), values("the dashboard")},
	{"cloudwatch", "PutDashboard", "DashboardBody", values(`{"widgets":[]}`), values("widgets")},

	{"elbv2", "CreateLoadBalancer", "Name", values("external-network", long(32)), values("internal-network", "-a", "a-", "a_b", long(33))},
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
	{"autoscaling", "UpdateAutoScalingGroup", "", values(in("MinSize", int64(1), "MaxSize", int64(2), "DesiredCapacity", int64(2))),
		values(in("MinSize", int64(2), "MaxSize", int64(1)), in("MinSize", int64(1), "MaxSize", int64(2), "DesiredCapacity", int64(3)))},
}
