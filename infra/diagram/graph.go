package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"scheduled-messages/infra/internal/planned"
)

// edge goes from one security group to another, or from one resource to another that it may invoke or send to.
type edge struct{ from, to string }

// graph is what the program makes, over all the configurations that add to it.
type graph struct {
	components []string
	resources  []string
	traffic    []edge // between security groups
	calls      []edge // between resources, by their names

	given    map[string]string // names of security groups that are not the stack's own, by their ids
	existing map[string]words  // what is not the stack's own, by its box
}

// configurations together have every component.
var configurations = []map[string]string{
	{"channels": `["sns","webhook"]`, "webhookAllowedHosts": `["hooks.example.com"]`},
	{"outbox": "true"},
	{"externalAccess": "single", "externalAllowedCidrs": `["203.0.113.0/24"]`},
	{"externalAccess": "ha", "externalAllowedCidrs": `["203.0.113.0/24"]`, "externalLoadBalancer": "network"},
}

// read runs the program for every configuration that it has the keys for.
func read(root string) (graph, error) {
	var g graph
	for _, changes := range configurations {
		made, err := planned.Resources(root, changes)
		if err != nil {
			return g, err
		}
		if err := g.addAll(made); err != nil {
			return g, err
		}
	}
	return g, nil
}

func (g *graph) addAll(made []planned.Resource) error {
	for _, r := range made {
		if err := g.add(r); err != nil {
			return fmt.Errorf("%s: %w", r.Name, err)
		}
	}
	slices.Sort(g.components)
	g.components = slices.Compact(g.components)
	return nil
}

func (g *graph) add(r planned.Resource) error {
	if !r.Custom {
		g.components = append(g.components, r.Name)
		return nil
	}
	g.resources = append(g.resources, r.Name)
	switch r.Token {
	case "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule":
		from, to := r.Text("securityGroupId"), r.Text("referencedSecurityGroupId")
		if r.Text("cidrIpv4") == everywhere { // the way out of a VPC without an endpoint, which has the endpoint's place
			to = "endpoint"
		}
		if to != "" {
			g.traffic = append(g.traffic, edge{g.group(from), g.group(to)})
		}
	case "aws:iam/rolePolicy:RolePolicy":
		return g.addPolicy(strings.TrimSuffix(r.Name, "-role-policy"), r.Text("policy"))
	}
	return nil
}

// everywhere is every address.
const everywhere = "0.0.0.0/0"

// addPolicy takes from a role's policy whom its bearer may invoke, publish to, or send to.
func (g *graph) addPolicy(bearer, policy string) error {
	var document struct {
		Statement []struct {
			Effect           string
			Action, Resource []string
		}
	}
	if err := json.Unmarshal([]byte(policy), &document); err != nil {
		return err
	}
	for _, s := range document.Statement {
		if s.Effect != "Allow" || !slices.ContainsFunc(s.Action, func(action string) bool {
			return action == "lambda:InvokeFunction" || action == "sns:Publish" || action == "sqs:SendMessage"
		}) {
			continue
		}
		for _, resource := range s.Resource {
			g.calls = append(g.calls, edge{bearer, resource[strings.LastIndexByte(resource, ':')+1:]})
		}
	}
	return nil
}

// group is a security group's name, from the id that it has in a plan, or that the configuration gives it.
func (g *graph) group(id string) string {
	if name, existing := g.given[id]; existing {
		return name
	}
	return strings.TrimSuffix(strings.TrimPrefix(id, "security-"), "-id")
}

// there are the boxes that stand for something that the program makes or uses, and those outside.
func (g graph) there() []box {
	var there []box
	for _, b := range boxes {
		made := func(name string) bool { return slices.Contains(g.components, name) }
		if b.needs != "" && !slices.Contains(g.resources, b.needs) {
			continue
		}
		existing, marked := g.existing[b.id]
		if b.components == nil || marked || slices.ContainsFunc(b.components, made) {
			there = append(there, b.as(existing))
		}
	}
	return there
}
