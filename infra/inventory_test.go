package infra

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"testing"
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

// inventory is what AWS says that there is. Endpoints that are gone stay in its lists for a while, and automated
// snapshots go with their cluster: neither is asked for. Keys that wait for their deletion do not count; "passwords" are the
// values of the secrets.
func inventory(t *testing.T, endpoint string) map[string][]string {
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
		answer := ask(t, method, endpoint+path, list.service, list.target, content, body)
		for _, match := range regexp.MustCompile(list.name).FindAllStringSubmatch(answer, -1) {
			name := match[1]
			if list.what == "keys" && strings.Contains(askJSON(t, endpoint, "kms", "TrentService.DescribeKey", `{"KeyId":"`+name+`"}`), "PendingDeletion") {
				continue
			}
			all[list.what] = append(all[list.what], name)
		}
	}
	password := regexp.MustCompile(`\\"(?:password|key)\\": ?\\"([^"\\]+)`)
	for _, secret := range all["secrets"] {
		answer := askJSON(t, endpoint, "secretsmanager", "secretsmanager.GetSecretValue", `{"SecretId":"`+secret+`"}`)
		if match := password.FindStringSubmatch(answer); match != nil {
			all["passwords"] = append(all["passwords"], match[1])
		}
	}
	return all
}

func askJSON(t *testing.T, endpoint, service, target, body string) string {
	t.Helper()
	return ask(t, http.MethodPost, endpoint+"/", service, target, "application/x-amz-json-1.1", body)
}

// ask sends one request to a local endpoint, which finds the service by the signature's scope and checks nothing else.
func ask(t *testing.T, method, address, service, target, content, body string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/"+service+"/aws4_request, SignedHeaders=host, Signature=none")
	request.Header.Set("Content-Type", content)
	if target != "" {
		request.Header.Set("X-Amz-Target", target)
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

// withDescriptions stands in front of moto, which forgets the description of a security-group rule that names a group
// (it keeps those of address ranges), so that every refresh would show a difference. moto does take the description
// when the rule is modified afterwards; the front does that.
func withDescriptions(t *testing.T, endpoint string) string {
	t.Helper()
	target, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	ruleID := regexp.MustCompile(`<securityGroupRuleId>([^<]+)`)
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host // the endpoint builds its URLs from it
		},
		ModifyResponse: func(response *http.Response) error {
			form, _ := response.Request.Context().Value(formKey{}).(url.Values)
			if !strings.HasPrefix(form.Get("Action"), "AuthorizeSecurityGroup") || response.StatusCode != http.StatusOK {
				return nil
			}
			body, err := io.ReadAll(response.Body)
			if err != nil {
				return err
			}
			response.Body = io.NopCloser(bytes.NewReader(body))
			id := ruleID.FindSubmatch(body)
			const permission, rule = "IpPermissions.1.", "SecurityGroupRule.1.SecurityGroupRule."
			if id == nil || form.Get(permission+"Groups.1.Description") == "" {
				return nil
			}
			ask(t, http.MethodPost, endpoint+"/", "ec2", "", "application/x-www-form-urlencoded", url.Values{
				"Action": {"ModifySecurityGroupRules"}, "Version": {"2016-11-15"}, "GroupId": {form.Get("GroupId")},
				"SecurityGroupRule.1.SecurityGroupRuleId": {string(id[1])},
				rule + "IpProtocol":                       {form.Get(permission + "IpProtocol")},
				rule + "FromPort":                         {form.Get(permission + "FromPort")},
				rule + "ToPort":                           {form.Get(permission + "ToPort")},
				rule + "ReferencedGroupId":                {form.Get(permission + "Groups.1.GroupId")},
				rule + "Description":                      {form.Get(permission + "Groups.1.Description")},
			}.Encode())
			return nil
		},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Content-Type") == "application/x-www-form-urlencoded" || strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded;") {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			if form, err := url.ParseQuery(string(body)); err == nil {
				r = r.WithContext(context.WithValue(r.Context(), formKey{}, form))
			}
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// formKey finds a request's form in its context.
type formKey struct{}
