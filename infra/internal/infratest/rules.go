package infratest

import (
	"slices"
	"strings"
	"testing"
)

// Rule is one security-group rule: who may reach whom.
type Rule struct {
	From, To string // groups' names
	Port     float64
}

// Rules are the ways that are open at both ends; a way that is open at one end only is a mistake.
func (s *Mock) Rules(t *testing.T) []Rule {
	t.Helper()
	group := func(id string) string { return strings.TrimSuffix(strings.TrimPrefix(id, "security-"), "-id") }
	read := func(token string, egress bool) (rules []Rule) {
		for _, r := range s.Of(t, token) {
			own, other := group(r.Text("securityGroupId")), group(r.Text("referencedSecurityGroupId"))
			if !egress {
				own, other = other, own
			}
			if r.Text("referencedSecurityGroupId") == "" {
				continue // addresses: of the external access, whose tests look at them
			}
			port, _ := r.Value("fromPort")
			rules = append(rules, Rule{own, other, port.NumberValue()})
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

// Reaches are the groups from which a group can be reached.
func (s *Mock) Reaches(t *testing.T, to string) (from []string) {
	for _, r := range s.Rules(t) {
		if r.To == to {
			from = append(from, r.From)
		}
	}
	slices.Sort(from)
	return from
}

// Members are the resources that are in a security group.
func (s *Mock) Members(group string) (names []string) {
	for _, r := range s.Resources {
		for _, property := range []string{"vpcConfig.securityGroupIds", "vpcSecurityGroupIds", "securityGroupIds"} {
			if slices.Contains(r.Texts(property), "security-"+group+"-id") {
				names = append(names, r.Name)
			}
		}
	}
	return names
}
