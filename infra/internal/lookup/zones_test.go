package lookup_test

import (
	"strings"
	"testing"

	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/internal/lookup"
)

func TestNothingIsLookedUpWhenZonesAndLayerAreGivenWithoutAnAccount(t *testing.T) {
	for mode, changes := range infratest.Modes {
		s := &infratest.Mock{}
		if err := infratest.Run(t, s, infratest.OfflineKeys(infratest.Settings(t, infratest.With(infratest.Given, changes)))); err != nil {
			t.Fatal(err)
		}
		if len(s.Calls) > 0 {
			t.Errorf("%s: asked AWS: %v", mode, s.Calls)
		}
	}
}

func TestZonesThatRDSProxyOrTheEndpointDoesNotServeAreLeftOut(t *testing.T) {
	s := &infratest.Mock{
		Zones: []infratest.ZoneOf{
			{Name: "us-east-1a", ID: "use1-az3", State: "available"},
			{Name: "us-east-1b", ID: "use1-az1", State: "available"},
			{Name: "us-east-1c", ID: "use1-az2", State: "available"},
			{Name: "us-east-1d", ID: "use1-az4", State: "available"},
		},
		Served: map[string][]string{"secretsmanager": {"us-east-1d", "us-east-1a", "us-east-1c"}},
	}
	if err := infratest.Run(t, s, infratest.Settings(t, nil)); err != nil {
		t.Fatal(err)
	}
	if zones := len(s.Of(t, "ec2/subnet:Subnet")); zones != lookup.ZonesUsed {
		t.Errorf("%d zones", zones)
	}
	s.One(t, "network-private-us-east-1c") // a has no RDS Proxy, b no endpoint
	s.One(t, "network-private-us-east-1d")
}

func TestZonesInWhichNothingNewIsMadeAreLeftOutAndNoOthers(t *testing.T) {
	for state, taken := range map[string]string{
		"available": "us-east-1a", "impaired": "us-east-1a", "unavailable": "us-east-1a", "information": "us-east-1a", "constrained": "us-east-1c",
	} {
		s := &infratest.Mock{Zones: []infratest.ZoneOf{
			{Name: "us-east-1a", ID: "use1-az1", State: state},
			{Name: "us-east-1b", ID: "use1-az2", State: "available"},
			{Name: "us-east-1c", ID: "use1-az4", State: "available"},
		}}
		if err := infratest.Run(t, s, infratest.Settings(t, nil)); err != nil {
			t.Fatal(err)
		}
		s.One(t, "network-private-us-east-1b")
		s.One(t, "network-private-"+taken)
	}
}

func TestConfiguredZonesThatCannotCarryTheStackAreRefusedBeforeAnyResource(t *testing.T) {
	for _, test := range []struct {
		name    string
		changes map[string]string
		served  map[string][]string
		want    string // empty: taken
	}{
		{"RDS Proxy in none of the first two", map[string]string{"zones": `["us-east-1a","us-east-1e"]`}, nil,
			"zones is us-east-1a, us-east-1e: us-east-1e (use1-az3) lacks RDS Proxy: must be of [us-east-1a us-east-1b us-east-1c us-east-1d us-east-1f]"},
		{"a third one without RDS Proxy", map[string]string{"zones": `["us-east-1a","us-east-1b","us-east-1e"]`}, nil, ""},
		{"a third one without the endpoint", map[string]string{"zones": `["us-east-1a","us-east-1b","us-east-1c"]`},
			map[string][]string{"secretsmanager": {"us-east-1a", "us-east-1b"}}, "us-east-1c (use1-az4) lacks secretsmanager"},
		{"one that is not there", map[string]string{"zones": `["us-east-1a","us-east-1z"]`}, nil, "us-east-1z is none of this account's"},
		{"no Session Manager", infratest.With(infratest.Modes["network"], map[string]string{"zones": infratest.Given["zones"]}),
			map[string][]string{"ssmmessages": {"us-east-1a"}}, "us-east-1b (use1-az2) lacks ssmmessages"},
		{"no instances", infratest.With(infratest.Modes["single"], map[string]string{"zones": infratest.Given["zones"]}),
			map[string][]string{"t4g.micro": {"us-east-1b"}}, "us-east-1a (use1-az1) lacks t4g.micro"},
		{"no Session Manager, and nobody who needs it", map[string]string{"zones": infratest.Given["zones"]},
			map[string][]string{"ssm": {}}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &infratest.Mock{Served: test.served}
			err := infratest.Run(t, s, infratest.Settings(t, test.changes))
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
			if len(s.Resources) > 0 {
				t.Errorf("refused after %d resources", len(s.Resources))
			}
		})
	}
}

func TestExternalAccessNeverMovesTheZonesThatAreLookedUp(t *testing.T) {
	s := &infratest.Mock{Served: map[string][]string{"ssm": {"us-east-1a", "us-east-1c"}}}
	err := infratest.Run(t, s, infratest.Settings(t, infratest.Modes["single"]))
	want := "the first two of the region are us-east-1a and us-east-1b, and us-east-1b lacks ssm; those that have all of it are [us-east-1a us-east-1c]"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestACheckOfZonesThatAWSRefusesIsAWarningAndNoFailure(t *testing.T) {
	for _, token := range []string{
		"aws:index/getAvailabilityZones:getAvailabilityZones", "aws:ec2/getVpcEndpointService:getVpcEndpointService",
		"aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings",
	} {
		if err := infratest.Run(t, &infratest.Mock{Fail: token}, infratest.Settings(t, infratest.With(infratest.Given, infratest.Modes["single"]))); err != nil {
			t.Errorf("%s: %v", token, err)
		}
	}
}
