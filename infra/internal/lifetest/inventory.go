package lifetest

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/sigv4"
)

// lists are AWS's own list calls, one for each kind of thing that a stack makes: how to ask, and where in the answer
// the names are.
var lists = []struct {
	what, service string
	target        string // of the JSON protocol: the operation
	query         string // of the query protocol: action and version
	path          string // of REST
	name          string
}{
	{"vpcs", "ec2", "", "Action=DescribeVpcs&Version=2016-11-15", "", `<vpcId>([^<]+)`},
	{"subnets", "ec2", "", "Action=DescribeSubnets&Version=2016-11-15", "", `<subnetId>([^<]+)`},
	{"security groups", "ec2", "", "Action=DescribeSecurityGroups&Version=2016-11-15", "", `<groupId>([^<]+)`},
	{"route tables", "ec2", "", "Action=DescribeRouteTables&Version=2016-11-15", "", `<routeTableId>([^<]+)`},
	{"VPC endpoints", "ec2", "", "Action=DescribeVpcEndpoints&Version=2016-11-15&Filter.1.Name=vpc-endpoint-state&Filter.1.Value.1=available&Filter.1.Value.2=deleting", "", `<vpcEndpointId>([^<]+)`},
	{"flow logs", "ec2", "", "Action=DescribeFlowLogs&Version=2016-11-15", "", `<flowLogId>([^<]+)`},
	{"internet gateways", "ec2", "", "Action=DescribeInternetGateways&Version=2016-11-15", "", `<internetGatewayId>([^<]+)`},
	{"addresses", "ec2", "", "Action=DescribeAddresses&Version=2016-11-15", "", `<allocationId>([^<]+)`},
	{"network interfaces", "ec2", "", "Action=DescribeNetworkInterfaces&Version=2016-11-15&Filter.1.Name=description&Filter.1.Value.1=HAProxy", "", `<networkInterfaceId>([^<]+)`},
	{"launch templates", "ec2", "", "Action=DescribeLaunchTemplates&Version=2016-11-15", "", `<launchTemplateId>([^<]+)`},
	{"EC2 instances", "ec2", "", "Action=DescribeInstances&Version=2016-11-15&Filter.1.Name=instance-state-name&Filter.1.Value.1=pending&Filter.1.Value.2=running&Filter.1.Value.3=stopping&Filter.1.Value.4=stopped", "", `<instanceId>([^<]+)`},
	{"volumes", "ec2", "", "Action=DescribeVolumes&Version=2016-11-15", "", `<volumeId>([^<]+)`},
	{"Auto Scaling groups", "autoscaling", "", "Action=DescribeAutoScalingGroups&Version=2011-01-01", "", `<AutoScalingGroupARN>([^<]+)`},
	{"load balancers", "elasticloadbalancing", "", "Action=DescribeLoadBalancers&Version=2015-12-01", "", `<LoadBalancerArn>([^<]+)`},
	{"target groups", "elasticloadbalancing", "", "Action=DescribeTargetGroups&Version=2015-12-01", "", `<TargetGroupArn>([^<]+)`},
	{"classic load balancers", "elasticloadbalancing", "", "Action=DescribeLoadBalancers&Version=2012-06-01", "", `<LoadBalancerName>([^<]+)`},
	{"instance profiles", "iam", "", "Action=ListInstanceProfiles&Version=2010-05-08&MaxItems=1000", "", `<InstanceProfileName>([^<]+)`},
	{"clusters", "rds", "", "Action=DescribeDBClusters&Version=2014-10-31", "", `<DBClusterIdentifier>([^<]+)`},
	{"instances", "rds", "", "Action=DescribeDBInstances&Version=2014-10-31", "", `<DBInstanceIdentifier>([^<]+)`},
	{"proxies", "rds", "", "Action=DescribeDBProxies&Version=2014-10-31", "", `<DBProxyName>([^<]+)`},
	{"subnet groups", "rds", "", "Action=DescribeDBSubnetGroups&Version=2014-10-31", "", `<DBSubnetGroupName>([^<]+)`},
	{"parameter groups", "rds", "", "Action=DescribeDBClusterParameterGroups&Version=2014-10-31", "", `<DBClusterParameterGroupName>([^<]+)`},
	{"snapshots", "rds", "", "Action=DescribeDBClusterSnapshots&Version=2014-10-31&SnapshotType=manual", "", `<DBClusterSnapshotIdentifier>([^<]+)`},
	{"roles", "iam", "", "Action=ListRoles&Version=2010-05-08&MaxItems=1000", "", `<RoleName>([^<]+)`},
	{"policies", "iam", "", "Action=ListPolicies&Version=2010-05-08&Scope=Local&MaxItems=1000", "", `<PolicyName>([^<]+)`},
	{"topics", "sns", "", "Action=ListTopics&Version=2010-03-31", "", `<TopicArn>([^<]+)`},
	{"subscriptions", "sns", "", "Action=ListSubscriptions&Version=2010-03-31", "", `<SubscriptionArn>([^<]+)`},
	{"queues", "sqs", "", "Action=ListQueues&Version=2012-11-05", "", `<QueueUrl>([^<]+)`},
	{"secrets", "secretsmanager", "secretsmanager.ListSecrets", "", "", `"ARN": ?"([^"]+)`},
	{"log groups", "logs", "Logs_20140328.DescribeLogGroups", "", "", `"logGroupName": ?"([^"]+)`},
	{"metric filters", "logs", "Logs_20140328.DescribeMetricFilters", "", "", `"filterName": ?"([^"]+)`},
	{"alarms", "monitoring", "", "Action=DescribeAlarms&Version=2010-08-01", "", `<AlarmName>([^<]+)`},
	{"dashboards", "monitoring", "", "Action=ListDashboards&Version=2010-08-01", "", `<DashboardName>([^<]+)`},
	{"keys", "kms", "TrentService.ListKeys", "", "", `"KeyId": ?"([^"]+)`},
	{"functions", "lambda", "", "", "/2015-03-31/functions/", `"FunctionName": ?"([^"]+)`},
	{"schedule groups", "scheduler", "", "", "/schedule-groups", `"Name": ?"([^"]+)`},
	{"schedules", "scheduler", "", "", "/schedules", `"Name": ?"([^"]+)`},
}

// Inventory is what AWS says that there is. Endpoints that are gone stay in its lists for a while, and automated
// snapshots go with their cluster: neither is asked for. Keys that wait for their deletion do not count, nor does AWS's
// own key for volumes, nor network interfaces that AWS makes; "passwords" are the values of the secrets.
func Inventory(t *testing.T, endpoint string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, list := range lists {
		method, path, content, body := http.MethodPost, "/", "application/x-www-form-urlencoded", list.query
		switch {
		case list.target != "":
			content, body = "application/x-amz-json-1.1", "{}"
		case list.path != "":
			method, path, body = http.MethodGet, list.path, ""
		}
		answer := Ask(t, method, endpoint+path, list.service, list.target, content, body)
		for _, match := range regexp.MustCompile(list.name).FindAllStringSubmatch(answer, -1) {
			name := match[1]
			if list.what == "keys" {
				// One that waits for its deletion, or the one that AWS makes once for all encrypted volumes of an account.
				key := AskJSON(t, endpoint, "kms", "TrentService.DescribeKey", `{"KeyId":"`+name+`"}`)
				if strings.Contains(key, "PendingDeletion") || strings.Contains(key, "protects my EBS volumes") {
					continue
				}
			}
			all[list.what] = append(all[list.what], name)
		}
	}
	password := regexp.MustCompile(`\\"(?:password|key)\\": ?\\"([^"\\]+)`)
	for _, secret := range all["secrets"] {
		answer := AskJSON(t, endpoint, "secretsmanager", "secretsmanager.GetSecretValue", `{"SecretId":"`+secret+`"}`)
		if match := password.FindStringSubmatch(answer); match != nil {
			all["passwords"] = append(all["passwords"], match[1])
		}
	}
	return all
}

// AskJSON asks a service that speaks JSON for what is there.
func AskJSON(t *testing.T, endpoint, service, target, body string) string {
	t.Helper()
	return Ask(t, http.MethodPost, endpoint+"/", service, target, "application/x-amz-json-1.1", body)
}

// Ask sends one request to a local endpoint, which finds the service by the signature's scope.
func Ask(t *testing.T, method, address, service, target, content, body string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", content)
	if target != "" {
		request.Header.Set("X-Amz-Target", target)
	}
	if err := LocalKeys(t).Sign(request, []byte(body), sigv4.Scope{Region: "us-east-1", Service: service}); err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= 300 && !strings.Contains(target, "GetSecretValue") {
		t.Fatalf("%s %s %s%s: %s %v\n%s", method, address, target, body, response.Status, err, answer)
	}
	return string(answer)
}
