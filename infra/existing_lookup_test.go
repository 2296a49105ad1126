package infra

import (
	"strings"
	"testing"
)

func TestExistingThingsThatCannotWorkAreRefusedBeforeAnyResource(t *testing.T) {
	const secrets = "getVpcEndpoint com.amazonaws.us-east-1.secretsmanager"
	vpc, cluster, instance := existingModes["VPC"], existingModes["cluster"], existingModes["instance"]
	single := with(vpc, with(modes["single"], map[string]string{"publicSubnetIds": `["` + publicOne + `"]`}))
	shared := func(key, value string) map[string]string { return with(vpc, map[string]string{key: value}) }
	for name, test := range map[string]struct {
		changes map[string]string
		there   site
		want    string
	}{
		"a VPC of nobody": {vpc, site{"getVpc " + hostVPC: nil},
			"vpcId is " + hostVPC + ": must be a VPC of this account and Region"},
		"a VPC without names": {vpc, site{"getVpc " + hostVPC: {"enableDnsHostnames": false}},
			"must be a VPC with DNS support and DNS hostnames on"},
		"a subnet of nobody": {vpc, site{"getSubnet " + privateTwo: nil},
			"privateSubnetIds is " + privateOne + ", " + privateTwo + ": " + privateTwo + ": must be a subnet of this account"},
		"a subnet elsewhere": {vpc, site{"getSubnet " + privateTwo: {"vpcId": "vpc-2"}},
			privateTwo + " is in vpc-2: must be subnets of vpcId, " + hostVPC},
		"two subnets, a zone": {vpc, site{"getSubnet " + privateTwo: {"availabilityZone": "us-east-1a"}},
			"two of them are in us-east-1a: must be one a zone"},
		"no RDS Proxy": {vpc, site{"getSubnet " + privateTwo: subnetIn("us-east-1e", "use1-az3")},
			privateTwo + " is in us-east-1e (use1-az3), which lacks RDS Proxy"},
		"an endpoint is there": {vpc, site{secrets: endpointWith(hostGroup)},
			"secretsManagerEndpoint is create: " + hostVPC +
				" has an endpoint of Secrets Manager with private DNS, vpce-1: must be its security group, " + hostGroup},
		"no endpoint is there": {shared("secretsManagerEndpoint", hostGroup), nil,
			"has no endpoint of Secrets Manager with private DNS: must be create"},
		"another group": {shared("secretsManagerEndpoint", hostGroup), site{secrets: endpointWith("sg-2")},
			"must be a security group of vpce-1: sg-2"},
		"no way out": {shared("secretsManagerEndpoint", "none"), site{"getRouteTable " + hostVPC: {"routes": []any{}}},
			"secretsManagerEndpoint is none: " + privateOne + " has no route out"},
		"an internet gateway": {shared("secretsManagerEndpoint", "none"),
			site{"getRouteTable " + hostVPC: routeTo("gatewayId", "igw-1")}, privateTwo + " has no route out"},
		"a private public one": {single, site{"getRouteTable " + publicOne: routeTo("natGatewayId", "nat-1")},
			"publicSubnetIds: " + publicOne + " has no route to an internet gateway"},
		"a cluster of nobody": {cluster, site{"getCluster orders": nil},
			"clusterIdentifier is orders: must be one of this account and Region"},
		"Postgres": {cluster, site{"getCluster orders": {"engine": "aurora-postgresql"}},
			"clusterIdentifier is orders: its engine is aurora-postgresql: must be aurora-mysql"},
		"Serverless v1": {cluster, site{"getCluster orders": {"engineMode": "serverless"}},
			"it is a Serverless v1 cluster, which RDS Proxy does not take"},
		"Aurora MySQL 2": {cluster, site{"getCluster orders": {"engineVersion": "5.7.mysql_aurora.2.11.0"}},
			"its version is 5.7.mysql_aurora.2.11.0: must be Aurora MySQL 3"},
		"MariaDB": {instance, site{"getInstance orders": {"engine": "mariadb"}},
			"instanceIdentifier is orders: its engine is mariadb: must be mysql"},
		"a cluster's instance": {instance, site{"getInstance orders": {"dbClusterIdentifier": "shop"}},
			"it is one of cluster shop: must be an instance of its own"},
		"a replica": {instance, site{"getInstance orders": {"replicateSourceDb": "shop"}}, "it is a replica of shop"},
		"a database elsewhere": {cluster, site{"getSubnetGroup orders": {"vpcId": "vpc-2"}},
			"clusterIdentifier is orders: it is in vpc-2: must be in vpcId, " + hostVPC},
		"two groups": {cluster, site{"getCluster orders": {"vpcSecurityGroupIds": []any{hostGroup, "sg-2"}}},
			"databaseSecurityGroupId is none: orders has 2 security groups: must be one of them: " + hostGroup + " or sg-2"},
		"a group of another": {with(cluster, map[string]string{"databaseSecurityGroupId": "sg-0a1b2c3d"}), nil,
			"databaseSecurityGroupId is sg-0a1b2c3d: must be a security group of orders: " + hostGroup},
		"a secret of nobody": {cluster, site{"getSecret " + existingKeys["adminSecretArn"]: nil},
			"adminSecretArn is " + existingKeys["adminSecretArn"] + ": must be a secret of this account"},
	} {
		s := &stub{site: newSite(test.there)}
		err := run(t, s, settings(t, test.changes))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
		if len(s.resources) > 0 {
			t.Errorf("%s: refused only after %d resources", name, len(s.resources))
		}
	}
}

func TestTheStacksOwnEndpointIsNotTakenForSomebodyElses(t *testing.T) {
	own := endpointWith(hostGroup)
	own["tags"] = map[string]any{"Stack": "dev", "Name": project + "/dev"}
	s := &stub{site: newSite(site{"getVpcEndpoint com.amazonaws.us-east-1.secretsmanager": own})}
	if err := run(t, s, settings(t, existingModes["VPC"])); err != nil {
		t.Error(err)
	}
}

func TestNothingExistingIsPreviewedWithoutAnAccount(t *testing.T) {
	s := &stub{}
	err := run(t, s, offlineKeys(settings(t, existingModes["VPC"])))
	if err == nil || !strings.Contains(err.Error(), "vpcId is "+hostVPC+": must be none without an account") || len(s.calls) > 0 {
		t.Errorf("got %v after %d calls", err, len(s.calls))
	}
}
