package monitoring

import (
	"scheduled-messages/infra/config"
)

import "fmt"

// externalAlarms are one row, by the kind of external access. Auto Scaling publishes its group's metrics every minute,
// with or without instances, and begins some minutes after the group is made.
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html
func externalAlarms(c *config.Config) []alarm {
	row := alarm{
		Name:      "haproxy-down",
		Threshold: 1,
		period:    60, datapoints: 5, periods: 10, missing: missingIgnore,
		Fires: 10, Clears: 10,
		Summary: "An HAProxy instance has been unhealthy or away for five of ten minutes; the load balancer sends clients to " +
			"the others.",
		Runbook: "Look at the database first, without which every instance is unhealthy and none is replaced. With a healthy " +
			"database: /health and HAProxy's journal through Session Manager, or terminate the instance, which Auto Scaling replaces.",
	}
	switch {
	case !c.External():
		return nil
	case c.ExternalAccess == config.AccessSingle:
		row.Measure, row.below = plain("haproxy-group", GroupInService), true
		row.Summary = "No HAProxy instance has been in service for five of ten minutes: clients outside do not get in. " +
			"A planned replacement that takes as long fires it too."
		row.Runbook = "Auto Scaling replaces it by itself; the first launch fails while the old interface is in use. " +
			"If it stays: the group's activities, /health and HAProxy's journal through Session Manager."
	case c.ExternalLoadBalancer == config.BalancerClassic:
		row.Measure = missingOrUnhealthy(HostsUnhealthy, c.PublicSubnets())
	default:
		row.Measure = missingOrUnhealthy(TargetsUnhealthy, c.PublicSubnets())
	}
	return []alarm{row}
}

// missingOrUnhealthy is how many of the balancer's instances are unhealthy, and 1 where one of them is not there: a
// balancer does not count an instance that is not registered.
func missingOrUnhealthy(m Metric, instances int) Measure {
	return Measure{
		Series:     []series{{"running", "haproxy-group", GroupInService}, {"unhealthy", "haproxy", m}},
		expression: fmt.Sprintf("IF(running < %d, 1, unhealthy)", instances),
		text:       fmt.Sprintf("%s, or 1 while %s < %d,", code(m.Name), code(GroupInService.Name), instances),
	}
}
