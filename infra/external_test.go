package infra

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/network"
)

// modes are the external access's, as configuration.
var modes = map[string]map[string]string{
	"single":  {"externalAccess": "single", "externalAllowedCidrs": `["203.0.113.0/24","198.51.100.7/32"]`},
	"network": {"externalAccess": "ha", "externalAllowedCidrs": `["203.0.113.0/24","198.51.100.7/32"]`},
	"classic": {"externalAccess": "ha", "externalAllowedCidrs": `["203.0.113.0/24","198.51.100.7/32"]`, "externalLoadBalancer": "classic"},
}

// everything is the configuration with all that can be had.
var everything = with(webhook, modes["network"])

// inEachMode runs a test on the stack in every mode.
func inEachMode(t *testing.T, test func(t *testing.T, mode string, s *stub)) {
	for mode, changes := range modes {
		t.Run(mode, func(t *testing.T) { test(t, mode, deployed(t, changes)) })
	}
}

func TestWithoutExternalAccessThereIsNothingOfIt(t *testing.T) {
	for _, r := range deployed(t).resources {
		for _, kind := range []string{"aws:autoscaling/", "aws:lb/", "aws:elb/", "ec2/eip:", "ec2/internetGateway:", "ec2/launchTemplate:", "ec2/networkInterface:", "ec2/route:", "iam/instanceProfile:"} {
			if strings.Contains(r.token, kind) {
				t.Errorf("%s (%s)", r.name, r.token)
			}
		}
		if isExternal(r.token+"::"+r.name) || strings.Contains(r.name, "public") {
			t.Errorf("%s (%s)", r.name, r.token)
		}
	}
}

func TestExternalAccessChangesNothingOfTheRestOfTheStack(t *testing.T) {
	without := deployed(t)
	inEachMode(t, func(t *testing.T, _ string, s *stub) {
		rest := map[string]*registered{}
		for _, r := range s.resources {
			if !isExternal(r.token + "::" + r.name) {
				rest[r.token+r.name] = r
			}
		}
		for _, r := range without.resources {
			now := rest[r.token+r.name]
			if now == nil || r.name != showsAlarms && !now.inputs.DeepEquals(r.inputs) {
				t.Errorf("%s is another one", r.name)
			}
			delete(rest, r.token+r.name)
		}
		if len(rest) > 0 {
			t.Errorf("more: %v", slices.Collect(maps.Keys(rest)))
		}
	})
}

func TestClientsReachTheDatabaseOverHAProxyAloneAndOnlyFromTheAllowedRanges(t *testing.T) {
	ranges := []string{"198.51.100.7/32", "203.0.113.0/24"}
	inEachMode(t, func(t *testing.T, mode string, s *stub) {
		entrance, before := "balancer", []string{"balancer", "balancer"} // 3306 and health
		if mode == "single" {
			entrance, before = "haproxy", nil
		}
		var clients []string
		for _, r := range s.of(t, "vpc/securityGroupIngressRule:SecurityGroupIngressRule") {
			if r.text("cidrIpv6") != "" || r.text("prefixListId") != "" {
				t.Errorf("%s lets in %s %s", r.name, r.text("cidrIpv6"), r.text("prefixListId"))
			}
			if r.text("cidrIpv4") == "" {
				continue
			}
			clients = append(clients, r.text("cidrIpv4"))
			if r.text("securityGroupId") != "security-"+entrance+"-id" || r.text("fromPort") != "3306" || r.text("toPort") != "3306" || r.text("ipProtocol") != "tcp" {
				t.Errorf("%s: port %s to %s of %s", r.name, r.text("fromPort"), r.text("toPort"), r.text("securityGroupId"))
			}
		}
		if slices.Sort(clients); !slices.Equal(clients, ranges) {
			t.Errorf("let in are %v", clients)
		}
		if from := s.reaches(t, "haproxy"); !slices.Equal(from, before) {
			t.Errorf("HAProxy is reached from %v", from)
		}
		if from := s.reaches(t, "database"); !slices.Equal(from, []string{"haproxy", "maintenance", "proxy"}) {
			t.Errorf("the database is reached from %v", from)
		}
		for _, r := range s.rules(t) {
			if r.from == "haproxy" && r != (rule{"haproxy", "database", 3306}) && r != (rule{"haproxy", "management", 443}) {
				t.Errorf("HAProxy reaches %v", r)
			}
			if r.port == network.HealthPort && (r.from != "balancer" || r.to != "haproxy") {
				t.Errorf("health is open: %v", r)
			}
			if r.port == 22 {
				t.Errorf("SSH is open: %v", r)
			}
		}
		if in := s.members("database"); !slices.Equal(in, []string{"database-cluster"}) {
			t.Errorf("in the database's group: %v", in)
		}
	})
}

func TestHAProxyReachesNoAddressOutsideButItsPackages(t *testing.T) {
	inEachMode(t, func(t *testing.T, _ string, s *stub) {
		for _, r := range s.of(t, "vpc/securityGroupEgressRule:SecurityGroupEgressRule") {
			if r.text("cidrIpv4") != "" || r.text("cidrIpv6") != "" {
				t.Errorf("%s is open to the world", r.name)
			}
			if list := r.text("prefixListId"); list != "" && (r.name != "security-haproxy-to-packages" || r.text("fromPort") != "443" || r.text("toPort") != "443" || list != "pl-packages") {
				t.Errorf("%s is open to %s", r.name, list)
			}
		}
		endpoint := s.one(t, "public-packages")
		statements := endpoint.statements(t, "policy")
		if len(statements) != 1 || !slices.Equal(statements[0].Resource, []string{"arn:aws:s3:::al2023-repos-us-east-1-de612dc2/*"}) || !slices.Equal(statements[0].Action, []string{"s3:GetObject"}) {
			t.Errorf("through the endpoint of S3: %+v", statements)
		}
		if !slices.Equal(endpoint.texts("routeTableIds"), []string{"public-routes-id"}) {
			t.Errorf("its routes are in %v", endpoint.texts("routeTableIds"))
		}
	})
}

func TestPrivateSubnetsKeepNoWayOutBesideThePublicOnes(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode string, s *stub) {
		for _, r := range s.of(t, "ec2/route:Route") {
			if r.text("routeTableId") != "public-routes-id" {
				t.Errorf("%s is in %s", r.name, r.text("routeTableId"))
			}
		}
		public := 0
		for _, r := range s.of(t, "ec2/routeTableAssociation:RouteTableAssociation") {
			private := strings.HasPrefix(r.name, "network-private-")
			if private != (r.text("routeTableId") == "network-private-routes-id") {
				t.Errorf("%s: %s", r.name, r.text("routeTableId"))
			}
			if !private {
				public++
			}
		}
		for _, subnet := range s.of(t, "ec2/subnet:Subnet") {
			if subnet.text("mapPublicIpOnLaunch") != "false" {
				t.Errorf("%s gives public addresses to all that comes", subnet.name)
			}
		}
		if want := map[string]int{"single": 1, "network": 2, "classic": 2}[mode]; public != want {
			t.Errorf("%d public subnets, want %d", public, want)
		}
		for _, cluster := range s.of(t, "rds/subnetGroup:SubnetGroup") {
			if ids := strings.Join(cluster.texts("subnetIds"), " "); strings.Contains(ids, "public") {
				t.Errorf("the cluster is in %s", ids)
			}
		}
	})
}

func TestPublicSubnetsAreLargeEnoughForABalancerApartFromAllOthersAndKeepTheirPlace(t *testing.T) {
	for _, text := range []string{"10.10.0.0/16", "192.168.4.0/22", "172.16.128.0/19"} {
		vpc := netip.MustParsePrefix(text)
		for i := range config.MaxZones {
			subnet := config.PublicCIDR(vpc, i)
			// https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-manage-subnets.html
			if subnet.Bits() > 27 || !vpc.Contains(subnet.Addr()) {
				t.Errorf("%s: zone %d has %s", vpc, i, subnet)
			}
			for j := range config.MaxZones {
				if subnet.Overlaps(config.PrivateCIDR(vpc, j)) || i != j && subnet.Overlaps(config.PublicCIDR(vpc, j)) {
					t.Errorf("%s: zone %d's %s overlaps zone %d's", vpc, i, subnet, j)
				}
			}
		}
	}
	two := deployed(t, modes["network"])
	three := deployed(t, modes["network"], map[string]string{"zones": `["us-east-1a","us-east-1b","us-east-1c"]`})
	for _, subnet := range two.of(t, "ec2/subnet:Subnet") {
		if got, want := three.one(t, subnet.name).text("cidrBlock"), subnet.text("cidrBlock"); got != want {
			t.Errorf("%s: %s becomes %s with a zone more", subnet.name, want, got)
		}
	}
}

func TestOneRangeMoreTouchesNoOther(t *testing.T) {
	before := deployed(t, modes["network"])
	after := deployed(t, modes["network"], map[string]string{"externalAllowedCidrs": `["192.0.2.0/28","198.51.100.7/32","203.0.113.0/24"]`})
	for _, r := range before.resources {
		if r.custom && strings.HasPrefix(r.name, "security-") && !after.one(t, r.name).inputs.DeepEquals(r.inputs) {
			t.Errorf("%s changes", r.name)
		}
	}
	if got := after.one(t, "security-clients-192.0.2.0-28").text("cidrIpv4"); got != "192.0.2.0/28" {
		t.Errorf("the new one lets in %s", got)
	}
}
