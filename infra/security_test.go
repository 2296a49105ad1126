package infra

import (
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/network"
)

// rule is one security-group rule: who may reach whom.
type rule struct {
	from, to string // groups' names
	port     float64
}

// rules are the ways that are open at both ends; a way that is open at one end only is a mistake.
func (s *stub) rules(t *testing.T) []rule {
	t.Helper()
	group := func(id string) string { return strings.TrimSuffix(strings.TrimPrefix(id, "security-"), "-id") }
	read := func(token string, egress bool) (rules []rule) {
		for _, r := range s.of(t, token) {
			own, other := group(r.text("securityGroupId")), group(r.text("referencedSecurityGroupId"))
			if !egress {
				own, other = other, own
			}
			if r.text("referencedSecurityGroupId") == "" {
				continue // addresses: of the external access, whose tests look at them
			}
			port, _ := r.value("fromPort")
			rules = append(rules, rule{own, other, port.NumberValue()})
		}
		return rules
	}
	out := read("vpc/securityGroupEgressRule:SecurityGroupEgressRule", true)
	in := read("vpc/securityGroupIngressRule:SecurityGroupIngressRule", false)
	for _, r := range append(slices.Clone(out), in...) {
		if !slices.Contains(out, r) || !slices.Contains(in, r) {
			t.Errorf("%v is open at one end only", r)
		}
	}
	return out
}

// reaches are the groups from which a group can be reached.
func (s *stub) reaches(t *testing.T, to string) (from []string) {
	for _, r := range s.rules(t) {
		if r.to == to {
			from = append(from, r.from)
		}
	}
	slices.Sort(from)
	return from
}

// members are the resources that are in a security group.
func (s *stub) members(group string) (names []string) {
	for _, r := range s.resources {
		for _, property := range []string{"vpcConfig.securityGroupIds", "vpcSecurityGroupIds", "securityGroupIds"} {
			if slices.Contains(r.texts(property), "security-"+group+"-id") {
				names = append(names, r.name)
			}
		}
	}
	return names
}

func TestSecurityGroupRulesAreResourcesOfTheirOwnBetweenGroupsOnNamedPorts(t *testing.T) {
	s := deployed(t)
	for _, group := range s.of(t, "ec2/securityGroup:SecurityGroup") {
		if group.text("ingress") != "" || group.text("egress") != "" {
			t.Errorf("%s has rules inside", group.name)
		}
	}
	for _, r := range s.resources {
		if !strings.HasPrefix(r.token, "aws:vpc/securityGroup") {
			continue
		}
		if r.text("referencedSecurityGroupId") == "" {
			t.Errorf("%s names no group", r.name)
		}
		for _, open := range []string{"cidrIpv4", "cidrIpv6", "prefixListId"} {
			if r.text(open) != "" {
				t.Errorf("%s is open to %s", r.name, r.text(open))
			}
		}
		from, _ := r.value("fromPort")
		to, _ := r.value("toPort")
		if port := from.NumberValue(); port != to.NumberValue() || port != network.MySQLPort && port != network.HTTPSPort {
			t.Errorf("%s opens %v to %v", r.name, from, to)
		}
		if r.text("ipProtocol") != "tcp" || r.text("description") == "" {
			t.Errorf("%s: protocol %q, why: %q", r.name, r.text("ipProtocol"), r.text("description"))
		}
	}
	for _, r := range s.resources {
		if r.token == "aws:ec2/securityGroupRule:SecurityGroupRule" {
			t.Errorf("%s is of the old kind, which fights with the new", r.name)
		}
	}
}

func TestOnlyTheUpdaterAndStatusReachTheProxy(t *testing.T) {
	s := deployed(t)
	if from := s.reaches(t, "proxy"); !slices.Equal(slices.Sorted(slices.Values(from)), []string{"status", "updater"}) {
		t.Errorf("the proxy is reached from %v", from)
	}
	if in := s.members("updater"); !slices.Equal(in, []string{"updater"}) {
		t.Errorf("in the updater's group: %v", in)
	}
	if in := s.members("status"); !slices.Equal(in, []string{"status"}) {
		t.Errorf("in the group of status: %v", in)
	}
	if in := s.members("proxy"); !slices.Equal(in, []string{"proxy-proxy"}) {
		t.Errorf("in the proxy's group: %v", in)
	}
}

func TestOnlyTheProxyTheMigratorAndTheRotatorReachTheDatabase(t *testing.T) {
	s := deployed(t)
	if from := s.reaches(t, "database"); !slices.Equal(from, []string{"maintenance", "proxy"}) {
		t.Errorf("the database is reached from %v", from)
	}
	if in := slices.Sorted(slices.Values(s.members("maintenance"))); !slices.Equal(in, []string{"migrator", "rotator"}) {
		t.Errorf("in the maintenance group: %v", in)
	}
	if in := s.members("database"); !slices.Equal(in, []string{"database-cluster"}) {
		t.Errorf("in the database's group: %v", in)
	}
}

func TestPrivateSubnetsHaveNoWayOut(t *testing.T) {
	s := deployed(t)
	for _, r := range s.resources {
		for _, way := range []string{"ec2/route:Route", "InternetGateway", "NatGateway", "ec2/eip:"} {
			if strings.Contains(r.token, way) {
				t.Errorf("%s (%s) is a way out", r.name, r.token)
			}
		}
	}
	for _, table := range s.of(t, "ec2/routeTable:RouteTable") {
		if table.text("routes") != "" {
			t.Errorf("%s has routes", table.name)
		}
	}
	if len(s.of(t, "ec2/routeTableAssociation:RouteTableAssociation")) != len(s.of(t, "ec2/subnet:Subnet")) {
		t.Error("a subnet has no route table of its own and takes the VPC's")
	}
	group := s.one(t, "network-default-group")
	if group.text("ingress") != "" || group.text("egress") != "" {
		t.Error("the VPC's default group has rules")
	}
}

func TestSecurityGroupDescriptionsStayAsTheyWere(t *testing.T) {
	// An edit replaces the group, and the replacement hangs while a network interface holds the old one.
	want := map[string]string{
		"updater": "The function that writes statuses", "status": "The function that answers questions", "maintenance": "Functions that connect to the cluster itself",
		"proxy": "RDS Proxy", "database": "The Aurora cluster", "endpoint": "The interface endpoint of Secrets Manager",
		"haproxy": "HAProxy", "balancer": "The load balancer before HAProxy", "management": "The interface endpoints of Systems Manager",
	}
	s := deployed(t, modes["network"])
	for _, r := range s.of(t, "ec2/securityGroup:SecurityGroup") {
		name := strings.TrimPrefix(r.name, "security-")
		if r.text("description") != want[name] {
			t.Errorf("%s: %q was %q", name, r.text("description"), want[name])
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("gone: %v", want)
	}
}
