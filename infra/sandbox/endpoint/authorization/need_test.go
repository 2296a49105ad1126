package authorization

import (
	"slices"
	"testing"

	"scheduled-messages/infra/sandbox/endpoint/model"
	"scheduled-messages/infra/sandbox/endpoint/wire"
)

var at = Place{Partition: "aws", Region: "us-east-1", Account: "123456789012"}

func TestEachRequestNeedsWhatAWSDocumentsOfIt(t *testing.T) {
	const rds, elb, layer = "arn:aws:rds:us-east-1:123456789012:", "arn:aws:elasticloadbalancing:us-east-1:123456789012:",
		"arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:12"
	type input = map[string]any
	tags := []any{input{"Key": "Stack", "Value": "dev"}}
	for _, c := range []struct {
		service, operation string
		input              input
		want               []Need
	}{
		{"rds", "CreateDBProxy", input{"DBProxyName": "p", "Tags": tags}, []Need{ // which knows no resource
			{"rds:CreateDBProxy", "*"}, {"rds:AddTagsToResource", rds + "db-proxy:*"}}},
		{"rds", "RegisterDBProxyTargets", input{"DBProxyName": "p", "DBClusterIdentifiers": []any{"orders"}}, []Need{
			{"rds:RegisterDBProxyTargets", rds + "db-proxy:*"}, {"rds:RegisterDBProxyTargets", rds + "cluster:orders"}}},
		{"rds", "CreateDBInstance", input{"DBInstanceIdentifier": "writer", "DBClusterIdentifier": "c", "Tags": tags}, []Need{
			{"rds:CreateDBInstance", rds + "og:default*"}, {"rds:CreateDBInstance", rds + "pg:default*"},
			{"rds:CreateDBInstance", rds + "cluster:c"}, {"rds:CreateDBInstance", rds + "db:writer"},
			{"rds:AddTagsToResource", rds + "cluster:c"}, {"rds:AddTagsToResource", rds + "db:writer"}}},
		{"rds", "DeleteDBCluster", input{"DBClusterIdentifier": "c", "FinalDBSnapshotIdentifier": "c-final"}, []Need{
			{"rds:DeleteDBCluster", rds + "cluster:c"}, {"rds:DeleteDBCluster", rds + "cluster-snapshot:c-final"},
			{"rds:CreateDBClusterSnapshot", rds + "cluster:c"}, {"rds:AddTagsToResource", rds + "cluster:c"},
			{"rds:CreateDBClusterSnapshot", rds + "cluster-snapshot:c-final"},
			{"rds:AddTagsToResource", rds + "cluster-snapshot:c-final"}}},
		{"sns", "Unsubscribe", input{"SubscriptionArn": "arn:aws:sns:us-east-1:123456789012:t:1"}, []Need{{"sns:Unsubscribe", "*"}}},
		{"lambda", "CreateFunction", input{"FunctionName": "f", "Layers": []any{layer}}, []Need{
			{"lambda:CreateFunction", "arn:aws:lambda:us-east-1:123456789012:function:f"}, {"lambda:GetLayerVersion", layer}}},
		{"ssm", "GetParameter", input{"Name": "/aws/service/x"}, []Need{
			{"ssm:GetParameter", "arn:aws:ssm:us-east-1::parameter/aws/service/x"}}},
		{"ssm", "GetParameter", input{"Name": "/mine"}, []Need{
			{"ssm:GetParameter", "arn:aws:ssm:us-east-1:123456789012:parameter/mine"}}},
		{"ec2", "CreateLaunchTemplate", input{"LaunchTemplateData": input{"ImageId": "resolve:ssm:/aws/service/ami/x"}}, []Need{
			{"ec2:CreateLaunchTemplate", "arn:aws:ec2:us-east-1:123456789012:launch-template/*"},
			{"ssm:GetParameters", "arn:aws:ssm:us-east-1::parameter/aws/service/ami/x"}}},
		{"elbv2", "CreateListener", input{"LoadBalancerArn": elb + "loadbalancer/app/x/1", "Tags": tags}, []Need{ // as moto calls it
			{"elasticloadbalancing:CreateListener", elb + "loadbalancer/net/x/1"},
			{"elasticloadbalancing:AddTags", elb + "listener/net/x/1/*"}}},
		{"sts", "GetCallerIdentity", nil, nil},
	} {
		call := &wire.Call{Service: &model.Service{Name: c.service}, Operation: &model.Operation{Name: c.operation}, Input: c.input}
		if got := Of(call, at); !slices.Equal(got, c.want) {
			t.Errorf("%s:%s needs %v, want %v", c.service, c.operation, got, c.want)
		}
	}
}
