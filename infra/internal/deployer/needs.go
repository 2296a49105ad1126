package deployer

import (
	_ "embed" // the needs
	"os"
	"slices"
	"strings"

	"scheduled-messages/infra/sandbox/endpoint/authorization"
)

//go:embed needs.txt
var needs string

// unplayed are what is asked for in what no life makes, as the tests' AWS does not know how: another timeout of the proxy, a new
// launch template, one more zone; and a function's network interface that is still attached when its security group goes, which
// the provider detaches.
const unplayed = `
autoscaling:CancelInstanceRefresh arn:aws:autoscaling:REGION:ACCOUNT:autoScalingGroup:*:autoScalingGroupName/PREFIX*
autoscaling:DescribeInstanceRefreshes *
autoscaling:StartInstanceRefresh arn:aws:autoscaling:REGION:ACCOUNT:autoScalingGroup:*:autoScalingGroupName/PREFIX*
ec2:DetachNetworkInterface arn:aws:ec2:REGION:ACCOUNT:network-interface/*
rds:ModifyDBProxy arn:aws:rds:REGION:ACCOUNT:db-proxy:*
rds:ModifyDBSubnetGroup arn:aws:rds:REGION:ACCOUNT:subgrp:PREFIX*
`

// Needs are what the deployer has needed in the lives of stacks, and what no life makes it need.
func Needs() []authorization.Need { return append(parse(needs), parse(unplayed)...) }

func parse(text string) (all []authorization.Need) {
	for line := range strings.Lines(text) {
		if action, resource, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			all = append(all, authorization.Need{Action: action, Resource: resource})
		}
	}
	return all
}

// Add writes more needs into a file of them, and keeps those that are in it.
func Add(file string, more []authorization.Need) error {
	content, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	lines := []string{}
	for _, need := range append(parse(string(content)), more...) {
		lines = append(lines, need.Action+" "+need.Resource)
	}
	slices.Sort(lines)
	return os.WriteFile(file, []byte(strings.Join(slices.Compact(lines), "\n")+"\n"), 0o644)
}
