package infra

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"golang.org/x/sync/errgroup"
)

// zonesUsed is how many of a region's zones are taken when none are configured: the least that RDS and RDS Proxy
// accept, because the endpoint is paid for by zone.
const zonesUsed = 2

// withoutProxy are the zones that RDS Proxy does not serve, by their ids, which are the same in every account.
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.html
var withoutProxy = []string{"use1-az3", "usw1-az2"}

// lookUp asks AWS for what is not configured, for all of it at once; with both keys configured it asks nothing.
func lookUp(ctx *pulumi.Context, cfg *Config) error {
	var group errgroup.Group
	if len(cfg.Zones) == 0 {
		group.Go(func() (err error) {
			cfg.Zones, err = zonesServed(ctx)
			return err
		})
	}
	if cfg.SecretsExtensionLayerARN == "" {
		group.Go(func() error {
			name := fmt.Sprintf("/aws/service/aws-parameters-and-secrets-lambda-extension/%s/latest", processors[cfg.LambdaArchitecture].extension)
			found, err := ssm.LookupParameter(ctx, &ssm.LookupParameterArgs{Name: name})
			if err != nil {
				return fmt.Errorf("secretsExtensionLayerArn: %w", err)
			}
			cfg.SecretsExtensionLayerARN = found.Value
			return nil
		})
	}
	return group.Wait()
}

// zonesServed are the region's first zones that RDS Proxy and the endpoint serve.
func zonesServed(ctx *pulumi.Context) ([]string, error) {
	var group errgroup.Group
	var zones *aws.GetAvailabilityZonesResult
	group.Go(func() (err error) {
		// No filter by state: a zone that is impaired for an hour must not move the subnets.
		zones, err = aws.GetAvailabilityZones(ctx, &aws.GetAvailabilityZonesArgs{
			ExcludeZoneIds:       withoutProxy,
			AllAvailabilityZones: pulumi.BoolRef(true),
			Filters: []aws.GetAvailabilityZonesFilter{
				{Name: "opt-in-status", Values: []string{"opt-in-not-required"}}, // no local zones
				{Name: "zone-type", Values: []string{"availability-zone"}},
			},
		})
		if err != nil {
			return fmt.Errorf("zones: %w", err)
		}
		return nil
	})
	var endpoint *ec2.LookupVpcEndpointServiceResult
	group.Go(func() (err error) {
		endpoint, err = ec2.LookupVpcEndpointService(ctx, &ec2.LookupVpcEndpointServiceArgs{
			Service: pulumi.StringRef("secretsmanager"), ServiceType: pulumi.StringRef("Interface"),
		})
		if err != nil {
			return fmt.Errorf("zones of the endpoint: %w", err)
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	served := slices.DeleteFunc(zones.Names, func(zone string) bool { return !slices.Contains(endpoint.AvailabilityZones, zone) })
	if len(served) < zonesUsed {
		return nil, fmt.Errorf("zones: RDS Proxy and the endpoint of Secrets Manager serve %v in this region: allowed is a region with %d or more", served, zonesUsed)
	}
	return served[:zonesUsed], nil
}
