package lookup

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/network"
)

// lookUpEndpoints finds the interface endpoints of an existing VPC that this stack needs. Private DNS of a service can exist
// once in a VPC: one that is there is used, or has to be named, and never made a second time.
func lookUpEndpoints(ctx *pulumi.Context, cfg *config.Config) (problems []error) {
	e, found := &cfg.Existing, &cfg.Found
	there, err := lookUpEndpoint(ctx, cfg, "secretsmanager")
	if err != nil {
		return []error{err}
	}
	switch group := e.EndpointGroup(); {
	case e.SecretsManagerEndpoint == config.EndpointCreate && there != nil:
		problems = append(problems, fmt.Errorf("secretsManagerEndpoint is create: %s has an endpoint of Secrets Manager with "+
			"private DNS, %s: "+
			"must be its security group, %s", e.VPCID, there.Id, strings.Join(there.SecurityGroupIds, " or ")))
	case group != "" && there == nil:
		problems = append(problems, fmt.Errorf("secretsManagerEndpoint is %s: %s has no endpoint of Secrets Manager with private "+
			"DNS: must be "+
			"create, or none where the subnets have another way out", group, e.VPCID))
	case group != "" && !slices.Contains(there.SecurityGroupIds, group):
		problems = append(problems, fmt.Errorf("secretsManagerEndpoint is %s: must be a security group of %s: %s", group, there.Id,
			strings.Join(there.SecurityGroupIds, " or ")))
	case cfg.NoEndpoint() && there != nil:
		found.Warnings = append(found.Warnings, fmt.Sprintf("secretsManagerEndpoint is none: %s has an endpoint of Secrets Manager "+
			"with private DNS, %s, which all requests from its subnets go through: name its security group, %s, unless that lets the "+
			"addresses of privateSubnetIds in", e.VPCID, there.Id, strings.Join(there.SecurityGroupIds, " or ")))
	case group != "" && !allowsUnnamedSecrets(there.Policy):
		found.Warnings = append(found.Warnings, fmt.Sprintf("secretsManagerEndpoint is %s: the policy of %s allows no secrets but "+
			"those that it names: without this stack's and adminSecretArn among them, its functions cannot read their passwords",
			group, there.Id))
	}
	if !cfg.External() {
		return problems
	}
	found.SessionGroups = map[string]string{}
	for _, service := range network.SessionServices() {
		there, err := lookUpEndpoint(ctx, cfg, service)
		if err != nil {
			problems = append(problems, err)
		} else if there != nil && len(there.SecurityGroupIds) > 0 {
			found.SessionGroups[service] = there.SecurityGroupIds[0]
		}
	}
	name := fmt.Sprintf("com.amazonaws.%s.s3", config.Region(ctx))
	list, err := ec2.LookupManagedPrefixList(ctx, &ec2.LookupManagedPrefixListArgs{Name: &name})
	if err != nil {
		return append(problems, fmt.Errorf("prefix list of S3, where HAProxy's packages are: %w", err))
	}
	found.PackagesPrefixListID = list.Id
	return problems
}

// lookUpEndpoint finds the one interface endpoint of a service that has private DNS and is not this stack's, nil without one.
func lookUpEndpoint(ctx *pulumi.Context, cfg *config.Config, service string) (*ec2.LookupVpcEndpointResult, error) {
	name := fmt.Sprintf("com.amazonaws.%s.%s", config.Region(ctx), service)
	there, err := ec2.LookupVpcEndpoint(ctx, &ec2.LookupVpcEndpointArgs{
		VpcId: &cfg.Existing.VPCID, ServiceName: &name,
		Filters: []ec2.GetVpcEndpointFilter{{Name: "vpc-endpoint-state",
			Values: []string{"available", "pending", "pendingAcceptance"}}},
	})
	switch {
	case err != nil && strings.Contains(err.Error(), "no matching"):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("vpcId is %s: its endpoint of %s: %w", cfg.Existing.VPCID, service, err)
	case !there.PrivateDnsEnabled ||
		there.Tags[config.StackTag] == cfg.Tags[config.StackTag] && there.Tags["Name"] == config.EndpointName(ctx):
		return nil, nil
	}
	return there, nil
}
