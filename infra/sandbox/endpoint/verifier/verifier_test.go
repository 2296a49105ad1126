package verifier

import (
	"net/http"
	"strings"
	"testing"
)

// The versions of APIs.
const (
	ec2, rds, iam, sns, sts = "2016-11-15", "2014-10-31", "2010-05-08", "2010-03-31", "2011-06-15"
	elb, elbv2              = "2012-06-01", "2015-12-01"
	autoscaling, sqs        = "2011-01-01", "2012-11-05"
	cloudwatch              = "2010-08-01"
)

const (
	scheduleBody = `{"ScheduleExpression":"rate(1 hour)","FlexibleTimeWindow":{"Mode":"OFF"},` +
		`"Target":{"Arn":"arn:aws:lambda:us-east-1:123456789012:function:sender","RoleArn":"arn:aws:iam::123456789012:role/scheduler"}}`
	functionBody = `{"FunctionName":"sender","Role":"arn:aws:iam::123456789012:role/sender","Runtime":"provided.al2023",` +
		`"Handler":"bootstrap","Code":{"ZipFile":"UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="}}`
)

var alarm = map[string]any{"AlarmName": "late", "MetricName": "Age", "Namespace": "AWS/SQS", "Statistic": "Maximum", "Period": 60,
	"EvaluationPeriods": 1, "Threshold": 0.5, "ComparisonOperator": "GreaterThanThreshold",
	"Dimensions": []map[string]any{{"Name": "QueueName", "Value": "unwritten"}}}

// with is an input with some members set otherwise; nil takes one away.
func with(input map[string]any, pairs ...any) map[string]any {
	other := map[string]any{}
	for name, value := range input {
		other[name] = value
	}
	for i := 0; i < len(pairs); i += 2 {
		if other[pairs[i].(string)] = pairs[i+1]; pairs[i+1] == nil {
			delete(other, pairs[i].(string))
		}
	}
	return other
}

func TestWhatAWSAcceptsPasses(t *testing.T) {
	v := newVerifier(t)
	for _, r := range []request{
		form("ec2", ec2, "CreateSecurityGroup", "GroupName", "proxy", "GroupDescription", "RDS Proxy", "VpcId", "vpc-1",
			"TagSpecification.1.ResourceType", "security-group", "TagSpecification.1.Tag.1.Key", "Stack", "TagSpecification.1.Tag.1.Value", "dev"),
		form("ec2", ec2, "DescribeVpcs", "Filter.1.Name", "tag:Stack", "Filter.1.Value.1", "dev", "Filter.1.Value.2", "other"),
		form("rds", rds, "CreateDBSubnetGroup", "DBSubnetGroupName", "private", "DBSubnetGroupDescription", "private subnets",
			"SubnetIds.SubnetIdentifier.1", "subnet-1", "Tags.Tag.1.Key", "Stack", "Tags.Tag.1.Value", ""),
		form("rds", rds, "CreateDBSubnetGroup", "DBSubnetGroupName", "private", "DBSubnetGroupDescription", "private subnets", "SubnetIds.member.1", "subnet-1"),
		form("rds", rds, "ModifyDBCluster", "DBClusterIdentifier", "main", "CloudwatchLogsExportConfiguration.EnableLogTypes.member.1", "audit"),
		form("iam", iam, "CreateRole", "RoleName", "sender", "AssumeRolePolicyDocument", `{"Statement":[]}`, "Description", "sends\nmessages"),
		form("sns", sns, "CreateTopic", "Name", "messages", "Attributes.entry.1.key", "DisplayName", "Attributes.entry.1.value", "Messages"),
		form("sns", sns, "Publish", "TopicArn", "arn", "Message", "hello", "MessageAttributes.entry.1.Name", "id",
			"MessageAttributes.entry.1.Value.DataType", "String", "MessageAttributes.entry.1.Value.StringValue", "1"),
		form("sts", sts, "GetCallerIdentity"),
		sent("sts", http.MethodGet, "/?Action=GetCallerIdentity&Version="+sts, "", ""),
		form("elasticloadbalancing", elbv2, "DescribeLoadBalancers", "Names.member.1", "external"),
		form("elasticloadbalancing", elb, "DescribeLoadBalancers", "LoadBalancerNames.member.1", "external"),
		form("autoscaling", autoscaling, "DescribeAutoScalingGroups", "AutoScalingGroupNames.member.1", "haproxy"),
		form("sqs", sqs, "CreateQueue", "QueueName", "unwritten", "Attribute.1.Name", "DelaySeconds", "Attribute.1.Value", "5", "Tag.1.Key", "Stack", "Tag.1.Value", "dev"),
		target("sqs", "AmazonSQS.CreateQueue", `{"QueueName":"unwritten","Attributes":{"DelaySeconds":"5"},"tags":{"Stack":"dev"}}`),
		target("kms", "TrentService.CreateKey", `{"Description":"messages","Tags":[{"TagKey":"Stack","TagValue":"dev"}]}`),
		target("kms", "TrentService.ListKeys", ``),
		target("secretsmanager", "secretsmanager.CreateSecret", `{"Name":"app","SecretString":"{}"}`),
		target("logs", "Logs_20140328.CreateLogGroup", `{"logGroupName":"/aws/lambda/sender","tags":{"Stack":"dev"}}`),
		target("ssm", "AmazonSSM.GetParameter", `{"Name":"/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"}`),
		rest("scheduler", http.MethodPost, "/schedules/heartbeat", scheduleBody),
		rest("scheduler", http.MethodGet, "/schedules?ScheduleGroup=messages&MaxResults=100", ""),
		rest("scheduler", http.MethodGet, "/tags/arn%3Aaws%3Ascheduler%3Aus-east-1%3A123456789012%3Aschedule-group%2Fmessages", ""),
		rest("lambda", http.MethodPost, "/2015-03-31/functions", functionBody),
		rest("lambda", http.MethodGet, "/2015-03-31/functions/", ""),
		rest("lambda", http.MethodPost, "/2015-03-31/functions/sender/invocations", "no JSON, for the function to judge"),
		metrics("PutMetricAlarm", alarm),
		metrics("PutMetricAlarm", with(alarm, "Threshold", 1)), // SDKs write a whole number so
		rest("s3", http.MethodPut, "/bucket", ""),
		rest("s3", http.MethodPut, "/bucket", `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>`),
		rest("s3", http.MethodPut, "/bucket/a/key%20with/slashes?x-id=PutObject", "anything"),
		rest("s3", http.MethodGet, "/bucket?list-type=2&prefix=a", ""),
		rest("s3", http.MethodPut, "/bucket?tagging", `<Tagging><TagSet><Tag><Key>Stack</Key><Value>dev</Value></Tag></TagSet></Tagging>`),
		rest("s3", http.MethodPost, "/bucket?delete", `<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object><Quiet>true</Quiet></Delete>`),
		rest("s3", http.MethodGet, "/", ""),
		target("states", "AWSStepFunctions.ListStateMachines", `{}`),
		form("monitoring", cloudwatch, "DescribeAlarms", "AlarmNames.member.1", "late"),
	} {
		if w := r.answer(t, v); w != nil {
			t.Errorf("%s %s %s: %d %s", r.service, r.http.Method, r.http.URL, w.Code, w.Body)
		}
	}
}

func TestWhatAModelForbidsIsRefusedWithTheServicesError(t *testing.T) {
	v := newVerifier(t)
	for _, c := range []struct {
		name    string
		request request
		code    string
		says    string
	}{
		{"EC2, nothing where something is required", form("ec2", ec2, "CreateSecurityGroup", "GroupName", "proxy"), "MissingParameter", "The request must contain the parameter Description"},
		{"EC2, no such parameter", form("ec2", ec2, "DescribeVpcs", "VpcIds.1", "vpc-1"), "UnknownParameter", "The parameter VpcIds.1 is not recognized"},
		{"EC2, no number", form("ec2", ec2, "AuthorizeSecurityGroupEgress", "GroupId", "sg-1", "IpPermissions.1.FromPort", "http"), "InvalidParameterValue", "IpPermissions.1.FromPort"},
		{"EC2, no value of an enum", form("ec2", ec2, "CreateVpc", "CidrBlock", "10.0.0.0/16", "InstanceTenancy", "shared"), "InvalidParameterValue", "[default, dedicated, host]"},
		{"RDS, nothing where something is required", form("rds", rds, "CreateDBProxy", "DBProxyName", "pool"), "MissingParameter", "EngineFamily"},
		{"RDS, a name of a wrong pattern", form("rds", rds, "DescribeDBProxies", "DBProxyName", "pool-"), "InvalidParameterValue", "DBProxyName"},
		{"IAM, two wrong values", form("iam", iam, "CreateRole", "RoleName", strings.Repeat("r", 65), "AssumeRolePolicyDocument", "{}", "Description", "—"),
			"ValidationError", "2 validation errors detected: Value '—' at 'description' failed to satisfy constraint: Member must satisfy regular expression pattern"},
		{"IAM, a tag too long", form("iam", iam, "TagRole", "RoleName", "r", "Tags.member.1.Key", "k", "Tags.member.1.Value", strings.Repeat("v", 257)),
			"ValidationError", "at 'tags.1.member.value' failed to satisfy constraint: Member must have length less than or equal to 256"},
		{"SNS, nothing where something is required", form("sns", sns, "Publish", "TopicArn", "arn"), "ValidationError", "Value null at 'message' failed to satisfy constraint: Member must not be null"},
		{"SNS, no such parameter", form("sns", sns, "CreateTopic", "Name", "messages", "Colour", "red"), "MalformedInput", "Colour"},
		{"STS, nothing where something is required", form("sts", sts, "AssumeRole", "RoleSessionName", "me"), "ValidationError", "'roleArn'"},
		{"Elastic Load Balancing v2, a number too large", form("elasticloadbalancing", elbv2, "CreateTargetGroup", "Name", "t", "HealthCheckIntervalSeconds", "301"),
			"ValidationError", "Value '301' at 'healthCheckIntervalSeconds'"},
		{"Elastic Load Balancing, nothing where something is required", form("elasticloadbalancing", elb, "CreateLoadBalancer", "LoadBalancerName", "l"), "ValidationError", "'listeners'"},
		{"Auto Scaling, nothing where something is required", form("autoscaling", autoscaling, "CreateAutoScalingGroup", "AutoScalingGroupName", "g", "MinSize", "1"), "ValidationError", "'maxSize'"},
		{"SQS, nothing where something is required", target("sqs", "AmazonSQS.SendMessage", `{"MessageBody":"hello"}`), "MissingParameter", "QueueUrl"},
		{"SQS by its query protocol", form("sqs", sqs, "SendMessage", "MessageBody", "hello"), "MissingParameter", "QueueUrl"},
		{"KMS, a wrong type", target("kms", "TrentService.CreateKey", `{"Description":7}`), "SerializationException", "Description"},
		{"KMS, no JSON", target("kms", "TrentService.CreateKey", `{`), "SerializationException", "EOF"},
		{"KMS, no such operation", target("kms", "TrentService.MakeKey", `{}`), "UnknownOperationException", "MakeKey"},
		{"Secrets Manager, a number too large", target("secretsmanager", "secretsmanager.RotateSecret", `{"SecretId":"app","RotationRules":{"AutomaticallyAfterDays":1001}}`),
			"ValidationException", "Value '1001' at 'rotationRules.automaticallyAfterDays'"},
		{"CloudWatch Logs, a wrong name", target("logs", "Logs_20140328.CreateLogGroup", `{"logGroupName":"a group"}`), "InvalidParameterException", "'logGroupName'"},
		{"SSM, nothing where something is required", target("ssm", "AmazonSSM.GetParameter", `{}`), "ValidationException", "'name'"},
		{"Scheduler, a wrong mode", rest("scheduler", http.MethodPost, "/schedules/heartbeat", strings.Replace(scheduleBody, "OFF", "off", 1)), "ValidationException", "'flexibleTimeWindow.mode'"},
		{"Scheduler, a member in another case", rest("scheduler", http.MethodPost, "/schedules/heartbeat", strings.Replace(scheduleBody, `"Arn"`, `"ARN"`, 1)), "SerializationException", "Target.ARN"},
		{"Scheduler, a name in the path", rest("scheduler", http.MethodPost, "/schedules/a%20message", scheduleBody), "ValidationException", "Value 'a message' at 'name'"},
		{"Scheduler, no such parameter of the query", rest("scheduler", http.MethodGet, "/schedules?Colour=red", ""), "SerializationException", "Colour"},
		{"Scheduler, no such path", rest("scheduler", http.MethodPost, "/schedule/heartbeat", scheduleBody), "UnknownOperationException", "/schedule/heartbeat"},
		{"Lambda, nothing where something is required", rest("lambda", http.MethodPost, "/2015-03-31/functions", `{"FunctionName":"sender"}`), "ValidationException", "Value null at 'code'"},
		{"Lambda, a wrong header", sent("lambda", http.MethodPost, "/2015-03-31/functions/sender/invocations", "", "{}", "X-Amz-Invocation-Type", "Later"), "ValidationException", "'invocationType'"},
		{"CloudWatch, a name too long", metrics("PutMetricAlarm", with(alarm, "AlarmName", strings.Repeat("a", 256))), "ValidationError", "'alarmName'"},
		{"CloudWatch, a wrong type", metrics("PutMetricAlarm", with(alarm, "Period", "60")), "SerializationException", "Period"},
		{"CloudWatch, a time without a tag", metrics("DescribeAlarmHistory", map[string]any{"StartDate": 1700000000}), "SerializationException", "StartDate"},
		{"CloudWatch, no such member", metrics("PutMetricAlarm", with(alarm, "Colour", "red")), "SerializationException", "Colour"},
		{"CloudWatch by its query protocol", form("monitoring", cloudwatch, "DescribeAlarms", "MaxRecords", "101"), "ValidationError", "'maxRecords'"},
		{"S3, nothing where something is required", rest("s3", http.MethodPut, "/bucket?tagging", `<Tagging><TagSet><Tag><Key>Stack</Key></Tag></TagSet></Tagging>`), "InvalidRequest", "'tagging.tagSet.1.member.value'"},
		{"S3, no such element", rest("s3", http.MethodPost, "/bucket?delete", `<Delete><Object><Key>a</Key><Colour>red</Colour></Object></Delete>`), "InvalidArgument", "Colour"},
		{"S3, no XML", rest("s3", http.MethodPost, "/bucket?delete", `{}<`), "MalformedXML", "well-formed"},
		{"S3, no such parameter of the query", rest("s3", http.MethodGet, "/bucket?list-type=2&colour=red", ""), "InvalidArgument", "colour"},
		{"another service's operation", target("kms", "AmazonSQS.ListQueues", `{}`), "UnknownOperationException", "AmazonSQS.ListQueues"},
		{"a prefix of another service", target("kms", "AmazonSQS.ListKeys", `{}`), "UnknownOperationException", "AmazonSQS.ListKeys"},
		{"no such action", form("ec2", ec2, "MakeVpc"), "InvalidAction", "Could not find operation MakeVpc for version 2016-11-15"},
		{"no such version", form("rds", "2014-10-32", "DescribeDBClusters"), "InvalidAction", "for version 2014-10-32"},
		{"no version", sent("iam", http.MethodPost, "/", "application/x-www-form-urlencoded", "Action=ListRoles"), "InvalidAction", "NO_VERSION_SPECIFIED"},
		{"no such service", target("nowhere", "Nowhere.Go", `{}`), "UnknownOperationException", "no such service model"},
	} {
		w := c.request.answer(t, v)
		if w == nil {
			t.Errorf("%s: it passes", c.name)
			continue
		}
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String()+w.Header().Get("X-Amzn-Errortype"), c.code) || !strings.Contains(plain(w.Body.String()), c.says) {
			t.Errorf("%s: %d %s %s", c.name, w.Code, w.Header(), w.Body)
		}
	}
}

// plain is a text without what XML and JSON escape in it.
func plain(text string) string { return strings.NewReplacer("&#39;", "'", `\u0026`, "&").Replace(text) }
