package lookup

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
)

// checkZones refuses configured zones that the stack cannot be made in: RDS Proxy takes two subnets, of the first two, and every
// other service one a zone.
func checkZones(ctx *pulumi.Context, cfg *config.Config) error {
	if config.Offline(ctx) {
		return warnOfZones(ctx, cfg)
	}
	z, err := lookUpZones(ctx, cfg)
	if err != nil {
		return ctx.Log.Warn(fmt.Sprintf("zones: %s: not checked: %v", strings.Join(cfg.Zones, ", "), err), nil)
	}
	var problems []string
	for i, zone := range cfg.Zones {
		if !slices.Contains(z.names, zone) {
			problems = append(problems, fmt.Sprintf("%s is none of this account's", zone))
		} else if missing := z.lacks(zone, i < ZonesUsed); len(missing) > 0 {
			problems = append(problems, fmt.Sprintf("%s (%s) lacks %s", zone, z.ids[zone], strings.Join(missing, ", ")))
		}
	}
	if len(problems) > 0 {
		var allowed []string
		for _, zone := range z.names {
			if len(z.lacks(zone, true)) == 0 {
				allowed = append(allowed, zone)
			}
		}
		return fmt.Errorf("zones is %s: %s: must be of %v", strings.Join(cfg.Zones, ", "), strings.Join(problems, "; "), allowed)
	}
	return z.warn(ctx)
}

// warnOfZones says how to check the zones of a region that has one without RDS Proxy: names differ between accounts, ids do not.
func warnOfZones(ctx *pulumi.Context, cfg *config.Config) error {
	for region, id := range map[string]string{"us-east-1": "use1-az3", "us-west-1": "usw1-az2"} {
		if strings.HasPrefix(cfg.Zones[0], region) {
			return ctx.Log.Warn(
				fmt.Sprintf("zones: %s: not checked without an account: the first two must not be %s, where RDS Proxy is not "+
					"served: aws ec2 describe-availability-zones --region %s --query 'AvailabilityZones[].[ZoneName,ZoneId]'",
					strings.Join(cfg.Zones, ", "), id, region),
				nil,
			)
		}
	}
	return nil
}
