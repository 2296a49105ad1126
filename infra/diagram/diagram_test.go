package main

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"

	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/internal/stackconfig"
)

// stacks are configurations with pictures of their own.
var stacks = map[string]map[string]string{
	"all its own":   nil,
	"single":        infratest.Modes["single"],
	"webhook alone": infratest.With(infratest.Webhook, map[string]string{"channels": `["webhook"]`}),
	"VPC":           infratest.With(infratest.ExistingModes["VPC"], infratest.Chosen("kmsKeyArn"), infratest.Outbox),
	"cluster": infratest.With(infratest.ExistingModes["cluster"], infratest.Modes["network"], map[string]string{
		"publicSubnetIds":        fmt.Sprintf("[%q,%q]", infratest.PublicOne, infratest.PublicTwo),
		"secretsManagerEndpoint": infratest.HostGroup, "databaseSecurityGroupId": "sg-1a1b2c3d4e5f67890"}),
	"instance": infratest.With(infratest.ExistingModes["instance"], infratest.Modes["single"], map[string]string{
		"publicSubnetIds": infratest.PublicOne, "secretsManagerEndpoint": "none", "rotationDays": "0"}),
}

// documented is the picture in the documentation.
const documented = "documented"

// graphs are those of the documentation and of the stacks, each made once.
var graphs = sync.OnceValues(func() (map[string]graph, error) {
	all, err := map[string]graph{}, error(nil)
	if all[documented], err = read("../.."); err != nil {
		return nil, err
	}
	for name, changes := range stacks {
		if all[name], err = ofStack("../..", &stackconfig.Settings{Own: changes}); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return all, nil
})

// every runs a test on each of them.
func every(t *testing.T, test func(t *testing.T, g graph)) {
	t.Helper()
	all, err := graphs()
	if err != nil {
		t.Fatal(err)
	}
	for name, g := range all {
		if len(g.components) == 0 || len(g.traffic) == 0 || len(g.calls) == 0 {
			t.Fatalf("%s: the program makes %+v", name, g)
		}
		t.Run(name, func(t *testing.T) { test(t, g) })
	}
}

func program(t *testing.T, name string) graph {
	t.Helper()
	all, err := graphs()
	if err != nil {
		t.Fatal(err)
	}
	return all[name]
}

func TestEveryComponentHasABox(t *testing.T) {
	for _, name := range program(t, documented).components {
		if !slices.ContainsFunc(boxes, func(b box) bool { return slices.Contains(b.components, name) }) {
			t.Errorf("component %s is not in the diagram: give it a box in infra/diagram/boxes.go", name)
		}
	}
}

// boxed are the pairs that arrows of a kind join, by what their boxes are called in the program.
func boxed(there []box, kind string, name func(box) string) []edge {
	var found []edge
	for _, a := range between(there) {
		if a.kind == kind {
			found = append(found, edge{name(byID(a.from)), name(byID(a.to))})
		}
	}
	return found
}

func byID(id string) box {
	return boxes[slices.IndexFunc(boxes, func(b box) bool { return b.id == id })]
}

func same(t *testing.T, what string, drawn, made []edge) {
	t.Helper()
	for _, e := range made {
		if !slices.Contains(drawn, e) {
			t.Errorf("%s from %s to %s is not in the diagram", what, e.from, e.to)
		}
	}
	for _, e := range drawn {
		if !slices.Contains(made, e) {
			t.Errorf("the diagram has %s from %s to %s, the program has not", what, e.from, e.to)
		}
	}
}

func TestArrowsOfTrafficAreTheEdgesOfTheSecurityGroups(t *testing.T) {
	every(t, func(t *testing.T, g graph) {
		same(t, "traffic", boxed(g.there(), "traffic", func(b box) string { return b.group }), g.traffic)
		// Each box in a group has all ways of the group: whoever is in it can use them.
		for _, b := range g.there() {
			for _, e := range g.traffic {
				if b.group != "" && b.group == e.from && !slices.ContainsFunc(arrows, func(a arrow) bool {
					return a.from == b.id && byID(a.to).group == e.to
				}) {
					t.Errorf("%s is in group %s and has no arrow to %s", b.id, e.from, e.to)
				}
			}
		}
	})
}

func TestArrowsOfCallsAreWhatPoliciesAllow(t *testing.T) {
	every(t, func(t *testing.T, g graph) {
		id := func(resource string) string {
			for _, b := range boxes {
				if slices.Contains(b.resources, resource) {
					return b.id
				}
			}
			return resource
		}
		var made []edge
		for _, e := range g.calls {
			made = append(made, edge{id(e.from), id(e.to)})
		}
		same(t, "a call", boxed(g.there(), "call", func(b box) string { return b.id }), made)
	})
}

func TestBoxesAndArrowsFitTheirPlaces(t *testing.T) {
	for i, b := range boxes {
		if b.x < 0 || b.y < 0 || b.x+b.w > width || b.y+b.h > height-40 {
			t.Errorf("%s is out of the picture", b.id)
		}
		for _, other := range boxes[i+1:] {
			if b.style != "frame" && other.style != "frame" && b.area().touches(other.area()) {
				t.Errorf("%s lies on %s", b.id, other.id)
			}
		}
	}
	border := func(b box, p [2]int) bool {
		inside := p[0] >= b.x && p[0] <= b.x+b.w && p[1] >= b.y && p[1] <= b.y+b.h
		return inside && (p[0] == b.x || p[0] == b.x+b.w || p[1] == b.y || p[1] == b.y+b.h)
	}
	for _, a := range arrows {
		if !border(byID(a.from), a.points[0]) || !border(byID(a.to), a.points[len(a.points)-1]) {
			t.Errorf("the arrow from %s to %s does not go from border to border", a.from, a.to)
		}
	}
}

func TestPictureIsTheOneThatTheProgramDraws(t *testing.T) {
	there, err := os.ReadFile("../../" + picture)
	if err != nil {
		t.Fatal(err)
	}
	if string(there) != draw(program(t, documented).there()) {
		t.Errorf("%s is out of date: run go generate ./...", picture)
	}
}
