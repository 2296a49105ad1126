package main

import (
	"os"
	"slices"
	"sync"
	"testing"
)

var once = sync.OnceValues(func() (graph, error) { return read("../..") })

func program(t *testing.T) graph {
	t.Helper()
	g, err := once()
	if err != nil {
		t.Fatal(err)
	}
	if len(g.components) == 0 || len(g.traffic) == 0 || len(g.calls) == 0 {
		t.Fatalf("the program makes %+v", g)
	}
	return g
}

func TestEveryComponentHasABox(t *testing.T) {
	for _, name := range program(t).components {
		if !slices.ContainsFunc(boxes, func(b box) bool { return slices.Contains(b.components, name) }) {
			t.Errorf("component %s is not in the diagram: give it a box in infra/diagram/boxes.go", name)
		}
	}
}

// boxed are the pairs that arrows of a kind join, by what their boxes are called in the program.
func boxed(there []box, kind string, name func(box) string) []edge {
	var found []edge
	for _, a := range arrows {
		if a.kind == kind && has(there, a.from) && has(there, a.to) {
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
	g := program(t)
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
}

func TestArrowsOfCallsAreWhatPoliciesAllow(t *testing.T) {
	g := program(t)
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
	if string(there) != draw(program(t).there()) {
		t.Errorf("%s is out of date: run go generate ./...", picture)
	}
}
