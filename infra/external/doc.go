// Package external makes the access to the cluster from outside the VPC: HAProxy on one instance, or on several behind a load
// balancer.
package external
