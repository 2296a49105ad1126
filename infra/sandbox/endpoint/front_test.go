package endpoint

import (
	"net/http"
	"strings"
	"testing"
)

// TestTheFrontAddsWhatMotoLacks runs against one real moto, which takes seconds to start.
func TestTheFrontAddsWhatMotoLacks(t *testing.T) {
	for name, value := range map[string]string{ // what its user has set does not reach moto
		"AWS_PROFILE": "nobody", "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "MOTO_ACCOUNT_ID": "999999999999",
	} {
		t.Setenv(name, value)
	}
	databases := &hosts{}
	e := start(t, Options{Databases: databases})
	for _, property := range []struct {
		name string
		test func(*client)
	}{
		{"a function's code comes back byte for byte", codeComesBack},
		{"a function shows its layers, logging and VPC", configurationIsShown},
		{"a configuration for asynchronous invocations is put again", invokeConfigIsPutAgain},
		{"a secret without a version asked for is its current one", secretIsTheCurrentOne},
		{"a rotation that is set up leaves nothing pending", rotationLeavesNothingPending},
		{"a rule that names a group keeps its description", descriptionIsKept},
		{"a rule that names a prefix list keeps its description", prefixListDescriptionIsKept},
		{"a launch template's own tags are not in its data", templateTagsAreItsOwn},
		{"a subnet group is modified and keeps the rest", subnetGroupIsModified},
		{"each cluster has its own database until it is deleted", func(c *client) {
			clustersHaveTheirDatabases(c)
			if databases.at["first"] == "" || databases.at["second"] != "" || databases.password != "first admin another-password" {
				c.t.Errorf("there are %+v", databases)
			}
		}},
		{"an instance that is in no cluster has its own database, too", func(c *client) {
			instanceHasItsDatabase(c)
			if databases.password != "db:first root another-password" {
				c.t.Errorf("there are %+v", databases)
			}
		}},
		{"each proxy leads to its target", func(c *client) {
			proxiesLeadToTheirTargets(c)
			if databases.proxies["first"] != "db:first" || databases.proxies["guest"] != "first" {
				c.t.Errorf("there are %+v", databases)
			}
			c.form("rds", "DeregisterDBProxyTargets", "DBProxyName", "guest", "DBClusterIdentifiers.member.1", "first")
			c.form("rds", "DeleteDBProxy", "DBProxyName", "first")
			if _, there := databases.proxies["first"]; there || databases.proxies["guest"] != "" {
				c.t.Errorf("there are %+v", databases)
			}
		}},
		{"what has no database or no address is refused and gone", whatDoesNotStartIsNone},
		{"the extension's layers have their parameters", extensionHasParameters},
		{"CloudWatch speaks CBOR", cloudWatchSpeaksCBOR},
		{"AWS's own policies can be attached", managedPolicyIsThere},
		{"a queue's URL is the endpoint's", queueIsHere},
		{"an invocation runs nothing and is answered", invocationIsAnswered},
		{"a reset forgets what the front keeps", resetForgets}, // the last: it empties moto
	} {
		t.Run(property.name, func(t *testing.T) { property.test(&client{t, e.URL(), e.Keys()}) })
	}
}

func descriptionIsKept(c *client) {
	vpc, _ := c.network(0)
	group := func(name string) string {
		return c.first(c.form("ec2", "CreateSecurityGroup", "GroupName", name, "GroupDescription", name, "VpcId", vpc), "groupId")
	}
	from, to := group("from"), group("to")
	for _, direction := range []string{"Ingress", "Egress"} {
		authorized := c.form("ec2", "AuthorizeSecurityGroup"+direction, "GroupId", to, "IpPermissions.1.IpProtocol", "tcp",
			"IpPermissions.1.FromPort", "3306", "IpPermissions.1.ToPort", "3306",
			"IpPermissions.1.Groups.1.GroupId", from, "IpPermissions.1.Groups.1.Description", "statements, and so on")
		rule := c.first(authorized, "securityGroupRuleId")
		described := c.form("ec2", "DescribeSecurityGroupRules", "SecurityGroupRuleId.1", rule)
		if got := c.first(described, "description"); got != "statements, and so on" {
			c.t.Errorf("%s: description %q of %s", direction, got, described)
		}
		if got := c.first(described, "fromPort"); got != "3306" {
			c.t.Errorf("%s: port %s", direction, got)
		}
	}
}

func prefixListDescriptionIsKept(c *client) {
	vpc, _ := c.network(0)
	group := c.first(c.form("ec2", "CreateSecurityGroup", "GroupName", "listed", "GroupDescription", "listed", "VpcId", vpc), "groupId")
	list := c.first(c.form("ec2", "DescribeManagedPrefixLists"), "prefixListId")
	authorized := c.form("ec2", "AuthorizeSecurityGroupEgress", "GroupId", group, "IpPermissions.1.IpProtocol", "tcp",
		"IpPermissions.1.FromPort", "443", "IpPermissions.1.ToPort", "443",
		"IpPermissions.1.PrefixListIds.1.PrefixListId", list, "IpPermissions.1.PrefixListIds.1.Description", "packages, and so on")
	described := c.form("ec2", "DescribeSecurityGroupRules", "SecurityGroupRuleId.1", c.first(authorized, "securityGroupRuleId"))
	if got := c.first(described, "description"); got != "packages, and so on" {
		c.t.Errorf("description %q of %s", got, described)
	}
	if got := c.first(described, "prefixListId"); got != list {
		c.t.Errorf("prefix list %s of %s", got, list)
	}
}

func templateTagsAreItsOwn(c *client) {
	c.form("ec2", "CreateLaunchTemplate", "LaunchTemplateName", "tagged", "LaunchTemplateData.ImageId", "ami-12345678",
		"TagSpecification.1.ResourceType", "launch-template", "TagSpecification.1.Tag.1.Key", "Project", "TagSpecification.1.Tag.1.Value", "kept")
	versions := c.form("ec2", "DescribeLaunchTemplateVersions", "LaunchTemplateName", "tagged")
	if c.first(versions, "imageId") != "ami-12345678" || strings.Contains(versions, "agSpecification") {
		c.t.Errorf("its data: %s", versions)
	}
	if templates := c.form("ec2", "DescribeLaunchTemplates", "LaunchTemplateName.1", "tagged"); c.first(templates, "value") != "kept" {
		c.t.Errorf("its tags: %s", templates)
	}
}

func subnetGroupIsModified(c *client) {
	_, subnets := c.network(3)
	c.form("rds", "CreateDBSubnetGroup", "DBSubnetGroupName", "three", "DBSubnetGroupDescription", "private & small",
		"SubnetIds.SubnetIdentifier.1", subnets[0], "SubnetIds.SubnetIdentifier.2", subnets[1],
		"Tags.Tag.1.Key", "Project", "Tags.Tag.1.Value", "a/b")
	modified := c.form("rds", "ModifyDBSubnetGroup", "DBSubnetGroupName", "three",
		"SubnetIds.SubnetIdentifier.1", subnets[0], "SubnetIds.SubnetIdentifier.2", subnets[1], "SubnetIds.SubnetIdentifier.3", subnets[2])
	if !strings.Contains(modified, "<ModifyDBSubnetGroupResult>") {
		c.t.Errorf("no answer of ModifyDBSubnetGroup: %s", modified)
	}
	described := c.form("rds", "DescribeDBSubnetGroups", "DBSubnetGroupName", "three")
	for _, subnet := range subnets {
		if !strings.Contains(described, subnet) {
			c.t.Errorf("%s is not in %s", subnet, described)
		}
	}
	if got := c.first(described, "DBSubnetGroupDescription"); got != "private &amp; small" {
		c.t.Errorf("description %q", got)
	}
	tags := c.form("rds", "ListTagsForResource", "ResourceName", c.first(described, "DBSubnetGroupArn"))
	if c.first(tags, "Key") != "Project" || c.first(tags, "Value") != "a/b" {
		c.t.Errorf("tags %s", tags)
	}
	status, answer := c.do("rds", http.MethodPost, "/", isForm, formOf("rds", "ModifyDBSubnetGroup", "DBSubnetGroupName", "none",
		"SubnetIds.SubnetIdentifier.1", subnets[0], "SubnetIds.SubnetIdentifier.2", subnets[1]))
	if status != http.StatusNotFound || !strings.Contains(answer, "DBSubnetGroupNotFoundFault") {
		c.t.Errorf("a group that is not there: %d %s", status, answer)
	}
}

func extensionHasParameters(c *client) {
	for _, processor := range []string{"arm64", "x86"} {
		name := "/aws/service/aws-parameters-and-secrets-lambda-extension/" + processor + "/latest"
		answer := c.ok("ssm", http.MethodPost, "/", http.Header{"X-Amz-Target": {"AmazonSSM.GetParameter"},
			"Content-Type": {"application/x-amz-json-1.1"}}, `{"Name":"`+name+`"}`)
		if !strings.Contains(answer, "arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension") {
			c.t.Errorf("%s: %s", name, answer)
		}
	}
}

func managedPolicyIsThere(c *client) {
	c.role("instance")
	c.form("iam", "AttachRolePolicy", "RoleName", "instance", "PolicyArn", "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
}

func queueIsHere(c *client) {
	answer := c.ok("sqs", http.MethodPost, "/", http.Header{"X-Amz-Target": {"AmazonSQS.CreateQueue"},
		"Content-Type": {"application/x-amz-json-1.0"}}, `{"QueueName":"dead"}`)
	if !strings.Contains(answer, c.url+"/123456789012/dead") {
		c.t.Errorf("the queue is at %s", answer)
	}
}
