package network

import (
	"slices"
	"testing"

	"scheduled-messages/infra/config"
)

func TestEveryEdgeJoinsGroupsThatExistWheneverItDoes(t *testing.T) {
	for _, value := range []string{"none", config.AccessSingle, config.AccessHA} {
		cfg := &config.Config{ExternalAccess: value}
		there := []string{clients, packages}
		for _, g := range groups {
			if g.access.in(cfg) {
				there = append(there, g.name)
			}
		}
		for _, e := range edges {
			if e.access.in(cfg) && (!slices.Contains(there, e.from) || !slices.Contains(there, e.to)) {
				t.Errorf("externalAccess %s: no group for %s to %s", value, e.from, e.to)
			}
		}
	}
}

func TestNoTwoRulesHaveOneName(t *testing.T) {
	for _, value := range []string{"none", config.AccessSingle, config.AccessHA} {
		names := map[string]bool{}
		for _, e := range edges {
			name := e.from + e.to + e.port.suffix
			if e.access.in(&config.Config{ExternalAccess: value}) && names[name] {
				t.Errorf("externalAccess %s: two edges from %s to %s with the suffix %q", value, e.from, e.to, e.port.suffix)
			}
			names[name] = names[name] || e.access.in(&config.Config{ExternalAccess: value})
		}
	}
}
