package main

import (
	"fmt"

	"scheduled-messages/infra/internal/planned"
)

// example is a stack that is priced: Pulumi.yaml's defaults, and what differs from them.
type example struct {
	name, what string
	changes    map[string]string
}

// examples, dev first.
var examples = []example{
	{"dev", "the defaults", nil},
	{"production", "protectData, one reader, 2 to 16 ACUs, logs for 90 days", map[string]string{
		"protectData": "true", "readers": "1", "minCapacity": "2", "maxCapacity": "16", "logRetentionDays": "90"}},
	{"dev + outbox", "outbox: messages are scheduled by SQL", map[string]string{"outbox": "true"}},
	{"dev + single", "externalAccess single", external("single", nil)},
	{"dev + ha, network", "externalAccess ha, a network load balancer",
		external("ha", map[string]string{"externalLoadBalancer": "network"})},
	{"dev + ha, classic", "externalAccess ha, a classic load balancer",
		external("ha", map[string]string{"externalLoadBalancer": "classic"})},
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

// bills runs the program for every example.
func bills(root string, usage map[string]figure) ([]bill, error) {
	var all []bill
	for _, e := range examples {
		b, err := billOf(root, e, usage)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.name, err)
		}
		all = append(all, b)
	}
	return all, nil
}

// billOf runs the program for one configuration.
func billOf(root string, e example, usage map[string]figure) (bill, error) {
	made, err := planned.Resources(root, e.changes)
	if err != nil {
		return bill{}, err
	}
	rest, err := atRest(made, usage)
	return bill{e, rest, perMillion(made, usage)}, err
}
