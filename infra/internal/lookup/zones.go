package lookup

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"golang.org/x/sync/errgroup"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/external"
	"scheduled-messages/infra/network"
)

// ZonesUsed is how many of a region's zones are taken when none are configured: the least that RDS and RDS Proxy
// accept, because the endpoint is paid for by zone. RDS Proxy gets the first so many of those configured.
const ZonesUsed = 2

// withoutProxy are the zones that RDS Proxy does not serve, by their ids, which are the same in every account.
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.html
var withoutProxy = []string{"use1-az3", "usw1-az2"}

// zoneStates are all but constrained, in which AWS makes nothing new. A zone that is impaired or away for an hour stays: the
// subnets must not move.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AvailabilityZone.html
var zoneStates = []string{"available", "information", "impaired", "unavailable"}

// zoneMap is what AWS serves in which zones of the region.
type zoneMap struct {
	names []string // all of the account's, in their order
	ids   map[string]string
	// services are the zones of the interface endpoint of Secrets Manager and, with external access, of what HAProxy needs, by
	// the service; one that could not be asked for is not among them.
	services map[string][]string
	failures []error // of what is checked and not needed
}

// lookUpZones asks for all of it at once. The zones themselves and the first service are needed; what the others say is
// a check, for which an older role may have no permission.
func lookUpZones(ctx *pulumi.Context, cfg *config.Config) (*zoneMap, error) {
	z := &zoneMap{ids: map[string]string{}, services: map[string][]string{}}
	var group errgroup.Group
	group.Go(func() error {
		filters := []aws.GetAvailabilityZonesFilter{
			{Name: "opt-in-status", Values: []string{"opt-in-not-required"}}, // no local zones
			{Name: "zone-type", Values: []string{"availability-zone"}},
		}
		if len(cfg.Zones) == 0 {
			filters = append(filters, aws.GetAvailabilityZonesFilter{Name: "state", Values: zoneStates})
		}
		found, err := aws.GetAvailabilityZones(ctx, &aws.GetAvailabilityZonesArgs{
			AllAvailabilityZones: pulumi.BoolRef(true), Filters: filters,
		})
		if err != nil {
			return fmt.Errorf("zones: %w", err)
		}
		z.names = found.Names
		for i, name := range found.Names[:min(len(found.Names), len(found.ZoneIds))] { // in the same order
			z.ids[name] = found.ZoneIds[i]
		}
		return nil
	})
	var lock sync.Mutex
	keep := func(service string, zones []string, err error) error {
		lock.Lock()
		defer lock.Unlock()
		if err != nil && service != "secretsmanager" {
			z.failures = append(z.failures, fmt.Errorf("%s: %w", service, err))
			return nil
		}
		z.services[service] = zones
		return err
	}
	for _, service := range endpointServices(cfg) {
		group.Go(func() error {
			found, err := ec2.LookupVpcEndpointService(ctx, &ec2.LookupVpcEndpointServiceArgs{
				Service: pulumi.StringRef(service), ServiceType: pulumi.StringRef("Interface"),
			})
			if err != nil {
				return keep(service, nil, fmt.Errorf("zones of the endpoint: %w", err))
			}
			return keep(service, found.AvailabilityZones, nil)
		})
	}
	if cfg.External() {
		group.Go(func() error {
			found, err := ec2.GetInstanceTypeOfferings(ctx, &ec2.GetInstanceTypeOfferingsArgs{
				LocationType: pulumi.StringRef("availability-zone"),
				Filters:      []ec2.GetInstanceTypeOfferingsFilter{{Name: "instance-type", Values: []string{external.InstanceType}}},
			})
			if err != nil {
				return keep(external.InstanceType, nil, err)
			}
			return keep(external.InstanceType, found.Locations, nil)
		})
	}
	return z, group.Wait()
}

// endpointServices are the services that the VPC has interface endpoints of.
func endpointServices(cfg *config.Config) []string {
	var services []string
	if cfg.Existing.SecretsManagerEndpoint == config.EndpointCreate {
		services = append(services, "secretsmanager")
	}
	if cfg.External() {
		services = append(services, network.SessionServices()...)
	}
	return services
}

// lacks are the services that a zone has not, and RDS Proxy where it is asked for.
func (z *zoneMap) lacks(zone string, proxy bool) (services []string) {
	for service, zones := range z.services {
		if !slices.Contains(zones, zone) {
			services = append(services, service)
		}
	}
	slices.Sort(services)
	if proxy && slices.Contains(withoutProxy, z.ids[zone]) {
		services = append(services, "RDS Proxy")
	}
	return services
}

// warn reports what could not be checked.
func (z *zoneMap) warn(ctx *pulumi.Context) error {
	for _, failure := range z.failures {
		if err := ctx.Log.Warn(fmt.Sprintf("zones: not checked for external access: %v", failure), nil); err != nil {
			return err
		}
	}
	return nil
}

// zonesFor are the region's first zones that RDS Proxy and the endpoint serve. External access takes the same ones, since it
// can reach a stack that exists, and zones that moved would take the subnets along.
func zonesFor(ctx *pulumi.Context, cfg *config.Config) ([]string, error) {
	z, err := lookUpZones(ctx, cfg)
	if err != nil {
		return nil, err
	}
	var taken, all []string
	for _, zone := range z.names {
		missing := z.lacks(zone, true)
		if len(missing) == 0 {
			all = append(all, zone)
		}
		if !slices.Contains(missing, "secretsmanager") && !slices.Contains(missing, "RDS Proxy") {
			taken = append(taken, zone)
		}
	}
	if len(taken) < ZonesUsed {
		return nil, fmt.Errorf("zones is none: RDS Proxy and the endpoint of Secrets Manager serve %v in this region: "+
			"must be a region with %d or more", taken, ZonesUsed)
	}
	taken = taken[:ZonesUsed]
	for _, zone := range taken {
		if missing := z.lacks(zone, true); len(missing) > 0 {
			return nil, fmt.Errorf("zones is none: must be zones by name with externalAccess %s: the first two of the region are %s, "+
				"and %s lacks %s; those that have all of it are %v. In a stack that exists, other zones replace its subnets",
				cfg.ExternalAccess, strings.Join(taken, " and "), zone, strings.Join(missing, ", "), all)
		}
	}
	return taken, z.warn(ctx)
}
