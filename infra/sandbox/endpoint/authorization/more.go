package authorization

import (
	"slices"
	"strings"
)

// tagging are the actions that AWS asks for in addition where a request that makes something holds tags.
var tagging = map[string]string{
	"lambda:CreateFunction":                   "lambda:TagResource",
	"rds:CreateDBCluster":                     "rds:AddTagsToResource",
	"rds:CreateDBInstance":                    "rds:AddTagsToResource",
	"rds:CreateDBProxy":                       "rds:AddTagsToResource",
	"rds:CreateDBSubnetGroup":                 "rds:AddTagsToResource",
	"rds:CreateDBClusterParameterGroup":       "rds:AddTagsToResource",
	"rds:CreateDBParameterGroup":              "rds:AddTagsToResource",
	"rds:CreateEventSubscription":             "rds:AddTagsToResource",
	"iam:CreateRole":                          "iam:TagRole",
	"iam:CreatePolicy":                        "iam:TagPolicy",
	"iam:CreateInstanceProfile":               "iam:TagInstanceProfile",
	"kms:CreateKey":                           "kms:TagResource",
	"logs:CreateLogGroup":                     "logs:TagResource",
	"secretsmanager:CreateSecret":             "secretsmanager:TagResource",
	"sns:CreateTopic":                         "sns:TagResource",
	"sqs:CreateQueue":                         "sqs:TagQueue",
	"scheduler:CreateScheduleGroup":           "scheduler:TagResource",
	"cloudwatch:PutMetricAlarm":               "cloudwatch:TagResource",
	"elasticloadbalancing:CreateLoadBalancer": "elasticloadbalancing:AddTags",
	"elasticloadbalancing:CreateListener":     "elasticloadbalancing:AddTags",
	"elasticloadbalancing:CreateTargetGroup":  "elasticloadbalancing:AddTags",
	"autoscaling:CreateAutoScalingGroup":      "autoscaling:CreateOrUpdateTags",
}

// passed are the members that hold a role which AWS takes over: who names it needs iam:PassRole.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
var passed = map[string][]string{
	"lambda:CreateFunction": {"Role"}, "lambda:UpdateFunctionConfiguration": {"Role"}, "rds:CreateDBProxy": {"RoleArn"},
	"rds:ModifyDBProxy": {"RoleArn"}, "ec2:CreateFlowLogs": {"DeliverLogsPermissionArn"}, "scheduler:CreateSchedule": {"Target"},
	"scheduler:UpdateSchedule": {"Target"}, "iam:AddRoleToInstanceProfile": {"RoleName"},
}

// tagged are what gets the tags of a request, which are not always the resources that it names.
func tagged(action string, resources []string, at Place) (all []string) {
	switch action {
	case "kms:CreateKey":
		return []string{at.arn("kms", "key/*")}
	case "elasticloadbalancing:CreateListener": // listener/net/NAME/ID of the load balancer/ID
		for _, balancer := range resources {
			all = append(all, strings.Replace(balancer, ":loadbalancer/", ":listener/", 1)+"/*")
		}
		return all
	case "rds:CreateDBCluster", "rds:CreateDBInstance": // and not the groups
		return slices.DeleteFunc(slices.Clone(resources), func(arn string) bool {
			return !strings.Contains(arn, ":cluster:") && !strings.Contains(arn, ":db:")
		})
	}
	return resources
}

// moreFor is what AWS asks for in addition to the action on its resources.
func moreFor(action string, resources []string, input map[string]any, at Place) (needs []Need) {
	if tag := tagging[action]; tag != "" && hasTags(input) {
		for _, resource := range tagged(action, resources, at) {
			needs = append(needs, Need{tag, resource})
		}
	}
	if strings.HasPrefix(action, "ec2:Create") && len(texts(input["TagSpecifications"])) > 0 || action == "ec2:AllocateAddress" {
		if kind := made[strings.TrimPrefix(action, "ec2:")]; kind != "" {
			needs = append(needs, Need{"ec2:CreateTags", at.arn("ec2", kind+"/*")})
		}
	}
	for _, member := range passed[action] {
		for _, role := range texts(input[member]) {
			if member == "RoleName" {
				role = at.global("role/" + role)
			}
			if strings.Contains(role, ":role/") {
				needs = append(needs, Need{"iam:PassRole", role})
			}
		}
	}
	if strings.HasPrefix(action, "lambda:") { // https://docs.aws.amazon.com/lambda/latest/dg/permissions-layer-cross-account.html
		for _, layer := range texts(input["Layers"]) {
			needs = append(needs, Need{"lambda:GetLayerVersion", layer})
		}
	}
	if action == "rds:DeleteDBCluster" && text(input, "FinalDBSnapshotIdentifier") != "" {
		for _, resource := range resources { // the cluster and the snapshot, which gets the cluster's tags
			needs = append(needs, Need{"rds:CreateDBClusterSnapshot", resource}, Need{"rds:AddTagsToResource", resource})
		}
	}
	if data, _ := input["LaunchTemplateData"].(map[string]any); data != nil {
		// https://docs.aws.amazon.com/autoscaling/ec2/userguide/using-systems-manager-parameters.html
		if name, ok := strings.CutPrefix(text(data, "ImageId"), "resolve:ssm:"); ok {
			needs = append(needs, Need{"ssm:GetParameters", parameters(at, name)[0]})
		}
	}
	return append(needs, encrypted(action, input, at)...)
}

// encrypted is what the customer key needs where the caller, and not the service, uses it.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html#security-encryption-authz
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.Keys.html
func encrypted(action string, input map[string]any, at Place) (needs []Need) {
	var actions []string
	switch action {
	case "secretsmanager:PutSecretValue":
		actions = []string{"kms:GenerateDataKey", "kms:Decrypt"}
	case "secretsmanager:GetSecretValue":
		actions = []string{"kms:Decrypt"}
	case "rds:CreateDBCluster":
		actions = []string{"kms:CreateGrant", "kms:DescribeKey"}
	}
	for _, action := range actions {
		needs = append(needs, Need{action, at.arn("kms", "key/*")})
	}
	if action == "ec2:CreateVpcEndpoint" && input["PrivateDnsEnabled"] == true {
		needs = append(needs, Need{"route53:AssociateVPCWithHostedZone", "*"})
	}
	if action == "autoscaling:CreateAutoScalingGroup" { // with a launch template, the caller needs what its instances need
		for _, kind := range []string{"instance", "volume", "network-interface", "launch-template", "subnet", "security-group"} {
			needs = append(needs, Need{"ec2:RunInstances", at.arn("ec2", kind+"/*")})
		}
		needs = append(needs, Need{"ec2:RunInstances", "arn:" + at.Partition + ":ec2:" + at.Region + "::image/*"})
	}
	return needs
}

func hasTags(input map[string]any) bool {
	for _, member := range []string{"Tags", "tags"} {
		if len(texts(input[member])) > 0 {
			return true
		}
		if tags, ok := input[member].(map[string]any); ok && len(tags) > 0 {
			return true
		}
	}
	return false
}
