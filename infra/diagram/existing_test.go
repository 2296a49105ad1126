package main

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestWhatAStackDoesNotMakeIsMarkedInItsPicture(t *testing.T) {
	for name, want := range map[string][]string{
		"all its own": nil, "single": nil, "webhook alone": nil, documented: nil,
		"VPC":      {"foundation", "vpc"},
		"cluster":  {"database", "endpoint", "public", "vpc"},
		"instance": {"database", "endpoint", "public", "vpc"},
	} {
		there := program(t, name).there()
		var marked []string
		for _, b := range there {
			if b.existing {
				marked = append(marked, b.id)
			}
		}
		slices.Sort(marked)
		if !slices.Equal(marked, want) {
			t.Errorf("%s: %v are marked, want %v", name, marked, want)
		}
		// The legend has one more of the style.
		drawn := draw(there)
		if got := strings.Count(drawn, ` existing"`); got != len(want)+min(len(want), 1) {
			t.Errorf("%s: %d shapes of the style existing", name, got)
		}
		for _, part := range []string{existingMeaning, existingStyle} {
			if has := strings.Contains(drawn, part); has != (len(want) > 0) {
				t.Errorf("%s: the picture has %q: %v", name, part, has)
			}
		}
	}
}

func TestAStacksPictureHasNothingThatItDoesNotHave(t *testing.T) {
	for name, absent := range map[string][]string{
		"all its own":   {"armer", "balancer", "clients", "haproxy", "hosts", "management", "public", "relay"},
		"single":        {"armer", "balancer", "hosts", "relay"},
		"webhook alone": {"armer", "balancer", "clients", "haproxy", "management", "public", "relay", "topic"},
		"VPC":           {"balancer", "clients", "haproxy", "hosts", "management", "public"},
		"cluster":       {"armer", "hosts", "relay"},
		"instance":      {"armer", "balancer", "hosts", "relay", "rotator"},
		documented:      nil,
	} {
		left := map[string]bool{}
		for _, b := range boxes {
			left[b.id] = true
		}
		for _, b := range program(t, name).there() {
			delete(left, b.id)
		}
		if got := slices.Sorted(maps.Keys(left)); !slices.Equal(got, absent) {
			t.Errorf("%s: the picture lacks %v, want %v", name, got, absent)
		}
	}
}

func TestClientsComeStraightToOneInstance(t *testing.T) {
	for name, to := range map[string]string{"single": "haproxy", "cluster": "balancer", documented: "balancer"} {
		var drawn []string
		for _, a := range between(program(t, name).there()) {
			if a.from == "clients" {
				drawn = append(drawn, a.to)
			}
		}
		if !slices.Equal(drawn, []string{to}) {
			t.Errorf("%s: clients come to %v, want %s", name, drawn, to)
		}
	}
}

func TestThePortOfAnExistingDatabaseIsNotMadeUp(t *testing.T) {
	for name, want := range map[string]string{"VPC": "3306", "cluster": "its port", documented: "3306"} {
		for _, a := range between(program(t, name).there()) {
			if a.to == "database" && a.label != "" && a.label != want {
				t.Errorf("%s: from %s on %s, want %s", name, a.from, a.label, want)
			}
		}
	}
}
