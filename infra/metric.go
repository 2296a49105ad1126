package infra

import (
	"fmt"
	"log/slog"

	"scheduled-messages/lambda/contract"
)

// metric is one of CloudWatch's, as its documentation has it. A metric that nobody publishes under the very name and
// dimensions is no error to CloudWatch: an alarm on it stays silent indefinitely.
type metric struct {
	namespace  string // empty: the stack's own, filled by a filter
	name       string
	dimensions []string // all of them, in the dashboard's order
	statistic  string   // the one that the documentation advises
	unit       string   // empty: a count
	source     string
}

// Where AWS documents the metrics and their dimensions.
const (
	onSQS       = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html"
	onScheduler = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html"
	onLambda    = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"
	onProxy     = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.monitoring.html"
	onAurora    = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html" // dimensions: dimensions.html
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
	messagesVisible  = metric{"AWS/SQS", "ApproximateNumberOfMessagesVisible", byQueue, "Maximum", "", onSQS}
	messagesInFlight = metric{"AWS/SQS", "ApproximateNumberOfMessagesNotVisible", byQueue, "Maximum", "", onSQS}

	scheduleAttempts  = metric{"AWS/Scheduler", "InvocationAttemptCount", byGroup, "Sum", "", onScheduler}
	scheduleErrors    = metric{"AWS/Scheduler", "TargetErrorCount", byGroup, "Sum", "", onScheduler}
	scheduleRefused   = metric{"AWS/Scheduler", "TargetErrorThrottledCount", byGroup, "Sum", "", onScheduler} // by Lambda
	scheduleThrottled = metric{"AWS/Scheduler", "InvocationThrottleCount", byGroup, "Sum", "", onScheduler}   // by Scheduler
	scheduleDropped   = metric{"AWS/Scheduler", "InvocationDroppedCount", byGroup, "Sum", "", onScheduler}
	scheduleLost      = metric{"AWS/Scheduler", "InvocationsFailedToBeSentToDeadLetterCount", byGroup, "Sum", "", onScheduler}

	invocations       = metric{"AWS/Lambda", "Invocations", byFunction, "Sum", "", onLambda}
	functionErrors    = metric{"AWS/Lambda", "Errors", byFunction, "Sum", "", onLambda}
	throttles         = metric{"AWS/Lambda", "Throttles", byFunction, "Sum", "", onLambda}
	duration          = metric{"AWS/Lambda", "Duration", byFunction, "p99", "ms", onLambda}
	eventAge          = metric{"AWS/Lambda", "AsyncEventAge", byFunction, "Maximum", "ms", onLambda}
	eventsDropped     = metric{"AWS/Lambda", "AsyncEventsDropped", byFunction, "Sum", "", onLambda}          // given up; handed to the destination first
	destinationFailed = metric{"AWS/Lambda", "DestinationDeliveryFailures", byFunction, "Sum", "", onLambda} // and then lost
	topicFailed       = metric{"AWS/SNS", "NumberOfNotificationsFailed", byTopic, "Sum", "", onSNS}          // to a subscriber

	// RDS Proxy's gauges come once a minute from each of its own instances: their sum is right over one minute only.
	poolClients      = metric{"AWS/RDS", "ClientConnections", byProxy, "Sum", "", onProxy}
	poolConnections  = metric{"AWS/RDS", "DatabaseConnections", byProxy, "Sum", "", onProxy}
	poolBorrowed     = metric{"AWS/RDS", "DatabaseConnectionsCurrentlyBorrowed", byProxy, "Sum", "", onProxy}
	poolAllowed      = metric{"AWS/RDS", "MaxDatabaseConnectionsAllowed", byProxy, "Sum", "", onProxy} // less than the share that is configured
	poolPinned       = metric{"AWS/RDS", "DatabaseConnectionsCurrentlySessionPinned", byProxy, "Sum", "", onProxy}
	poolWait         = metric{"AWS/RDS", "DatabaseConnectionsBorrowLatency", byProxy, "Average", "µs", onProxy}
	poolRefused      = metric{"AWS/RDS", "DatabaseConnectionsSetupFailed", byProxy, "Sum", "", onProxy}   // proxy to database
	poolLoginsFailed = metric{"AWS/RDS", "ClientConnectionsSetupFailedAuth", byProxy, "Sum", "", onProxy} // function to proxy

	connections  = metric{"AWS/RDS", "DatabaseConnections", byRole, "Maximum", "", onAurora} // of whoever is connected
	capacityUsed = metric{"AWS/RDS", "ServerlessDatabaseCapacity", byRole, "Average", "ACUs", onAurora}
	processor    = metric{"AWS/RDS", "CPUUtilization", byRole, "Average", "%", onAurora} // of what maxCapacity has

	targetsUnhealthy = metric{"AWS/NetworkELB", "UnHealthyHostCount", byTargets, "Maximum", "", onNetworkLB}
	hostsUnhealthy   = metric{"AWS/ELB", "UnHealthyHostCount", byClassicLB, "Maximum", "", onClassicLB}
	groupInService   = metric{"AWS/AutoScaling", "GroupInServiceInstances", byInstances, "Minimum", "", onGroup} // enabled in launch.group

	unhealthy       = metric{"", "Unhealthy", nil, "Sum", "", onFilters}
	statusUnhealthy = metric{"", "StatusUnhealthy", nil, "Sum", "", onFilters} // apart: one failover may meet both heartbeats
	borrowTimeouts  = metric{"", "BorrowTimeouts", nil, "Sum", "", onFilters}
)

// filters count lines of a function's log. They have no default value: a metric costs only in hours in which it is
// published. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
var filters = []struct {
	name     string
	function string
	counts   metric
	pattern  string
}{
	{"unhealthy", "updater", unhealthy, fmt.Sprintf(`{ $.%s = %q }`, slog.MessageKey, contract.LogUnhealthy)},
	{"status-unhealthy", "status", statusUnhealthy, fmt.Sprintf(`{ $.%s = %q }`, slog.MessageKey, contract.LogUnhealthy)},
	{"borrow-timeouts", "updater", borrowTimeouts, fmt.Sprintf(`{ $.%s = "*%s*" }`, contract.LogError, contract.LogBorrowTimeout)},
}
