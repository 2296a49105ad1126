package rules

import "fmt"

const (
	apiELB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/"
	apiCLB = "https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/"

	hyphenated = "can only contain characters that are alphanumeric characters and hyphens(-), " +
		"and must not begin or end with a hyphen"
	balancerName = `[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?`
)

var elbv2 = []Rule{
	{"elbv2", "CreateLoadBalancer", "Name",
		all(
			characters(1, 32),
			matching(balancerName, "The load balancer name '{value}' "+hyphenated),
			not(`\Ainternal-`, "The load balancer name '{value}' must not begin with 'internal-'"),
		),
		"", apiELB + "API_CreateLoadBalancer.html"},
	{"elbv2", "CreateLoadBalancer", "", subnets, "", apiELB + "API_CreateLoadBalancer.html"},
	{"elbv2", "CreateTargetGroup", "Name",
		all(
			characters(1, 32),
			matching(balancerName, "The target group name '{value}' "+hyphenated),
		),
		"", apiELB + "API_CreateTargetGroup.html"},
	{"elbv2", "CreateTargetGroup ModifyTargetGroup", "", healthCheck, "", apiELB + "API_CreateTargetGroup.html"},
	{"elbv2", "ModifyListenerAttributes", "Attributes.*",
		attribute("tcp.idle_timeout.seconds", 60, 6000), "", apiELB + "API_ListenerAttribute.html"},
	{"elbv2", "ModifyTargetGroupAttributes", "Attributes.*",
		attribute("deregistration_delay.timeout_seconds", 0, 3600), "", apiELB + "API_TargetGroupAttribute.html"},
}

var elb = []Rule{
	{"elb", "CreateLoadBalancer", "LoadBalancerName",
		all(
			characters(1, 32),
			matching(balancerName, "The load balancer name '{value}' "+hyphenated),
		),
		"", apiCLB + "API_CreateLoadBalancer.html"},
	{"elb", "ConfigureHealthCheck", "HealthCheck.Target",
		matching(
			`(?:TCP|SSL):\d{1,5}|HTTPS?:\d{1,5}/.*`,
			"HealthCheck Target must be TCP:port, SSL:port, HTTP:port/path or HTTPS:port/path",
		),
		"", apiCLB + "API_HealthCheck.html"},
	{"elb", "ConfigureHealthCheck", "HealthCheck", inTime, "", apiCLB + "API_HealthCheck.html"},
}

func subnets(value any) string {
	input, _ := value.(map[string]any)
	if (input["Subnets"] == nil) == (input["SubnetMappings"] == nil) {
		return "You must specify either subnets or subnet mappings, but not both"
	}
	return ""
}

// healthCheck holds that a check is over before the next begins.
func healthCheck(value any) string {
	input, _ := value.(map[string]any)
	timeout, given := input["HealthCheckTimeoutSeconds"].(int64)
	interval, both := input["HealthCheckIntervalSeconds"].(int64)
	if given && both && timeout >= interval {
		return fmt.Sprintf("Health check timeout '%d' must be smaller than the interval '%d'", timeout, interval)
	}
	return ""
}

func inTime(value any) string {
	input, _ := value.(map[string]any)
	timeout, _ := input["Timeout"].(int64)
	interval, _ := input["Interval"].(int64)
	if timeout >= interval {
		return fmt.Sprintf("HealthCheck timeout '%d' must be smaller than the interval '%d'", timeout, interval)
	}
	return ""
}

// attribute limits the number that one attribute of a list holds.
func attribute(key string, least, most int64) Check {
	return func(value any) string {
		if pair, ok := value.(map[string]any); ok && pair["Key"] == key {
			return between(least, most)(pair["Value"])
		}
		return ""
	}
}
