package main

import (
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/info"
)

// named are the properties that get a name of their own when the program gives none, and how long it may be.
var named = []struct {
	resource, property string
	most               int
}{
	{"aws_iam_role", "name", 64},
	{"aws_iam_policy", "name", 128},
	{"aws_scheduler_schedule", "name", 64},
	{"aws_scheduler_schedule_group", "name", 64},
	{"aws_elb", "name", 32},
	{"aws_lb", "name", 32},
	{"aws_lb_target_group", "name", 32},
	{"aws_db_subnet_group", "name", 255},
	{"aws_rds_cluster_parameter_group", "name", 255},
}

// rename mirrors what the published Pulumi AWS provider calls properties otherwise than Terraform does, and its
// automatic names. When an input of the program seems to be ignored, compare with the SDK's here.
func rename(resources map[string]*info.Resource) {
	set := func(resource, property string, schema *info.Schema) { resources[resource].Fields[property] = schema }
	for _, n := range named {
		set(n.resource, n.property, tfbridge.AutoName(n.property, n.most, "-"))
	}
	called := func(name string, schema *info.Schema) *info.Schema {
		schema.Name = name
		return schema
	}
	code := func() *info.Schema {
		return &info.Schema{Name: "code", Asset: &info.AssetTranslation{Kind: info.FileArchive}}
	}
	set("aws_lambda_function", "function_name", called("name", tfbridge.AutoName("name", 64, "-")))
	set("aws_lambda_function", "filename", code())
	set("aws_lambda_layer_version", "filename", code())
	set("aws_lambda_permission", "function_name", &info.Schema{Name: "function"})
	set("aws_lambda_permission", "statement_id", called("statementId", tfbridge.AutoName("statementId", 100, "-")))
	set("aws_kms_alias", "name", tfbridge.AutoNameTransform("name", 255, func(name string) string { return "alias/" + name }))
	set("aws_cloudwatch_metric_alarm", "alarm_name", called("name", tfbridge.AutoName("name", 255, "-")))
	set("aws_cloudwatch_dashboard", "dashboard_name", &info.Schema{Name: "dashboardName"})
	set("aws_sns_topic_subscription", "topic_arn", &info.Schema{Name: "topic"})
	set("aws_iam_role_policy_attachment", "policy_arn", &info.Schema{Name: "policyArn"})
	lower := func(property string) *info.Schema {
		return called(property, tfbridge.AutoNameTransform(property, 63, strings.ToLower))
	}
	set("aws_rds_cluster", "cluster_identifier", lower("clusterIdentifier"))
	set("aws_rds_cluster_instance", "identifier", lower("identifier"))
}
