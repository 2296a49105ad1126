package lookup

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/secretsmanager"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
)

// takenVersions are those that RDS Proxy takes and the functions are tested with. RDS ended MySQL 5.7's standard support in 2024.
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.Aurora_Fea_Regions_DB-eng.Feature.RDS_Proxy.html
var takenVersions = regexp.MustCompile(`^8\.[04]\.`)

// described is what AWS says of a database, by the same names for a cluster and an instance.
type described struct {
	config.FoundDatabase
	subnetGroup string
	groups      []string
	refused     string // why RDS Proxy does not take it, or this program
}

// lookUpDatabase finds the existing database and refuses what RDS Proxy does not take and what the functions would not reach.
func lookUpDatabase(ctx *pulumi.Context, cfg *config.Config) error {
	e := &cfg.Existing
	key, id := "clusterIdentifier", e.ClusterID
	look := lookUpCluster
	if id == "" {
		key, id, look = "instanceIdentifier", e.InstanceID, lookUpInstance
	}
	found, err := look(ctx, id)
	if err != nil {
		return fmt.Errorf("%s is %s: must be one of this account and Region: %w", key, id, err)
	}
	if found.refused != "" {
		return fmt.Errorf("%s is %s: %s", key, id, found.refused)
	}
	if !takenVersions.MatchString(found.Version) {
		return fmt.Errorf("%s is %s: its version is %s: must be Aurora MySQL 3, MySQL 8.0, or a later one", key, id, found.Version)
	}
	subnets, err := rds.LookupSubnetGroup(ctx, &rds.LookupSubnetGroupArgs{Name: found.subnetGroup})
	if err != nil {
		return fmt.Errorf("%s is %s: its subnet group: %w", key, id, err)
	}
	var problems []error
	if subnets.VpcId != e.VPCID {
		problems = append(problems, fmt.Errorf("%s is %s: it is in %s: must be in vpcId, %s", key, id, subnets.VpcId, e.VPCID))
	}
	switch wanted := e.DatabaseSecurityGroupID; {
	case wanted != "" && !slices.Contains(found.groups, wanted):
		problems = append(problems, fmt.Errorf("databaseSecurityGroupId is %s: must be a security group of %s: %s", wanted, id,
			strings.Join(found.groups, " or ")))
	case wanted != "":
		found.GroupID = wanted
	case len(found.groups) != 1:
		problems = append(
			problems,
			fmt.Errorf("databaseSecurityGroupId is none: %s has %d security groups: must be one of them: %s", id,
				len(found.groups), strings.Join(found.groups, " or ")),
		)
	default:
		found.GroupID = found.groups[0]
	}
	if _, err := secretsmanager.LookupSecret(ctx, &secretsmanager.LookupSecretArgs{Arn: &e.AdminSecretARN}); err != nil {
		problems = append(problems, fmt.Errorf("adminSecretArn is %s: must be a secret of this account and Region: %w",
			e.AdminSecretARN, err))
	}
	cfg.Found.Database = found.FoundDatabase
	return errors.Join(problems...)
}

func lookUpCluster(ctx *pulumi.Context, id string) (described, error) {
	c, err := rds.LookupCluster(ctx, &rds.LookupClusterArgs{ClusterIdentifier: id})
	if err != nil {
		return described{}, err
	}
	d := described{
		FoundDatabase: config.FoundDatabase{Endpoint: c.Endpoint, Port: c.Port, Engine: c.Engine, Version: c.EngineVersion},
		subnetGroup:   c.DbSubnetGroupName,
		groups:        c.VpcSecurityGroupIds,
	}
	switch {
	case c.Engine != "aurora-mysql":
		d.refused = fmt.Sprintf("its engine is %s: must be aurora-mysql", c.Engine)
	case c.EngineMode == "serverless":
		d.refused = "it is a Serverless v1 cluster, which RDS Proxy does not take: must be provisioned or Serverless v2"
	}
	return d, nil
}

func lookUpInstance(ctx *pulumi.Context, id string) (described, error) {
	i, err := rds.LookupInstance(ctx, &rds.LookupInstanceArgs{DbInstanceIdentifier: &id})
	if err != nil {
		return described{}, err
	}
	d := described{
		FoundDatabase: config.FoundDatabase{Endpoint: i.Address, Port: i.Port, Engine: i.Engine, Version: i.EngineVersion},
		subnetGroup:   i.DbSubnetGroup,
		groups:        i.VpcSecurityGroups,
	}
	switch {
	case i.DbClusterIdentifier != "":
		d.refused = "it is one of cluster " + i.DbClusterIdentifier + ": must be an instance of its own; set clusterIdentifier instead"
	case i.Engine != "mysql":
		d.refused = fmt.Sprintf("its engine is %s: must be mysql, as RDS Proxy takes no MariaDB and the functions no other", i.Engine)
	case i.ReplicateSourceDb != "":
		d.refused = "it is a replica of " + i.ReplicateSourceDb + ", which takes no writes: must be its source"
	}
	return d, nil
}
