package rules

import (
	"slices"
)

// operationExamples are of CloudWatch and its logs.
var operationExamples = []example{
	{"logs", "CreateLogGroup", "logGroupName", values("/aws/lambda/sender"), values("aws/lambda/sender")},
	{"logs", "PutRetentionPolicy", "retentionInDays", values(int64(14), int64(3653)), values(int64(15), int64(0))},
	{"logs", "PutResourcePolicy", "policyDocument", values(`{"Statement":[]}`), values("allow")},
	{"logs", "PutMetricFilter", "metricTransformations.*", values(in("defaultValue", 0.0)), values(in("defaultValue", 0.0, "dimensions", in("Stack", "$.stack")))},
	{"cloudwatch", "PutMetricAlarm", "AlarmName", values("überfällig"), values("late\n")},
	{"cloudwatch", "PutMetricAlarm", "Period", values(int64(10), int64(60), int64(10800)), values(int64(0), int64(15), int64(90))},
	{"cloudwatch", "PutMetricAlarm", "Metrics.*.MetricStat.Period", values(int64(60)), values(int64(61))},
	{"cloudwatch", "PutMetricAlarm", "Metrics.*.Id", values("m1"), values("M1", "1", "m-1")},
	{"cloudwatch", "PutMetricAlarm", "TreatMissingData", values("notBreaching"), values("ok")},
	{"cloudwatch", "PutMetricAlarm", "Metrics", values(values(in("Id", "e"), in("Id", "m", "ReturnData", false))),
		values(values(in("Id", "e"), in("Id", "m")), append(slices.Repeat(values(in("MetricStat", in(), "ReturnData", false)), 11), in("Id", "e")))},
	{"cloudwatch", "PutMetricAlarm", "", values(in("MetricName", "Age", "Namespace", "AWS/SQS", "Statistic", "Sum", "Period", int64(3600), "EvaluationPeriods", int64(168), "Threshold", 1.0),
		in("Metrics", values(in("Id", "m", "MetricStat", in("Period", int64(60)))), "Dimensions", []any{}, "EvaluationPeriods", int64(1440))),
		values(in("MetricName", "Age", "Namespace", "AWS/SQS", "Statistic", "Sum", "Period", int64(3600), "EvaluationPeriods", int64(169)),
			in("MetricName", "Age", "Namespace", "AWS/SQS", "Statistic", "Sum", "Period", int64(60), "EvaluationPeriods", int64(1441)),
			in("MetricName", "Age", "Namespace", "AWS/SQS", "Statistic", "Sum", "Period", int64(60), "EvaluationPeriods", int64(2), "DatapointsToAlarm", int64(3)),
			in("MetricName", "Age", "Namespace", "AWS/SQS", "Statistic", "Sum", "ExtendedStatistic", "p90", "Period", int64(60)),
			in("MetricName", "Age", "Namespace", "AWS/SQS", "Statistic", "Sum"), in("MetricName", "Age", "Statistic", "Sum", "Period", int64(60)),
			in("Metrics", values(in("Id", "m")), "Period", int64(60)))},
	{"cloudwatch", "PutDashboard", "DashboardName", values("dev-1_a"), values("the dashboard")},
	{"cloudwatch", "PutDashboard", "DashboardBody", values(`{"widgets":[]}`), values("widgets")},
}
