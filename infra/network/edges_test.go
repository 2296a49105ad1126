package network

import (
	"slices"
	"testing"

	"scheduled-messages/infra/config"
)

// configurations have different groups and edges.
var configurations = []*config.Config{
	{ExternalAccess: "none"}, {ExternalAccess: config.AccessSingle}, {ExternalAccess: config.AccessHA, Outbox: true},
	{ExternalAccess: "none", Outbox: true},
}

func TestEveryEdgeJoinsGroupsThatExistWheneverItDoes(t *testing.T) {
	for _, cfg := range configurations {
		there := []string{clients, packages}
		for _, g := range groups {
			if g.access.in(cfg) {
				there = append(there, g.name)
			}
		}
		for _, e := range edges {
			if e.access.in(cfg) && (!slices.Contains(there, e.from) || !slices.Contains(there, e.to)) {
				t.Errorf("externalAccess %s, outbox %t: no group for %s to %s", cfg.ExternalAccess, cfg.Outbox, e.from, e.to)
			}
		}
	}
}

func TestNoTwoRulesHaveOneName(t *testing.T) {
	for _, cfg := range configurations {
		names := map[string]bool{}
		for _, e := range edges {
			name := e.from + e.to + e.port.suffix
			if e.access.in(cfg) && names[name] {
				t.Errorf("externalAccess %s: two edges from %s to %s with the suffix %q", cfg.ExternalAccess, e.from, e.to, e.port.suffix)
			}
			names[name] = names[name] || e.access.in(cfg)
		}
	}
}
