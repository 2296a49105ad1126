package main

import (
	"fmt"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
)

// example is a stack that is priced: Pulumi.yaml's defaults, and what differs from them.
type example struct {
	name, what string
	changes    map[string]string
}

// examples spare every look-up: their zones and the extension's layer are given.
var examples = []example{
	{"dev", "the defaults", nil},
	{"production", "protectData, one reader, 2 to 16 ACUs, logs for 90 days", map[string]string{
		"protectData": "true", "readers": "1", "minCapacity": "2", "maxCapacity": "16", "logRetentionDays": "90"}},
	{"dev + single", "externalAccess single", external("single", nil)},
	{"dev + ha, network", "externalAccess ha, a network load balancer", external("ha", map[string]string{"externalLoadBalancer": "network"})},
	{"dev + ha, classic", "externalAccess ha, a classic load balancer", external("ha", map[string]string{"externalLoadBalancer": "classic"})},
}

func external(access string, more map[string]string) map[string]string {
	changes := map[string]string{"externalAccess": access, "externalAllowedCidrs": `["203.0.113.0/24"]`}
	for key, value := range more {
		changes[key] = value
	}
	return changes
}

// bill is what one example costs.
type bill struct {
	example
	rest    map[string]float64 // quantities a month, by price
	million map[string]float64 // quantities by a million messages
}

// bills runs the program for every example that it has the keys for.
func bills(root string, usage map[string]figure) ([]bill, error) {
	project, err := workspace.LoadProject(filepath.Join(root, "Pulumi.yaml"))
	if err != nil {
		return nil, err
	}
	var all []bill
	for _, e := range examples {
		known := true
		changes := map[string]string{
			"zones":                    `["us-east-1a","us-east-1b"]`,
			"secretsExtensionLayerArn": "arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:23",
		}
		for key, value := range e.changes {
			_, declared := project.Config[key]
			known = known && declared
			changes[key] = value
		}
		if !known {
			continue
		}
		made, err := register(root, changes)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.name, err)
		}
		rest, err := atRest(made, usage)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.name, err)
		}
		all = append(all, bill{e, rest, perMillion(made, usage)})
	}
	return all, nil
}
