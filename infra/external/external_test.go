package external_test

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/network"
)

func TestWithoutExternalAccessThereIsNothingOfIt(t *testing.T) {
	for _, r := range infratest.Deployed(t).Resources {
		for _, kind := range []string{"aws:autoscaling/", "aws:lb/", "aws:elb/", "ec2/eip:", "ec2/internetGateway:", "ec2/launchTemplate:", "ec2/networkInterface:", "ec2/route:", "iam/instanceProfile:"} {
			if strings.Contains(r.Token, kind) {
				t.Errorf("%s (%s)", r.Name, r.Token)
			}
		}
		if infratest.IsExternal(r.Token+"::"+r.Name) || strings.Contains(r.Name, "public") {
			t.Errorf("%s (%s)", r.Name, r.Token)
		}
	}
}

func TestExternalAccessChangesNothingOfTheRestOfTheStack(t *testing.T) {
	without := infratest.Deployed(t)
	infratest.InEachMode(t, func(t *testing.T, _ string, s *infratest.Mock) {
		rest := map[string]*infratest.Resource{}
		for _, r := range s.Resources {
			if !infratest.IsExternal(r.Token + "::" + r.Name) {
				rest[r.Token+r.Name] = r
			}
		}
		for _, r := range without.Resources {
			now := rest[r.Token+r.Name]
			if now == nil || r.Name != infratest.ShowsAlarms && !now.Inputs.DeepEquals(r.Inputs) {
				t.Errorf("%s is another one", r.Name)
			}
			delete(rest, r.Token+r.Name)
		}
		if len(rest) > 0 {
			t.Errorf("more: %v", slices.Collect(maps.Keys(rest)))
		}
	})
}

func TestClientsReachTheDatabaseOverHAProxyAloneAndOnlyFromTheAllowedRanges(t *testing.T) {
	ranges := []string{"198.51.100.7/32", "203.0.113.0/24"}
	infratest.InEachMode(t, func(t *testing.T, mode string, s *infratest.Mock) {
		entrance, before := "balancer", []string{"balancer", "balancer"} // 3306 and health
		if mode == "single" {
			entrance, before = "haproxy", nil
		}
		var clients []string
		for _, r := range s.Of(t, "vpc/securityGroupIngressRule:SecurityGroupIngressRule") {
			if r.Text("cidrIpv6") != "" || r.Text("prefixListId") != "" {
				t.Errorf("%s lets in %s %s", r.Name, r.Text("cidrIpv6"), r.Text("prefixListId"))
			}
			if r.Text("cidrIpv4") == "" {
				continue
			}
			clients = append(clients, r.Text("cidrIpv4"))
			if r.Text("securityGroupId") != "security-"+entrance+"-id" || r.Text("fromPort") != "3306" || r.Text("toPort") != "3306" || r.Text("ipProtocol") != "tcp" {
				t.Errorf("%s: port %s to %s of %s", r.Name, r.Text("fromPort"), r.Text("toPort"), r.Text("securityGroupId"))
			}
		}
		if slices.Sort(clients); !slices.Equal(clients, ranges) {
			t.Errorf("let in are %v", clients)
		}
		if from := s.Reaches(t, "haproxy"); !slices.Equal(from, before) {
			t.Errorf("HAProxy is reached from %v", from)
		}
		if from := s.Reaches(t, "database"); !slices.Equal(from, []string{"haproxy", "maintenance", "proxy"}) {
			t.Errorf("the database is reached from %v", from)
		}
		for _, r := range s.Rules(t) {
			if r.From == "haproxy" && r != (infratest.Rule{From: "haproxy", To: "database", Port: 3306}) &&
				r != (infratest.Rule{From: "haproxy", To: "management", Port: 443}) {
				t.Errorf("HAProxy reaches %v", r)
			}
			if r.Port == network.HealthPort && (r.From != "balancer" || r.To != "haproxy") {
				t.Errorf("health is open: %v", r)
			}
			if r.Port == 22 {
				t.Errorf("SSH is open: %v", r)
			}
		}
		if in := s.Members("database"); !slices.Equal(in, []string{"database-cluster"}) {
			t.Errorf("in the database's group: %v", in)
		}
	})
}

func TestHAProxyReachesNoAddressOutsideButItsPackages(t *testing.T) {
	infratest.InEachMode(t, func(t *testing.T, _ string, s *infratest.Mock) {
		for _, r := range s.Of(t, "vpc/securityGroupEgressRule:SecurityGroupEgressRule") {
			if r.Text("cidrIpv4") != "" || r.Text("cidrIpv6") != "" {
				t.Errorf("%s is open to the world", r.Name)
			}
			if list := r.Text("prefixListId"); list != "" && (r.Name != "security-haproxy-to-packages" || r.Text("fromPort") != "443" || r.Text("toPort") != "443" || list != "pl-packages") {
				t.Errorf("%s is open to %s", r.Name, list)
			}
		}
		endpoint := s.One(t, "public-packages")
		statements := endpoint.Statements(t, "policy")
		if len(statements) != 1 || !slices.Equal(statements[0].Resource, []string{"arn:aws:s3:::al2023-repos-us-east-1-de612dc2/*"}) || !slices.Equal(statements[0].Action, []string{"s3:GetObject"}) {
			t.Errorf("through the endpoint of S3: %+v", statements)
		}
		if !slices.Equal(endpoint.Texts("routeTableIds"), []string{"public-routes-id"}) {
			t.Errorf("its routes are in %v", endpoint.Texts("routeTableIds"))
		}
	})
}

func TestPrivateSubnetsKeepNoWayOutBesideThePublicOnes(t *testing.T) {
	infratest.InEachMode(t, func(t *testing.T, mode string, s *infratest.Mock) {
		for _, r := range s.Of(t, "ec2/route:Route") {
			if r.Text("routeTableId") != "public-routes-id" {
				t.Errorf("%s is in %s", r.Name, r.Text("routeTableId"))
			}
		}
		public := 0
		for _, r := range s.Of(t, "ec2/routeTableAssociation:RouteTableAssociation") {
			private := strings.HasPrefix(r.Name, "network-private-")
			if private != (r.Text("routeTableId") == "network-private-routes-id") {
				t.Errorf("%s: %s", r.Name, r.Text("routeTableId"))
			}
			if !private {
				public++
			}
		}
		for _, subnet := range s.Of(t, "ec2/subnet:Subnet") {
			if subnet.Text("mapPublicIpOnLaunch") != "false" {
				t.Errorf("%s gives public addresses to all that comes", subnet.Name)
			}
		}
		if want := map[string]int{"single": 1, "network": 2, "classic": 2}[mode]; public != want {
			t.Errorf("%d public subnets, want %d", public, want)
		}
		for _, cluster := range s.Of(t, "rds/subnetGroup:SubnetGroup") {
			if ids := strings.Join(cluster.Texts("subnetIds"), " "); strings.Contains(ids, "public") {
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
	two := infratest.Deployed(t, infratest.Modes["network"])
	three := infratest.Deployed(t, infratest.Modes["network"], map[string]string{"zones": `["us-east-1a","us-east-1b","us-east-1c"]`})
	for _, subnet := range two.Of(t, "ec2/subnet:Subnet") {
		if got, want := three.One(t, subnet.Name).Text("cidrBlock"), subnet.Text("cidrBlock"); got != want {
			t.Errorf("%s: %s becomes %s with a zone more", subnet.Name, want, got)
		}
	}
}

func TestOneRangeMoreTouchesNoOther(t *testing.T) {
	before := infratest.Deployed(t, infratest.Modes["network"])
	after := infratest.Deployed(t, infratest.Modes["network"], map[string]string{"externalAllowedCidrs": `["192.0.2.0/28","198.51.100.7/32","203.0.113.0/24"]`})
	for _, r := range before.Resources {
		if r.Custom && strings.HasPrefix(r.Name, "security-") && !after.One(t, r.Name).Inputs.DeepEquals(r.Inputs) {
			t.Errorf("%s changes", r.Name)
		}
	}
	if got := after.One(t, "security-clients-192.0.2.0-28").Text("cidrIpv4"); got != "192.0.2.0/28" {
		t.Errorf("the new one lets in %s", got)
	}
}
