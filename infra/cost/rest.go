package main

import (
	"fmt"
	"strings"

	"scheduled-messages/infra/internal/planned"
)

// line is a quantity of something that has a price.
type line struct {
	price    string // in the price list
	quantity float64
}

// stack is what a program made, to look other resources up in.
type stack []planned.Resource

func (s stack) of(token string) (found []planned.Resource) {
	for _, r := range s {
		if r.Custom && r.Token == token {
			found = append(found, r)
		}
	}
	return found
}

// monthly is what a resource costs a month when nothing happens, by its type. A type that is in neither this table nor
// the next one has no price, which is an error: nothing comes into the stack unpriced.
var monthly = map[string]func(s stack, r planned.Resource, usage map[string]figure) []line{
	"aws:rds/cluster:Cluster": func(_ stack, _ planned.Resource, usage map[string]figure) []line {
		return []line{{"aurora-storage", usage["storageGB"].Value}}
	},
	"aws:rds/clusterInstance:ClusterInstance": func(s stack, _ planned.Resource, _ map[string]figure) []line {
		return []line{{"aurora-acu", s.leastACUs() * hoursPerMonth}}
	},
	"aws:ec2/vpcEndpoint:VpcEndpoint": func(_ stack, r planned.Resource, _ map[string]figure) []line {
		if r.Text("vpcEndpointType") != "Interface" {
			return nil // a gateway endpoint is free
		}
		return []line{{"interface-endpoint", r.Count("subnetIds") * hoursPerMonth}}
	},
	"aws:rds/proxy:Proxy":                            proxy,
	"aws:scheduler/schedule:Schedule":                rounds,
	"aws:kms/key:Key":                                each("kms-key"),
	"aws:secretsmanager/secret:Secret":               each("secret"),
	"aws:cloudwatch/metricAlarm:MetricAlarm":         alarm,
	"aws:cloudwatch/compositeAlarm:CompositeAlarm":   each("composite-alarm"),
	"aws:cloudwatch/dashboard:Dashboard":             each("dashboard"),
	"aws:cloudwatch/logMetricFilter:LogMetricFilter": each("custom-metric"),
	"aws:ec2/eip:Eip":                                hourly("public-ipv4"),
	"aws:elb/loadBalancer:LoadBalancer":              balancer("clb"),
	"aws:lb/loadBalancer:LoadBalancer":               balancer("nlb"),
	"aws:ec2/instance:Instance": func(_ stack, r planned.Resource, _ map[string]figure) []line {
		return instances(1, r, "rootBlockDevice.volumeSize")
	},
	"aws:autoscaling/group:Group": func(s stack, r planned.Resource, _ map[string]figure) []line {
		for _, template := range s.of("aws:ec2/launchTemplate:LaunchTemplate") {
			if r.Text("launchTemplate.id") == template.Name+"-id" {
				count := r.Number("desiredCapacity")
				lines := instances(count, template, "blockDeviceMappings[0].ebs.volumeSize")
				if template.Text("networkInterfaces[0].associatePublicIpAddress") == "true" { // in an existing VPC
					lines = append(lines, line{"public-ipv4", count * hoursPerMonth})
				}
				return lines
			}
		}
		return []line{{"a launch template of " + r.Name, 1}}
	},
}

// free are the types that cost nothing by themselves. What they let happen is paid by the message, or by the resource
// that they belong to.
var free = []string{
	"random:", "aws:ec2/proxyProtocolPolicy:", "aws:iam/", "aws:vpc/securityGroup", "aws:ec2/securityGroup:",
	"aws:ec2/defaultSecurityGroup:",
	"aws:ec2/vpc:", "aws:ec2/subnet:", "aws:ec2/route:", "aws:ec2/routeTable:", "aws:ec2/routeTableAssociation:",
	"aws:ec2/internetGateway:", "aws:ec2/networkInterface:", "aws:ec2/flowLog:", // by the GB that it writes
	"aws:ec2/launchTemplate:", "aws:ec2/eipAssociation:", "aws:autoscaling/attachment:", "aws:autoscaling/lifecycleHook:",
	"aws:lb/targetGroup:", "aws:lb/listener:", "aws:lb/targetGroupAttachment:", "aws:elb/attachment:",
	"aws:cloudwatch/logGroup:", "aws:cloudwatch/logResourcePolicy:", // by the GB
	"aws:kms/keyPolicy:", "aws:kms/alias:",
	"aws:lambda/function:", "aws:lambda/functionEventInvokeConfig:", "aws:lambda/invocation:", "aws:lambda/permission:",
	"aws:rds/clusterParameterGroup:", "aws:rds/subnetGroup:", "aws:rds/proxyDefaultTargetGroup:", "aws:rds/proxyTarget:",
	"aws:rds/eventSubscription:",
	"aws:scheduler/", "aws:sqs/", "aws:sns/",
	"aws:secretsmanager/secretPolicy:", "aws:secretsmanager/secretVersion:", "aws:secretsmanager/secretRotation:",
}

// atRest is what a stack costs a month when nothing happens.
func atRest(s stack, usage map[string]figure) (map[string]float64, error) {
	quantities := map[string]float64{}
	for _, r := range s {
		if !r.Custom {
			continue
		}
		rule, priced := monthly[r.Token]
		if !priced && !isFree(r.Token) {
			return nil, fmt.Errorf("%s is a %s, which has no price: add it to infra/cost", r.Name, r.Token)
		}
		if !priced {
			continue
		}
		for _, l := range rule(s, r, usage) {
			quantities[l.price] += l.quantity
		}
	}
	return quantities, nil
}

func isFree(token string) bool {
	for _, prefix := range free {
		if strings.HasPrefix(token, prefix) {
			return true
		}
	}
	return false
}

// leastACUs is what an instance of the cluster does not go below: with connections, and the proxy's are always there,
// not below half a unit.
func (s stack) leastACUs() float64 {
	least := 0.5
	for _, cluster := range s.of("aws:rds/cluster:Cluster") {
		least = max(least, cluster.Number("serverlessv2ScalingConfiguration.minCapacity"))
	}
	return least
}

// rounds are those of the outbox: each minute Scheduler invokes armer, and armer relay. What a rate of an hour or a day costs is
// less than a cent.
func rounds(s stack, r planned.Resource, usage map[string]figure) []line {
	if r.Text("scheduleExpression") != "rate(1 minute)" {
		return nil
	}
	const aMonth = 60.0 * hoursPerMonth
	memory, duration := s.memory()
	return []line{
		{"scheduler", aMonth / million},
		{"lambda-requests", 2 * aMonth / million},
		{duration, aMonth * (memory["armer"] + memory["relay"]) * usage["roundMs"].Value / 1000},
		{"xray", 2 * aMonth / million},
		{"log-ingestion", aMonth * usage["logBytes"].Value / 1e9},
	}
}

// memory is what the functions have, in GB, and the price of their time.
func (s stack) memory() (memory map[string]float64, duration string) {
	memory = map[string]float64{}
	for _, function := range s.of("aws:lambda/function:Function") {
		memory[function.Name] = function.Number("memorySize") / 1024
		duration = "lambda-" + function.Text("architectures[0]")
	}
	return memory, duration
}

func each(price string) func(stack, planned.Resource, map[string]figure) []line {
	return func(stack, planned.Resource, map[string]figure) []line { return []line{{price, 1}} }
}

func hourly(price string) func(stack, planned.Resource, map[string]figure) []line {
	return func(stack, planned.Resource, map[string]figure) []line { return []line{{price, hoursPerMonth}} }
}

// alarm is billed by the metrics that it looks at.
func alarm(_ stack, r planned.Resource, _ map[string]figure) []line {
	metrics := 0.0
	if queries, ok := r.Value("metricQueries"); ok && queries.IsArray() {
		for _, query := range queries.ArrayValue() {
			if query.IsObject() && query.ObjectValue()["metric"].HasValue() {
				metrics++
			}
		}
	}
	return []line{{"alarm", max(1, metrics)}}
}

// balancer is a load balancer and, if it faces the internet, its address in each zone.
func balancer(price string) func(stack, planned.Resource, map[string]figure) []line {
	return func(_ stack, r planned.Resource, _ map[string]figure) []line {
		lines := []line{{price, hoursPerMonth}}
		if internal, ok := r.Value("internal"); ok && internal.IsBool() && !internal.BoolValue() {
			lines = append(lines, line{"public-ipv4", r.Count("subnets") * hoursPerMonth})
		}
		return lines
	}
}

// instances are EC2 instances with their volumes; at least the 8 GB of Amazon Linux's image.
func instances(count float64, r planned.Resource, volume string) []line {
	return []line{{r.Text("instanceType"), count * hoursPerMonth}, {"gp3", count * max(8, r.Number(volume))}}
}
