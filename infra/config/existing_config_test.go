package config_test

import (
	"fmt"
	"strings"
	"testing"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/internal/infratest"
)

func TestExistingThingsAreTakenInEveryCombinationThatMakesSense(t *testing.T) {
	one, two := `["subnet-2a1b2c3d4e5f67890"]`, `["subnet-2a1b2c3d4e5f67890","subnet-3a1b2c3d4e5f67890"]`
	for name, mode := range infratest.ExistingModes {
		for what, more := range map[string]map[string]string{
			"alone":                   nil,
			"an endpoint's group":     {"secretsManagerEndpoint": "sg-0a1b2c3d4e5f67890"},
			"another way out":         {"secretsManagerEndpoint": "none"},
			"single":                  infratest.With(infratest.Modes["single"], map[string]string{"publicSubnetIds": one}),
			"network":                 infratest.With(infratest.Modes["network"], map[string]string{"publicSubnetIds": two}),
			"classic":                 infratest.With(infratest.Modes["classic"], map[string]string{"publicSubnetIds": two}),
			"a key, a path, a prefix": infratest.Chosen("kmsKeyArn", "permissionsBoundaryArn", "iamPath", "namePrefix"),
			"protected":               {"protectData": "true"},
		} {
			if _, err := infratest.Load(infratest.Settings(t, infratest.With(mode, more))); err != nil {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
	}
	withGroup := infratest.With(infratest.ExistingModes["instance"], map[string]string{"databaseSecurityGroupId": "sg-0a1b2c3d"})
	if cfg, err := infratest.Load(infratest.Settings(t, withGroup)); err != nil || !cfg.Existing.Database() || !cfg.Existing.Network() {
		t.Errorf("got %+v, %v", cfg, err)
	}
}

func TestExistingThingsThatContradictEachOtherAreRefused(t *testing.T) {
	private, vpc, cluster := infratest.ExistingKeys["privateSubnetIds"], infratest.ExistingModes["VPC"], infratest.ExistingModes["cluster"]
	one, two := `["subnet-2a1b2c3d4e5f67890"]`, `["subnet-2a1b2c3d4e5f67890","subnet-3a1b2c3d4e5f67890"]`
	for name, test := range map[string]struct {
		changes map[string]string
		want    string
	}{
		"a VPC without subnets": {infratest.Chosen("vpcId"),
			"privateSubnetIds is []: must be two subnets or more with vpcId vpc-0a1b2c3d4e5f67890"},
		"subnets without a VPC": {map[string]string{"privateSubnetIds": private}, "must be none without vpcId"},
		"public subnets without a VPC": {map[string]string{"publicSubnetIds": one},
			"publicSubnetIds is [subnet-2a1b2c3d4e5f67890]: must be none without vpcId"},
		"public subnets for nobody": {infratest.With(vpc, map[string]string{"publicSubnetIds": one}),
			"must be none with externalAccess none"},
		"nobody's public subnets": {infratest.With(vpc, infratest.Modes["single"]), "publicSubnetIds is []: must be one subnet or more"},
		"one public subnet for two": {infratest.With(vpc, infratest.With(infratest.Modes["network"], map[string]string{"publicSubnetIds": one})),
			"must be two subnets or more with externalAccess ha"},
		"two public subnets for one": {infratest.With(vpc, infratest.With(infratest.Modes["single"], map[string]string{"publicSubnetIds": two})),
			"must be one subnet with externalAccess single"},
		"a range for a VPC that has one": {infratest.With(vpc, map[string]string{"vpcCidr": "10.20.0.0/16"}),
			"vpcCidr is 10.20.0.0/16: must be 10.10.0.0/16, the default, with vpcId"},
		"zones of subnets that have them": {infratest.With(vpc, map[string]string{"zones": infratest.Given["zones"]}),
			"zones is us-east-1a, us-east-1b: must be none with vpcId"},
		"no endpoint in our own VPC": {map[string]string{"secretsManagerEndpoint": "none"},
			"secretsManagerEndpoint is none: must be create, the default, without vpcId"},
		"a cluster from our own VPC": {infratest.Chosen("clusterIdentifier", "adminSecretArn"),
			"clusterIdentifier is orders: must be none without vpcId"},
		"an instance from our own VPC": {infratest.With(infratest.Chosen("adminSecretArn"), map[string]string{"instanceIdentifier": "orders"}),
			"instanceIdentifier is orders: must be none without vpcId"},
		"two databases": {infratest.With(cluster, map[string]string{"instanceIdentifier": "shop"}),
			"instanceIdentifier is shop: must be none with clusterIdentifier orders"},
		"a database without a secret": {infratest.Chosen("vpcId", "privateSubnetIds", "clusterIdentifier"),
			"adminSecretArn is none: must be the ARN of a secret"},
		"a secret without a database": {infratest.With(vpc, infratest.Chosen("adminSecretArn")),
			"must be none without clusterIdentifier or instanceIdentifier"},
		"a group without a database": {infratest.With(vpc, map[string]string{"databaseSecurityGroupId": "sg-0a1b2c3d"}),
			"databaseSecurityGroupId is sg-0a1b2c3d: must be none without"},
		"a secret of another region": {infratest.With(cluster,
			map[string]string{"adminSecretArn": strings.Replace(infratest.ExistingKeys["adminSecretArn"], "us-east-1", "eu-west-1", 1)}),
			"must be a secret of aws:region, us-east-1"},
		"a key of another region": {map[string]string{"kmsKeyArn": strings.Replace(infratest.ExistingKeys["kmsKeyArn"], "us-east-1",
			"eu-west-1", 1)}, "must be a key of aws:region, us-east-1"},
		"capacity of somebody's cluster": {infratest.With(cluster, map[string]string{"maxCapacity": "8"}),
			"maxCapacity is 8: must be 4, the default, with clusterIdentifier"},
		"readers of somebody's cluster": {infratest.With(cluster, map[string]string{"readers": "1"}), "readers is 1: must be 0, the default"},
		"the version of somebody's": {infratest.With(cluster, map[string]string{"engineVersion": "8.0.mysql_aurora.3.11.0"}),
			"engineVersion is 8.0.mysql_aurora.3.11.0: must be"},
		"backups of somebody's instance": {infratest.With(infratest.ExistingModes["instance"], map[string]string{"backupRetentionDays": "8"}),
			"backupRetentionDays is 8: must be 7, the default"},
	} {
		if _, err := infratest.Load(infratest.Settings(t, test.changes)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
	}
}

func TestDefaultsOfOurOwnNetworkAndClusterAreThoseOfTheProject(t *testing.T) {
	cfg, err := infratest.Load(infratest.Settings(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	if cfg.VPCCIDR.String() != config.DefaultCIDR {
		t.Errorf("vpcCidr: the default is %s", cfg.VPCCIDR)
	}
	for _, own := range cfg.OwnCluster() {
		if fmt.Sprint(own.Value) != fmt.Sprint(own.Initial) || own.Value != own.Initial {
			t.Errorf("%s: the default is %v", own.Key, own.Value)
		}
	}
}
