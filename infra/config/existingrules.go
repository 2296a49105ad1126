package config

import (
	"fmt"
	"strings"
)

// DefaultCIDR and the values of OwnCluster are the defaults of Pulumi.yaml for keys of what the stack makes by itself: set to
// anything else next to what is there already, such a key would do nothing.
const DefaultCIDR = "10.10.0.0/16"

// OwnCluster are the keys of a cluster of the stack's own, with the value that each has and its default.
func (c *Config) OwnCluster() []struct {
	Key            string
	Value, Initial any
} {
	return []struct {
		Key            string
		Value, Initial any
	}{
		{"minCapacity", c.MinCapacity, 0.5},
		{"maxCapacity", c.MaxCapacity, 4.0},
		{"autoPauseSeconds", c.AutoPauseSeconds, 0},
		{"readers", c.Readers, 0},
		{"engineVersion", c.EngineVersion, "8.0.mysql_aurora.3.10.4"},
		{"backupRetentionDays", c.BackupRetentionDays, 7},
	}
}

// existingConstraints are the rules between the keys of what is there already, and between them and others. region is empty
// where nothing says it.
func (c *Config) existingConstraints(region string) []constraint {
	e := &c.Existing
	elsewhere := func(arn string) bool { return arn != "" && region != "" && strings.Split(arn, ":")[3] != region }
	needs := func(key string, value any, missing bool, allowed string, with ...string) constraint {
		return constraint{keys: append([]string{key}, with...), Broken: missing, value: value, allowed: allowed}
	}
	all := []constraint{
		needs("privateSubnetIds", "[]", e.Network() && len(e.PrivateSubnetIDs) == 0, "two subnets or more with vpcId "+e.VPCID,
			"vpcId"),
		needs("privateSubnetIds", e.PrivateSubnetIDs, !e.Network() && len(e.PrivateSubnetIDs) > 0,
			"none without vpcId, which says where they are", "vpcId"),
		needs("publicSubnetIds", e.PublicSubnetIDs, !e.Network() && len(e.PublicSubnetIDs) > 0,
			"none without vpcId, which says where they are", "vpcId"),
		needs("publicSubnetIds", e.PublicSubnetIDs, e.Network() && !c.External() && len(e.PublicSubnetIDs) > 0,
			"none with externalAccess none", "externalAccess", "vpcId"),
		needs("publicSubnetIds", "[]", e.Network() && c.External() && len(e.PublicSubnetIDs) == 0,
			"one subnet or more with a route to an internet gateway, with vpcId and externalAccess "+c.ExternalAccess,
			"externalAccess", "vpcId"),
		needs("publicSubnetIds", e.PublicSubnetIDs, e.Network() && c.ExternalAccess == AccessHA && len(e.PublicSubnetIDs) == 1,
			"two subnets or more with externalAccess ha", "externalAccess", "vpcId"),
		needs("publicSubnetIds", e.PublicSubnetIDs, e.Network() && c.ExternalAccess == AccessSingle && len(e.PublicSubnetIDs) > 1,
			"one subnet with externalAccess single, for its one instance", "externalAccess", "vpcId"),
		needs("vpcCidr", c.VPCCIDR, e.Network() && c.VPCCIDR.String() != DefaultCIDR,
			DefaultCIDR+", the default, with vpcId: the VPC has its range", "vpcId"),
		needs("zones", strings.Join(c.Zones, ", "), e.Network() && len(c.Zones) > 0,
			"none with vpcId: the zones are those of privateSubnetIds", "vpcId"),
		needs("secretsManagerEndpoint", e.SecretsManagerEndpoint, !e.Network() && e.SecretsManagerEndpoint != EndpointCreate,
			"create, the default, without vpcId: in a VPC of the stack's own there is no other way", "vpcId"),
		needs("instanceIdentifier", e.InstanceID, e.ClusterID != "" && e.InstanceID != "",
			"none with clusterIdentifier "+e.ClusterID, "clusterIdentifier"),
		needs("adminSecretArn", none, e.Database() && e.AdminSecretARN == "",
			"the ARN of a secret with clusterIdentifier or instanceIdentifier", "clusterIdentifier", "instanceIdentifier"),
		needs("adminSecretArn", e.AdminSecretARN, !e.Database() && e.AdminSecretARN != "",
			"none without clusterIdentifier or instanceIdentifier: a cluster of the stack's own has its own", "clusterIdentifier",
			"instanceIdentifier"),
		needs("adminSecretArn", e.AdminSecretARN, elsewhere(e.AdminSecretARN), "a secret of aws:region, "+region),
		needs("databaseSecurityGroupId", e.DatabaseSecurityGroupID, !e.Database() && e.DatabaseSecurityGroupID != "",
			"none without clusterIdentifier or instanceIdentifier", "clusterIdentifier", "instanceIdentifier"),
		needs("kmsKeyArn", e.KMSKeyARN, elsewhere(e.KMSKeyARN), "a key of aws:region, "+region),
	}
	for key, id := range map[string]string{"clusterIdentifier": e.ClusterID, "instanceIdentifier": e.InstanceID} {
		all = append(all, needs(key, id, id != "" && !e.Network(),
			"none without vpcId: a database that is there is in a VPC that is there, by which the stack reaches it", "vpcId"))
	}
	for _, own := range c.OwnCluster() {
		all = append(all, needs(own.Key, own.Value, e.Database() && own.Value != own.Initial,
			fmt.Sprintf("%v, the default, with clusterIdentifier or instanceIdentifier: it is of a cluster of the stack's own",
				own.Initial),
			"clusterIdentifier", "instanceIdentifier"))
	}
	return all
}
