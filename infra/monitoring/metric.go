package monitoring

import (
	"fmt"
	"log/slog"

	"scheduled-messages/infra/external"
	"scheduled-messages/lambda/contract"
)

// Metric is one of CloudWatch's, as its documentation has it. A metric that nobody publishes under the very name and
// dimensions is no error to CloudWatch: an alarm on it stays silent indefinitely.
type Metric struct {
	Namespace  string // empty: the stack's own, filled by a filter
	Name       string
	Dimensions []string // all of them, in the dashboard's order
	statistic  string   // the one that the documentation advises
	unit       string   // empty: a count
	Source     string
}

// Where AWS documents the metrics and their dimensions.
const (
	onSQS       = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html"
	onScheduler = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html"
	onLambda    = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"
	onProxy     = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.monitoring.html"
	onAurora    = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html"
	onSNS       = "https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html"
	onNetworkLB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html"
	onClassicLB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-cloudwatch-metrics.html"
	onGroup     = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html"
	onFilters   = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html"
)

// Dimensions of the services.
var (
	byQueue    = []string{"QueueName"}
	byGroup    = []string{"ScheduleGroup"}
	byFunction = []string{"FunctionName"}
	byProxy    = []string{"ProxyName"} // RDS Proxy's dimension set 1
	// Whichever instance has the role: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/creating_alarms.html
	byRole  = []string{"DBClusterIdentifier", "Role"}
	byTopic = []string{"TopicName"}
	// Of HAProxy, by the kind of external access.
	byTargets   = []string{"LoadBalancer", "TargetGroup"}
	byClassicLB = []string{"LoadBalancerName"}
	byInstances = []string{"AutoScalingGroupName"}
)

// The metrics that alarms and the dashboard use.
var (
	messagesVisible  = Metric{"AWS/SQS", "ApproximateNumberOfMessagesVisible", byQueue, "Maximum", "", onSQS}
	messagesInFlight = Metric{"AWS/SQS", "ApproximateNumberOfMessagesNotVisible", byQueue, "Maximum", "", onSQS}

	scheduleAttempts  = Metric{"AWS/Scheduler", "InvocationAttemptCount", byGroup, "Sum", "", onScheduler}
	ScheduleErrors    = Metric{"AWS/Scheduler", "TargetErrorCount", byGroup, "Sum", "", onScheduler}
	scheduleRefused   = Metric{"AWS/Scheduler", "TargetErrorThrottledCount", byGroup, "Sum", "", onScheduler} // by Lambda
	scheduleThrottled = Metric{"AWS/Scheduler", "InvocationThrottleCount", byGroup, "Sum", "", onScheduler}   // by Scheduler
	scheduleDropped   = Metric{"AWS/Scheduler", "InvocationDroppedCount", byGroup, "Sum", "", onScheduler}
	scheduleLost      = Metric{"AWS/Scheduler", "InvocationsFailedToBeSentToDeadLetterCount", byGroup, "Sum", "", onScheduler}

	invocations       = Metric{"AWS/Lambda", "Invocations", byFunction, "Sum", "", onLambda}
	FunctionErrors    = Metric{"AWS/Lambda", "Errors", byFunction, "Sum", "", onLambda}
	throttles         = Metric{"AWS/Lambda", "Throttles", byFunction, "Sum", "", onLambda}
	duration          = Metric{"AWS/Lambda", "Duration", byFunction, "p99", "ms", onLambda}
	eventAge          = Metric{"AWS/Lambda", "AsyncEventAge", byFunction, "Maximum", "ms", onLambda}
	eventsDropped     = Metric{"AWS/Lambda", "AsyncEventsDropped", byFunction, "Sum", "", onLambda}          // given up
	destinationFailed = Metric{"AWS/Lambda", "DestinationDeliveryFailures", byFunction, "Sum", "", onLambda} // and then lost
	topicFailed       = Metric{"AWS/SNS", "NumberOfNotificationsFailed", byTopic, "Sum", "", onSNS}          // to a subscriber

	// RDS Proxy's gauges come once a minute from each of its own instances: their sum is right over one minute only.
	poolClients      = Metric{"AWS/RDS", "ClientConnections", byProxy, "Sum", "", onProxy}
	poolConnections  = Metric{"AWS/RDS", "DatabaseConnections", byProxy, "Sum", "", onProxy}
	poolBorrowed     = Metric{"AWS/RDS", "DatabaseConnectionsCurrentlyBorrowed", byProxy, "Sum", "", onProxy}
	poolAllowed      = Metric{"AWS/RDS", "MaxDatabaseConnectionsAllowed", byProxy, "Sum", "", onProxy} // less than configured
	poolPinned       = Metric{"AWS/RDS", "DatabaseConnectionsCurrentlySessionPinned", byProxy, "Sum", "", onProxy}
	poolWait         = Metric{"AWS/RDS", "DatabaseConnectionsBorrowLatency", byProxy, "Average", "µs", onProxy}
	poolRefused      = Metric{"AWS/RDS", "DatabaseConnectionsSetupFailed", byProxy, "Sum", "", onProxy}   // proxy to database
	poolLoginsFailed = Metric{"AWS/RDS", "ClientConnectionsSetupFailedAuth", byProxy, "Sum", "", onProxy} // function to proxy

	connections  = Metric{"AWS/RDS", "DatabaseConnections", byRole, "Maximum", "", onAurora} // of whoever is connected
	capacityUsed = Metric{"AWS/RDS", "ServerlessDatabaseCapacity", byRole, "Average", "ACUs", onAurora}
	processor    = Metric{"AWS/RDS", "CPUUtilization", byRole, "Average", "%", onAurora} // of what maxCapacity has

	TargetsUnhealthy = Metric{"AWS/NetworkELB", "UnHealthyHostCount", byTargets, "Maximum", "", onNetworkLB}
	HostsUnhealthy   = Metric{"AWS/ELB", "UnHealthyHostCount", byClassicLB, "Maximum", "", onClassicLB}
	GroupInService   = Metric{"AWS/AutoScaling", external.MetricInService, byInstances, "Minimum", "", onGroup} // see launch.go

	unhealthy       = Metric{"", "Unhealthy", nil, "Sum", "", onFilters}
	statusUnhealthy = Metric{"", "StatusUnhealthy", nil, "Sum", "", onFilters} // apart: one failover may meet both heartbeats
	borrowTimeouts  = Metric{"", "BorrowTimeouts", nil, "Sum", "", onFilters}
	overdue         = Metric{"", "Overdue", nil, "Maximum", "", onFilters} // rows, once an hour; with the outbox once a minute, too
)

// filters count lines of a function's log. They have no default value: a metric costs only in hours in which it is
// published. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
var filters = []struct {
	name     string
	function string
	counts   Metric
	pattern  string
	value    string // empty: 1 for each line
	outbox   bool   // only with the outbox
}{
	{name: "unhealthy", function: "updater", counts: unhealthy,
		pattern: fmt.Sprintf(`{ $.%s = %q }`, slog.MessageKey, contract.LogUnhealthy)},
	{name: "status-unhealthy", function: "status", counts: statusUnhealthy,
		pattern: fmt.Sprintf(`{ $.%s = %q }`, slog.MessageKey, contract.LogUnhealthy)},
	{name: "borrow-timeouts", function: "updater", counts: borrowTimeouts,
		pattern: fmt.Sprintf(`{ $.%s = "*%s*" }`, contract.LogError, contract.LogBorrowTimeout)},
	// A line in which the number is 0 gives no point.
	{name: "overdue", function: "updater", counts: overdue,
		pattern: fmt.Sprintf(`{ $.%s >= 1 }`, contract.LogOverdue), value: "$." + contract.LogOverdue},
	{name: "overdue-each-minute", function: "relay", counts: overdue, outbox: true,
		pattern: fmt.Sprintf(`{ $.%s >= 1 }`, contract.LogOverdue), value: "$." + contract.LogOverdue},
}
