// Package network makes the VPC, its subnets, the security groups with the table of all allowed traffic, and the VPC endpoints.
package network
