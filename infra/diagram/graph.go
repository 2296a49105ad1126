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
	traffic    []edge // between security groups
	calls      []edge // between resources, by their names
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
		for _, r := range made {
			if err := g.add(r); err != nil {
				return g, fmt.Errorf("%s: %w", r.Name, err)
			}
		}
	}
	return g, nil
}

func (g *graph) add(r planned.Resource) error {
	switch {
	case !r.Custom:
		g.components = append(g.components, r.Name)
	case r.Token == "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule":
		if to := r.Text("referencedSecurityGroupId"); to != "" {
			g.traffic = append(g.traffic, edge{group(r.Text("securityGroupId")), group(to)})
		}
	case r.Token == "aws:iam/rolePolicy:RolePolicy":
		return g.addPolicy(strings.TrimSuffix(r.Name, "-role-policy"), r.Text("policy"))
	}
	slices.Sort(g.components)
	g.components = slices.Compact(g.components)
	return nil
}

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

// group is a security group's name, from the id that it has in a plan.
func group(id string) string { return strings.TrimSuffix(strings.TrimPrefix(id, "security-"), "-id") }

// there are the boxes that stand for something that the program makes, and those outside.
func (g graph) there() []box {
	var there []box
	for _, b := range boxes {
		made := func(name string) bool { return slices.Contains(g.components, name) }
		if b.components == nil || slices.ContainsFunc(b.components, made) {
			there = append(there, b)
		}
	}
	return there
}
