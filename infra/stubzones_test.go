package infra

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// zoneOf is a zone of the stub's region.
type zoneOf struct{ name, id, state string }

// usEast1 is a region as an account may see it.
var usEast1 = []zoneOf{
	{"us-east-1a", "use1-az1", "available"}, {"us-east-1b", "use1-az2", "available"}, {"us-east-1c", "use1-az4", "available"},
	{"us-east-1d", "use1-az6", "available"}, {"us-east-1e", "use1-az3", "available"}, {"us-east-1f", "use1-az5", "available"},
}

// zonesIn answers DescribeAvailabilityZones, with the one filter that matters here.
func (s *stub) zonesIn(args pulumi.MockCallArgs) map[string]any {
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
		if len(states) == 0 || slices.Contains(states, zone.state) {
			names, ids = append(names, zone.name), append(ids, zone.id)
		}
	}
	return map[string]any{"names": names, "zoneIds": ids}
}

func (s *stub) region() []zoneOf {
	if s.zones == nil {
		return usEast1
	}
	return s.zones
}

// zonesOf are the zones of a service.
func (s *stub) zonesOf(service string) (zones []any) {
	served, listed := s.served[service]
	for _, zone := range s.region() {
		if !listed || slices.Contains(served, zone.name) {
			zones = append(zones, zone.name)
		}
	}
	return zones
}
