package infratest

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ZoneOf is a zone of the stub's region.
type ZoneOf struct{ Name, ID, State string }

// usEast1 is a region as an account may see it.
var usEast1 = []ZoneOf{
	{"us-east-1a", "use1-az1", "available"}, {"us-east-1b", "use1-az2", "available"}, {"us-east-1c", "use1-az4", "available"},
	{"us-east-1d", "use1-az6", "available"}, {"us-east-1e", "use1-az3", "available"}, {"us-east-1f", "use1-az5", "available"},
}

// zonesIn answers DescribeAvailabilityZones, with the one filter that matters here.
func (s *Mock) zonesIn(args pulumi.MockCallArgs) map[string]any {
	states := []string{}
	for _, filter := range args.Args["filters"].ArrayValue() {
		if filter.ObjectValue()["name"].StringValue() == "state" {
			for _, state := range filter.ObjectValue()["values"].ArrayValue() {
				states = append(states, state.StringValue())
			}
		}
	}
	names, ids := []any{}, []any{}
	for _, zone := range s.region() {
		if len(states) == 0 || slices.Contains(states, zone.State) {
			names, ids = append(names, zone.Name), append(ids, zone.ID)
		}
	}
	return map[string]any{"names": names, "zoneIds": ids}
}

func (s *Mock) region() []ZoneOf {
	if s.Zones == nil {
		return usEast1
	}
	return s.Zones
}

// zonesOf are the zones of a service.
func (s *Mock) zonesOf(service string) (zones []any) {
	served, listed := s.Served[service]
	for _, zone := range s.region() {
		if !listed || slices.Contains(served, zone.Name) {
			zones = append(zones, zone.Name)
		}
	}
	return zones
}

// OfflineKeys are those of a preview without an account.
func OfflineKeys(config map[string]string) map[string]string {
	config["aws:skipCredentialsValidation"] = "true"
	return config
}
