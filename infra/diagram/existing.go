package main

import (
	"slices"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/internal/planned"
	"scheduled-messages/infra/internal/stackconfig"
)

// words are what a box says.
type words struct{ title, subtitle string }

// existingStyle is of what is not the stack's own, in a picture that has any of it.
const existingStyle = `  .existing { fill: #ffffff; stroke: #7b8794; stroke-dasharray: 2 3; }
`

// The legend of the style stands next to those of the arrows: a shape, and what it means.
const (
	existingLeft, existingTop, existingWidth, existingHeight = 940, height - 35, 34, 16

	existingMeaning     = "was there before"
	existingMeaningLeft = existingLeft + existingWidth + 10
)

// styleOf is the style of a picture of some boxes.
func styleOf(there []box) string {
	if slices.ContainsFunc(there, func(b box) bool { return b.existing }) {
		return style + existingStyle
	}
	return style
}

// as is the box with other words, as one of what is not the stack's own; without words, as it is.
func (b box) as(w words) box {
	if w != (words{}) {
		b.title, b.subtitle, b.existing = w.title, w.subtitle, true
	}
	return b
}

// ofStack is what the program makes for one configuration, and what it uses instead of making it.
func ofStack(root string, s *stackconfig.Settings) (graph, error) {
	made, err := planned.Resources(root, s.In(planned.Region))
	if err != nil {
		return graph{}, err
	}
	g := graph{existing: existing(s), given: map[string]string{
		s.Given("databaseSecurityGroupId"): "database",
		s.Given("secretsManagerEndpoint"):  "endpoint",
	}}
	return g, g.addAll(made)
}

// existing are the boxes of what a stack uses instead of making it.
func existing(s *stackconfig.Settings) map[string]words {
	all := map[string]words{}
	if id := s.Given("vpcId"); id != "" {
		all["vpc"] = words{title: "existing VPC " + id}
	}
	if s.Given("publicSubnetIds") != "" {
		all["public"] = words{title: "public subnets"}
	}
	if s.Given("clusterIdentifier") != "" {
		all["database"] = words{"Aurora MySQL", "existing cluster"}
	}
	if s.Given("instanceIdentifier") != "" {
		all["database"] = words{"RDS for MySQL", "existing instance"}
	}
	switch s.Own["secretsManagerEndpoint"] {
	case "", config.EndpointCreate:
	case config.EndpointNone:
		all["endpoint"] = words{"the VPC's way out", "such as a NAT gateway"}
	default:
		all["endpoint"] = words{"interface endpoint", "existing"}
	}
	if s.Given("kmsKeyArn") != "" {
		all["foundation"] = words{"KMS key", "existing"}
	}
	return all
}
