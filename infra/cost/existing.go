package main

import (
	"fmt"
	"strings"

	"scheduled-messages/infra/internal/stackconfig"
)

// leftOut names in one line what a stack uses and does not pay for, and what it cannot know of its VPC.
func leftOut(s *stackconfig.Settings) (notes []string) {
	var all []string
	for _, one := range []struct{ key, what string }{
		{"vpcId", "the VPC %s with its subnets"},
		{"secretsManagerEndpoint", "the endpoint of Secrets Manager in %s"},
		{"clusterIdentifier", "the cluster %s with its capacity, storage and I/O"},
		{"instanceIdentifier", "the instance %s with its storage and I/O"},
		{"adminSecretArn", "the secret %s"},
		{"kmsKeyArn", "the key %s"},
	} {
		switch value := s.Given(one.key); {
		case one.key == "secretsManagerEndpoint" && s.Own[one.key] == "none":
			all = append(all, "the traffic to Secrets Manager, such as through a NAT gateway")
		case value != "" && value != "create":
			all = append(all, fmt.Sprintf(one.what, value))
		}
	}
	if len(all) > 0 {
		notes = append(notes, "Left out, because not the stack's: "+strings.Join(all, "; ")+".")
	}
	if s.Given("vpcId") != "" && s.Given("externalAccess") != "" {
		notes = append(notes, "The endpoints of Session Manager count as the stack's: of those that the VPC has already it makes none.")
	}
	return notes
}
