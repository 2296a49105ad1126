package infra

import (
	"fmt"
	"strings"
	"testing"

	"scheduled-messages/infra/config"
)

// existingKeys are values of the keys of what is there already. Together they are a stack onto a cluster in a VPC.
var existingKeys = map[string]string{
	"vpcId":                  "vpc-0a1b2c3d4e5f67890",
	"privateSubnetIds":       `["subnet-0a1b2c3d4e5f67890","subnet-1a1b2c3d4e5f67890"]`,
	"clusterIdentifier":      "orders",
	"adminSecretArn":         "arn:aws:secretsmanager:us-east-1:111122223333:secret:orders/admin-AbCdEf",
	"kmsKeyArn":              "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
	"permissionsBoundaryArn": "arn:aws:iam::111122223333:policy/boundary",
	"iamPath":                "/teams/",
	"namePrefix":             "team-a-",
}

// existingModes are the ways onto what is there already, by the keys that make them.
var existingModes = map[string]map[string]string{
	"VPC":      chosen("vpcId", "privateSubnetIds"),
	"cluster":  chosen("vpcId", "privateSubnetIds", "clusterIdentifier", "adminSecretArn"),
	"instance": with(chosen("vpcId", "privateSubnetIds", "adminSecretArn"), map[string]string{"instanceIdentifier": "orders"}),
}

// chosen are some of the existing keys.
func chosen(keys ...string) map[string]string {
	some := map[string]string{}
	for _, key := range keys {
		some[key] = existingKeys[key]
	}
	return some
}

func TestExistingThingsAreTakenInEveryCombinationThatMakesSense(t *testing.T) {
	one, two := `["subnet-2a1b2c3d4e5f67890"]`, `["subnet-2a1b2c3d4e5f67890","subnet-3a1b2c3d4e5f67890"]`
	for name, mode := range existingModes {
		for what, more := range map[string]map[string]string{
			"alone":                   nil,
			"an endpoint's group":     {"secretsManagerEndpoint": "sg-0a1b2c3d4e5f67890"},
			"another way out":         {"secretsManagerEndpoint": "none"},
			"single":                  with(modes["single"], map[string]string{"publicSubnetIds": one}),
			"network":                 with(modes["network"], map[string]string{"publicSubnetIds": two}),
			"classic":                 with(modes["classic"], map[string]string{"publicSubnetIds": two}),
			"a key, a path, a prefix": chosen("kmsKeyArn", "permissionsBoundaryArn", "iamPath", "namePrefix"),
			"protected":               {"protectData": "true"},
		} {
			if _, err := load(settings(t, with(mode, more))); err != nil {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
	}
	withGroup := with(existingModes["instance"], map[string]string{"databaseSecurityGroupId": "sg-0a1b2c3d"})
	if cfg, err := load(settings(t, withGroup)); err != nil || !cfg.Existing.Database() || !cfg.Existing.Network() {
		t.Errorf("got %+v, %v", cfg, err)
	}
}

func TestExistingThingsThatContradictEachOtherAreRefused(t *testing.T) {
	private, vpc, cluster := existingKeys["privateSubnetIds"], existingModes["VPC"], existingModes["cluster"]
	one, two := `["subnet-2a1b2c3d4e5f67890"]`, `["subnet-2a1b2c3d4e5f67890","subnet-3a1b2c3d4e5f67890"]`
	for name, test := range map[string]struct {
		changes map[string]string
		want    string
	}{
		"a VPC without subnets": {chosen("vpcId"),
			"privateSubnetIds is []: must be two subnets or more with vpcId vpc-0a1b2c3d4e5f67890"},
		"subnets without a VPC": {map[string]string{"privateSubnetIds": private}, "must be none without vpcId"},
		"public subnets without a VPC": {map[string]string{"publicSubnetIds": one},
			"publicSubnetIds is [subnet-2a1b2c3d4e5f67890]: must be none without vpcId"},
		"public subnets for nobody": {with(vpc, map[string]string{"publicSubnetIds": one}),
			"must be none with externalAccess none"},
		"nobody's public subnets": {with(vpc, modes["single"]), "publicSubnetIds is []: must be one subnet or more"},
		"one public subnet for two": {with(vpc, with(modes["network"], map[string]string{"publicSubnetIds": one})),
			"must be two subnets or more with externalAccess ha"},
		"two public subnets for one": {with(vpc, with(modes["single"], map[string]string{"publicSubnetIds": two})),
			"must be one subnet with externalAccess single"},
		"a range for a VPC that has one": {with(vpc, map[string]string{"vpcCidr": "10.20.0.0/16"}),
			"vpcCidr is 10.20.0.0/16: must be 10.10.0.0/16, the default, with vpcId"},
		"zones of subnets that have them": {with(vpc, map[string]string{"zones": given["zones"]}),
			"zones is us-east-1a, us-east-1b: must be none with vpcId"},
		"no endpoint in our own VPC": {map[string]string{"secretsManagerEndpoint": "none"},
			"secretsManagerEndpoint is none: must be create, the default, without vpcId"},
		"a cluster from our own VPC": {chosen("clusterIdentifier", "adminSecretArn"),
			"clusterIdentifier is orders: must be none without vpcId"},
		"an instance from our own VPC": {with(chosen("adminSecretArn"), map[string]string{"instanceIdentifier": "orders"}),
			"instanceIdentifier is orders: must be none without vpcId"},
		"two databases": {with(cluster, map[string]string{"instanceIdentifier": "shop"}),
			"instanceIdentifier is shop: must be none with clusterIdentifier orders"},
		"a database without a secret": {chosen("vpcId", "privateSubnetIds", "clusterIdentifier"),
			"adminSecretArn is none: must be the ARN of a secret"},
		"a secret without a database": {with(vpc, chosen("adminSecretArn")),
			"must be none without clusterIdentifier or instanceIdentifier"},
		"a group without a database": {with(vpc, map[string]string{"databaseSecurityGroupId": "sg-0a1b2c3d"}),
			"databaseSecurityGroupId is sg-0a1b2c3d: must be none without"},
		"a secret of another region": {with(cluster,
			map[string]string{"adminSecretArn": strings.Replace(existingKeys["adminSecretArn"], "us-east-1", "eu-west-1", 1)}),
			"must be a secret of aws:region, us-east-1"},
		"a key of another region": {map[string]string{"kmsKeyArn": strings.Replace(existingKeys["kmsKeyArn"], "us-east-1",
			"eu-west-1", 1)}, "must be a key of aws:region, us-east-1"},
		"capacity of somebody's cluster": {with(cluster, map[string]string{"maxCapacity": "8"}),
			"maxCapacity is 8: must be 4, the default, with clusterIdentifier"},
		"readers of somebody's cluster": {with(cluster, map[string]string{"readers": "1"}), "readers is 1: must be 0, the default"},
		"the version of somebody's": {with(cluster, map[string]string{"engineVersion": "8.0.mysql_aurora.3.11.0"}),
			"engineVersion is 8.0.mysql_aurora.3.11.0: must be"},
		"backups of somebody's instance": {with(existingModes["instance"], map[string]string{"backupRetentionDays": "8"}),
			"backupRetentionDays is 8: must be 7, the default"},
	} {
		if _, err := load(settings(t, test.changes)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
	}
}

func TestDefaultsOfOurOwnNetworkAndClusterAreThoseOfTheProject(t *testing.T) {
	cfg, err := load(settings(t, nil))
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
