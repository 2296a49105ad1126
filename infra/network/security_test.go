package network_test

import (
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/network"
)

func TestSecurityGroupRulesAreResourcesOfTheirOwnBetweenGroupsOnNamedPorts(t *testing.T) {
	s := infratest.Deployed(t)
	for _, group := range s.Of(t, "ec2/securityGroup:SecurityGroup") {
		if group.Text("ingress") != "" || group.Text("egress") != "" {
			t.Errorf("%s has rules inside", group.Name)
		}
	}
	for _, r := range s.Resources {
		if !strings.HasPrefix(r.Token, "aws:vpc/securityGroup") {
			continue
		}
		if r.Text("referencedSecurityGroupId") == "" {
			t.Errorf("%s names no group", r.Name)
		}
		for _, open := range []string{"cidrIpv4", "cidrIpv6", "prefixListId"} {
			if r.Text(open) != "" {
				t.Errorf("%s is open to %s", r.Name, r.Text(open))
			}
		}
		from, _ := r.Value("fromPort")
		to, _ := r.Value("toPort")
		if port := from.NumberValue(); port != to.NumberValue() || port != network.MySQLPort && port != network.HTTPSPort {
			t.Errorf("%s opens %v to %v", r.Name, from, to)
		}
		if r.Text("ipProtocol") != "tcp" || r.Text("description") == "" {
			t.Errorf("%s: protocol %q, why: %q", r.Name, r.Text("ipProtocol"), r.Text("description"))
		}
	}
	for _, r := range s.Resources {
		if r.Token == "aws:ec2/securityGroupRule:SecurityGroupRule" {
			t.Errorf("%s is of the old kind, which fights with the new", r.Name)
		}
	}
}

func TestOnlyTheUpdaterAndStatusReachTheProxy(t *testing.T) {
	s := infratest.Deployed(t)
	if from := s.Reaches(t, "proxy"); !slices.Equal(slices.Sorted(slices.Values(from)), []string{"status", "updater"}) {
		t.Errorf("the proxy is reached from %v", from)
	}
	if in := s.Members("updater"); !slices.Equal(in, []string{"updater"}) {
		t.Errorf("in the updater's group: %v", in)
	}
	if in := s.Members("status"); !slices.Equal(in, []string{"status"}) {
		t.Errorf("in the group of status: %v", in)
	}
	if in := s.Members("proxy"); !slices.Equal(in, []string{"proxy-proxy"}) {
		t.Errorf("in the proxy's group: %v", in)
	}
}

func TestRelayReachesTheProxyAndTheEndpointOnlyAndNothingReachesIt(t *testing.T) {
	s := infratest.Deployed(t, infratest.Outbox)
	var ways []infratest.Rule
	for _, r := range s.Rules(t) {
		if r.From == "relay" || r.To == "relay" {
			ways = append(ways, r)
		}
	}
	if want := []infratest.Rule{{From: "relay", To: "endpoint", Port: network.HTTPSPort}, {From: "relay", To: "proxy", Port: network.MySQLPort}}; !slices.Equal(ways, want) {
		t.Errorf("ways: %v", ways)
	}
	if in := s.Members("relay"); !slices.Equal(in, []string{"relay"}) {
		t.Errorf("in relay's group: %v", in)
	}
}

func TestOnlyTheProxyTheMigratorAndTheRotatorReachTheDatabase(t *testing.T) {
	s := infratest.Deployed(t)
	if from := s.Reaches(t, "database"); !slices.Equal(from, []string{"maintenance", "proxy"}) {
		t.Errorf("the database is reached from %v", from)
	}
	if in := slices.Sorted(slices.Values(s.Members("maintenance"))); !slices.Equal(in, []string{"migrator", "rotator"}) {
		t.Errorf("in the maintenance group: %v", in)
	}
	if in := s.Members("database"); !slices.Equal(in, []string{"database-cluster"}) {
		t.Errorf("in the database's group: %v", in)
	}
}

func TestPrivateSubnetsHaveNoWayOut(t *testing.T) {
	s := infratest.Deployed(t)
	for _, r := range s.Resources {
		for _, way := range []string{"ec2/route:Route", "InternetGateway", "NatGateway", "ec2/eip:"} {
			if strings.Contains(r.Token, way) {
				t.Errorf("%s (%s) is a way out", r.Name, r.Token)
			}
		}
	}
	for _, table := range s.Of(t, "ec2/routeTable:RouteTable") {
		if table.Text("routes") != "" {
			t.Errorf("%s has routes", table.Name)
		}
	}
	if len(s.Of(t, "ec2/routeTableAssociation:RouteTableAssociation")) != len(s.Of(t, "ec2/subnet:Subnet")) {
		t.Error("a subnet has no route table of its own and takes the VPC's")
	}
	group := s.One(t, "network-default-group")
	if group.Text("ingress") != "" || group.Text("egress") != "" {
		t.Error("the VPC's default group has rules")
	}
}

func TestSecurityGroupDescriptionsStayAsTheyWere(t *testing.T) {
	// An edit replaces the group, and the replacement hangs while a network interface holds the old one.
	want := map[string]string{
		"updater": "The function that writes statuses", "status": "The function that answers questions", "maintenance": "Functions that connect to the cluster itself",
		"proxy": "RDS Proxy", "database": "The Aurora cluster", "endpoint": "The interface endpoint of Secrets Manager",
		"haproxy": "HAProxy", "balancer": "The load balancer before HAProxy", "management": "The interface endpoints of Systems Manager",
		"network-parking": "Without a rule: interfaces that Lambda has not deleted yet",
	}
	s := infratest.Deployed(t, infratest.Modes["network"])
	for _, r := range s.Of(t, "ec2/securityGroup:SecurityGroup") {
		name := strings.TrimPrefix(r.Name, "security-")
		if r.Text("description") != want[name] {
			t.Errorf("%s: %q was %q", name, r.Text("description"), want[name])
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("gone: %v", want)
	}
}
