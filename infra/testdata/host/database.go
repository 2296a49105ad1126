package main

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// cluster is an Aurora MySQL cluster with one instance and a parameter group of its own.
func cluster(
	ctx *pulumi.Context,
	subnets *rds.SubnetGroup,
	group *ec2.SecurityGroup,
) (identifier pulumi.StringOutput, err error) {
	parameters, err := rds.NewClusterParameterGroup(ctx, "host", &rds.ClusterParameterGroupArgs{
		Family: pulumi.String("aurora-mysql8.0"), Tags: tags, Parameters: rds.ClusterParameterGroupParameterArray{
			rds.ClusterParameterGroupParameterArgs{Name: pulumi.String("time_zone"), Value: pulumi.String("Europe/Berlin")}}})
	if err != nil {
		return identifier, err
	}
	made, err := rds.NewCluster(ctx, "host", &rds.ClusterArgs{
		ClusterIdentifier:           pulumi.String("orders"),
		Engine:                      pulumi.String("aurora-mysql"),
		EngineVersion:               pulumi.String("8.0.mysql_aurora.3.10.4"),
		DatabaseName:                pulumi.String("orders"),
		MasterUsername:              pulumi.String(masterUser),
		MasterPassword:              pulumi.String(masterPassword),
		DbSubnetGroupName:           subnets.Name,
		DbClusterParameterGroupName: parameters.Name,
		VpcSecurityGroupIds:         pulumi.StringArray{group.ID()},
		SkipFinalSnapshot:           pulumi.Bool(true),
		Tags:                        tags,
	})
	if err != nil {
		return identifier, err
	}
	_, err = rds.NewClusterInstance(ctx, "host", &rds.ClusterInstanceArgs{
		ClusterIdentifier: made.ClusterIdentifier,
		Engine:            pulumi.String("aurora-mysql"),
		InstanceClass:     pulumi.String("db.r6g.large"),
		Tags:              tags,
	})
	return made.ClusterIdentifier, err
}

// instance is an RDS for MySQL instance with a parameter group of its own.
func instance(
	ctx *pulumi.Context,
	subnets *rds.SubnetGroup,
	group *ec2.SecurityGroup,
) (identifier pulumi.StringOutput, err error) {
	parameters, err := rds.NewParameterGroup(ctx, "host", &rds.ParameterGroupArgs{
		Family: pulumi.String("mysql8.4"), Tags: tags, Parameters: rds.ParameterGroupParameterArray{
			rds.ParameterGroupParameterArgs{Name: pulumi.String("time_zone"), Value: pulumi.String("Europe/Berlin")}}})
	if err != nil {
		return identifier, err
	}
	made, err := rds.NewInstance(ctx, "host", &rds.InstanceArgs{
		Identifier:          pulumi.String("orders"),
		Engine:              pulumi.String("mysql"),
		EngineVersion:       pulumi.String("8.4.6"),
		InstanceClass:       pulumi.String("db.m7g.large"),
		AllocatedStorage:    pulumi.Int(20),
		DbName:              pulumi.String("orders"),
		Username:            pulumi.String(masterUser),
		Password:            pulumi.String(masterPassword),
		DbSubnetGroupName:   subnets.Name,
		ParameterGroupName:  parameters.Name,
		VpcSecurityGroupIds: pulumi.StringArray{group.ID()},
		SkipFinalSnapshot:   pulumi.Bool(true),
		Tags:                tags,
	})
	if err != nil {
		return identifier, err
	}
	return made.Identifier, nil
}
