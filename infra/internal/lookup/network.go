package lookup

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
)

// lookUpNetwork finds the existing VPC and its subnets, and refuses what RDS Proxy, the functions or HAProxy cannot work in. The
// zones of the configuration become those of the private subnets.
func lookUpNetwork(ctx *pulumi.Context, cfg *config.Config) error {
	e := &cfg.Existing
	vpc, err := ec2.LookupVpc(ctx, &ec2.LookupVpcArgs{Id: &e.VPCID})
	if err != nil {
		return fmt.Errorf("vpcId is %s: must be a VPC of this account and Region: %w", e.VPCID, err)
	}
	if e.SecretsManagerEndpoint == config.EndpointCreate && !(vpc.EnableDnsSupport && vpc.EnableDnsHostnames) {
		return fmt.Errorf(
			"vpcId is %s: must be a VPC with DNS support and DNS hostnames on, which private DNS of an endpoint needs, or "+
				"secretsManagerEndpoint none",
			e.VPCID,
		)
	}
	z, err := lookUpZones(ctx, cfg)
	if err != nil {
		return err
	}
	if err := z.warn(ctx); err != nil {
		return err
	}
	found := &cfg.Found
	if found.Private, err = lookUpSubnets(ctx, "privateSubnetIds", e.PrivateSubnetIDs, e.VPCID); err != nil {
		return err
	}
	if found.Public, err = lookUpSubnets(ctx, "publicSubnetIds", e.PublicSubnetIDs, e.VPCID); err != nil {
		return err
	}
	problems := append(checkSubnets("privateSubnetIds", found.Private, z), checkSubnets("publicSubnetIds", found.Public, nil)...)
	for _, subnet := range found.Private {
		cfg.Zones = append(cfg.Zones, subnet.Zone)
	}
	return errors.Join(append(problems, checkRoutes(ctx, cfg)...)...)
}

// lookUpSubnets finds the subnets of a key, which have to be in the VPC.
func lookUpSubnets(ctx *pulumi.Context, key string, ids []string, vpc string) (all []config.FoundSubnet, err error) {
	for _, id := range ids {
		found, err := ec2.LookupSubnet(ctx, &ec2.LookupSubnetArgs{Id: &id})
		if err != nil {
			return nil, fmt.Errorf("%s is %s: %s: must be a subnet of this account and Region: %w", key, strings.Join(ids, ", "), id, err)
		}
		if found.VpcId != vpc {
			return nil, fmt.Errorf("%s is %s: %s is in %s: must be subnets of vpcId, %s", key, strings.Join(ids, ", "), id,
				found.VpcId, vpc)
		}
		all = append(all, config.FoundSubnet{ID: id, Zone: found.AvailabilityZone, ZoneID: found.AvailabilityZoneId})
	}
	return all, nil
}

// checkSubnets refuses two subnets in one zone, which neither an endpoint nor a load balancer takes, and zones that lack what the
// stack needs there; z is nil where it needs nothing.
func checkSubnets(key string, subnets []config.FoundSubnet, z *zoneMap) (problems []error) {
	var ids, zones []string
	for _, one := range subnets {
		ids, zones = append(ids, one.ID), append(zones, one.Zone)
	}
	for i, one := range subnets {
		if slices.Contains(zones[:i], one.Zone) {
			problems = append(problems, fmt.Errorf("%s is %s: two of them are in %s: must be one a zone", key, strings.Join(ids, ", "),
				one.Zone))
		}
		if z == nil {
			continue
		}
		z.ids[one.Zone] = one.ZoneID // also of a zone that is opted in
		if missing := z.lacks(one.Zone, true); len(missing) > 0 {
			problems = append(problems, fmt.Errorf("%s is %s: %s is in %s (%s), which lacks %s: must be in zones that have it", key,
				strings.Join(ids, ", "), one.ID, one.Zone, one.ZoneID, strings.Join(missing, ", ")))
		}
	}
	return problems
}

// checkRoutes refuses public subnets that the internet does not reach, and private ones without a way to Secrets Manager.
func checkRoutes(ctx *pulumi.Context, cfg *config.Config) (problems []error) {
	for _, subnet := range cfg.Found.Public {
		route, err := defaultRoute(ctx, subnet.ID, cfg.Existing.VPCID)
		if err == nil && !strings.HasPrefix(route.GatewayId, "igw-") {
			err = fmt.Errorf("publicSubnetIds: %s has no route to an internet gateway: must be subnets that have one", subnet.ID)
		}
		if err != nil {
			problems = append(problems, err)
		}
	}
	if cfg.Existing.SecretsManagerEndpoint != config.EndpointNone {
		return append(problems, lookUpEndpoints(ctx, cfg)...)
	}
	for _, subnet := range cfg.Found.Private {
		route, err := defaultRoute(ctx, subnet.ID, cfg.Existing.VPCID)
		if err == nil && (route.DestinationPrefixListId == "" && route.CidrBlock == "" || strings.HasPrefix(route.GatewayId, "igw-")) {
			err = fmt.Errorf(
				"secretsManagerEndpoint is none: %s has no route out through a NAT gateway or the like: must be create, or the "+
					"security group of an endpoint that is there; through an internet gateway alone a function reaches nothing",
				subnet.ID,
			)
		}
		if err != nil {
			problems = append(problems, err)
		}
	}
	return append(problems, lookUpEndpoints(ctx, cfg)...)
}

// defaultRoute is the way to all addresses from a subnet, empty if there is none. A subnet that is associated with no route table
// has the VPC's main one.
func defaultRoute(ctx *pulumi.Context, subnet, vpc string) (ec2.GetRouteTableRoute, error) {
	table, err := ec2.LookupRouteTable(ctx, &ec2.LookupRouteTableArgs{SubnetId: &subnet})
	if err != nil {
		table, err = ec2.LookupRouteTable(ctx, &ec2.LookupRouteTableArgs{VpcId: &vpc, Filters: []ec2.GetRouteTableFilter{
			{Name: "association.main", Values: []string{"true"}}}})
	}
	if err != nil {
		return ec2.GetRouteTableRoute{}, fmt.Errorf("routes of %s: %w", subnet, err)
	}
	for _, route := range table.Routes {
		if route.CidrBlock == "0.0.0.0/0" {
			return route, nil
		}
	}
	return ec2.GetRouteTableRoute{}, nil
}
