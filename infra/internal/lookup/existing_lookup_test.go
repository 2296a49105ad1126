package lookup_test

import (
	"strings"
	"testing"

	"scheduled-messages/infra/internal/infratest"
)

func TestExistingThingsThatCannotWorkAreRefusedBeforeAnyResource(t *testing.T) {
	const secrets = "getVpcEndpoint com.amazonaws.us-east-1.secretsmanager"
	vpc, cluster, instance := infratest.ExistingModes["VPC"], infratest.ExistingModes["cluster"], infratest.ExistingModes["instance"]
	single := infratest.With(vpc, infratest.With(infratest.Modes["single"], map[string]string{"publicSubnetIds": `["` + infratest.PublicOne + `"]`}))
	shared := func(key, value string) map[string]string { return infratest.With(vpc, map[string]string{key: value}) }
	for name, test := range map[string]struct {
		changes map[string]string
		there   infratest.Site
		want    string
	}{
		"a VPC of nobody": {vpc, infratest.Site{"getVpc " + infratest.HostVPC: nil},
			"vpcId is " + infratest.HostVPC + ": must be a VPC of this account and Region"},
		"a VPC without names": {vpc, infratest.Site{"getVpc " + infratest.HostVPC: {"enableDnsHostnames": false}},
			"must be a VPC with DNS support and DNS hostnames on"},
		"a subnet of nobody": {vpc, infratest.Site{"getSubnet " + infratest.PrivateTwo: nil},
			"privateSubnetIds is " + infratest.PrivateOne + ", " + infratest.PrivateTwo + ": " + infratest.PrivateTwo + ": must be a subnet of this account"},
		"a subnet elsewhere": {vpc, infratest.Site{"getSubnet " + infratest.PrivateTwo: {"vpcId": "vpc-2"}},
			infratest.PrivateTwo + " is in vpc-2: must be subnets of vpcId, " + infratest.HostVPC},
		"two subnets, a zone": {vpc, infratest.Site{"getSubnet " + infratest.PrivateTwo: {"availabilityZone": "us-east-1a"}},
			"two of them are in us-east-1a: must be one a zone"},
		"no RDS Proxy": {vpc, infratest.Site{"getSubnet " + infratest.PrivateTwo: infratest.SubnetIn("us-east-1e", "use1-az3")},
			infratest.PrivateTwo + " is in us-east-1e (use1-az3), which lacks RDS Proxy"},
		"an endpoint is there": {vpc, infratest.Site{secrets: infratest.EndpointWith(infratest.HostGroup)},
			"secretsManagerEndpoint is create: " + infratest.HostVPC +
				" has an endpoint of Secrets Manager with private DNS, vpce-1: must be its security group, " + infratest.HostGroup},
		"no endpoint is there": {shared("secretsManagerEndpoint", infratest.HostGroup), nil,
			"has no endpoint of Secrets Manager with private DNS: must be create"},
		"another group": {shared("secretsManagerEndpoint", infratest.HostGroup), infratest.Site{secrets: infratest.EndpointWith("sg-2")},
			"must be a security group of vpce-1: sg-2"},
		"no way out": {shared("secretsManagerEndpoint", "none"), infratest.Site{"getRouteTable " + infratest.HostVPC: {"routes": []any{}}},
			"secretsManagerEndpoint is none: " + infratest.PrivateOne + " has no route out"},
		"an internet gateway": {shared("secretsManagerEndpoint", "none"),
			infratest.Site{"getRouteTable " + infratest.HostVPC: infratest.RouteTo("gatewayId", "igw-1")}, infratest.PrivateTwo + " has no route out"},
		"a private public one": {single, infratest.Site{"getRouteTable " + infratest.PublicOne: infratest.RouteTo("natGatewayId", "nat-1")},
			"publicSubnetIds: " + infratest.PublicOne + " has no route to an internet gateway"},
		"a cluster of nobody": {cluster, infratest.Site{"getCluster orders": nil},
			"clusterIdentifier is orders: must be one of this account and Region"},
		"Postgres": {cluster, infratest.Site{"getCluster orders": {"engine": "aurora-postgresql"}},
			"clusterIdentifier is orders: its engine is aurora-postgresql: must be aurora-mysql"},
		"Serverless v1": {cluster, infratest.Site{"getCluster orders": {"engineMode": "serverless"}},
			"it is a Serverless v1 cluster, which RDS Proxy does not take"},
		"Aurora MySQL 2": {cluster, infratest.Site{"getCluster orders": {"engineVersion": "5.7.mysql_aurora.2.11.0"}},
			"its version is 5.7.mysql_aurora.2.11.0: must be Aurora MySQL 3"},
		"MariaDB": {instance, infratest.Site{"getInstance orders": {"engine": "mariadb"}},
			"instanceIdentifier is orders: its engine is mariadb: must be mysql"},
		"a cluster's instance": {instance, infratest.Site{"getInstance orders": {"dbClusterIdentifier": "shop"}},
			"it is one of cluster shop: must be an instance of its own"},
		"a replica": {instance, infratest.Site{"getInstance orders": {"replicateSourceDb": "shop"}}, "it is a replica of shop"},
		"a database elsewhere": {cluster, infratest.Site{"getSubnetGroup orders": {"vpcId": "vpc-2"}},
			"clusterIdentifier is orders: it is in vpc-2: must be in vpcId, " + infratest.HostVPC},
		"two groups": {cluster, infratest.Site{"getCluster orders": {"vpcSecurityGroupIds": []any{infratest.HostGroup, "sg-2"}}},
			"databaseSecurityGroupId is none: orders has 2 security groups: must be one of them: " + infratest.HostGroup + " or sg-2"},
		"a group of another": {infratest.With(cluster, map[string]string{"databaseSecurityGroupId": "sg-0a1b2c3d"}), nil,
			"databaseSecurityGroupId is sg-0a1b2c3d: must be a security group of orders: " + infratest.HostGroup},
		"a secret of nobody": {cluster, infratest.Site{"getSecret " + infratest.ExistingKeys["adminSecretArn"]: nil},
			"adminSecretArn is " + infratest.ExistingKeys["adminSecretArn"] + ": must be a secret of this account"},
	} {
		s := &infratest.Mock{Site: infratest.NewSite(test.there)}
		err := infratest.Run(t, s, infratest.Settings(t, test.changes))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
		if len(s.Resources) > 0 {
			t.Errorf("%s: refused only after %d resources", name, len(s.Resources))
		}
	}
}

func TestTheStacksOwnEndpointIsNotTakenForSomebodyElses(t *testing.T) {
	own := infratest.EndpointWith(infratest.HostGroup)
	own["tags"] = map[string]any{"Stack": "dev", "Name": infratest.Project + "/dev"}
	s := &infratest.Mock{Site: infratest.NewSite(infratest.Site{"getVpcEndpoint com.amazonaws.us-east-1.secretsmanager": own})}
	if err := infratest.Run(t, s, infratest.Settings(t, infratest.ExistingModes["VPC"])); err != nil {
		t.Error(err)
	}
}

func TestNothingExistingIsPreviewedWithoutAnAccount(t *testing.T) {
	s := &infratest.Mock{}
	err := infratest.Run(t, s, infratest.OfflineKeys(infratest.Settings(t, infratest.ExistingModes["VPC"])))
	if err == nil || !strings.Contains(err.Error(), "vpcId is "+infratest.HostVPC+": must be none without an account") || len(s.Calls) > 0 {
		t.Errorf("got %v after %d calls", err, len(s.Calls))
	}
}
