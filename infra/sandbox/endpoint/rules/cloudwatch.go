package rules

import "fmt"

const (
	apiCloudWatch = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/"
	anHour, aDay  = 3600, 86400
	aWeek         = 7 * aDay
)

var cloudwatch = []Rule{
	{"cloudwatch", "PutMetricAlarm", "AlarmName",
		not(`[\x00-\x1F\x7F]`, "AlarmName must not contain ASCII control characters"),
		"", apiCloudWatch + "API_PutMetricAlarm.html"},
	{"cloudwatch", "PutMetricAlarm", "Period", period, "", apiCloudWatch + "API_PutMetricAlarm.html"},
	{"cloudwatch", "PutMetricAlarm", "Metrics.*.MetricStat.Period", period, "", apiCloudWatch + "API_MetricStat.html"},
	{"cloudwatch", "PutMetricAlarm", "Metrics.*.Id",
		matching(
			`[a-z][A-Za-z0-9_]*`,
			"The value for id must begin with a lowercase letter and hold letters, numbers and underscores only",
		),
		"", apiCloudWatch + "API_MetricDataQuery.html"},
	{"cloudwatch", "PutMetricAlarm", "TreatMissingData",
		oneOf("breaching", "notBreaching", "ignore", "missing"), "", apiCloudWatch + "API_PutMetricAlarm.html"},
	{"cloudwatch", "PutMetricAlarm", "", evaluation, "", apiCloudWatch + "API_PutMetricAlarm.html"},
	{"cloudwatch", "PutMetricAlarm", "", watched, "", apiCloudWatch + "API_PutMetricAlarm.html"},
	{"cloudwatch", "PutMetricAlarm", "Metrics", oneReturned, "", apiCloudWatch + "API_MetricDataQuery.html"},
	{"cloudwatch", "PutMetricAlarm", "Metrics", tenMetrics,
		"", "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html"},
	{"cloudwatch", "PutDashboard", "DashboardName",
		matching(
			`[A-Za-z0-9_-]{1,255}`,
			"The value {value} for field DashboardName contains invalid characters. "+
				"It can only contain alphanumerics, dash (-) and underscore (_).",
		),
		"InvalidParameterInput", apiCloudWatch + "API_PutDashboard.html"},
	{"cloudwatch", "PutDashboard", "DashboardBody",
		wellFormed("The dashboard body is invalid, there are validation errors: the body is not valid JSON"),
		"InvalidParameterInput", apiCloudWatch + "API_PutDashboard.html"},
}

func period(value any) string {
	seconds, _ := value.(int64)
	if seconds == 10 || seconds == 20 || seconds == 30 || seconds >= 60 && seconds%60 == 0 {
		return ""
	}
	return "Period must be 10, 20, 30 or a multiple of 60"
}

// evaluation limits the time that an alarm looks back.
func evaluation(value any) string {
	input, _ := value.(map[string]any)
	seconds, given := input["Period"].(int64)
	metrics, _ := input["Metrics"].([]any)
	for _, found := range reach(metrics, "*.MetricStat.Period") {
		if longest, ok := found.(int64); ok {
			seconds, given = max(seconds, longest), true
		}
	}
	periods, _ := input["EvaluationPeriods"].(int64)
	points, some := input["DatapointsToAlarm"].(int64)
	switch {
	case some && points > periods:
		return "DatapointsToAlarm must be less than or equal to EvaluationPeriods"
	case given && seconds < anHour && seconds*periods > aDay:
		return fmt.Sprintf("Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= %d).", aDay)
	case given && seconds*periods > aWeek:
		return fmt.Sprintf("Metrics cannot be checked across more than seven days (EvaluationPeriods * Period must be <= %d).", aWeek)
	}
	return ""
}

// watched is either one metric with its statistic or an array of them.
func watched(value any) string {
	input, _ := value.(map[string]any)
	if input["Metrics"] != nil {
		for _, name := range []string{"MetricName", "Namespace", "Dimensions", "Period", "Unit", "Statistic", "ExtendedStatistic"} {
			if list, ok := input[name].([]any); input[name] != nil && (!ok || len(list) > 0) {
				return "The parameter " + name + " must not be set with Metrics"
			}
		}
		return ""
	}
	switch {
	case input["EvaluationCriteria"] != nil:
		return ""
	case input["MetricName"] == nil || input["Namespace"] == nil:
		return "The parameters MetricName and Namespace are required for alarms without Metrics"
	case (input["Statistic"] == nil) == (input["ExtendedStatistic"] == nil):
		return "Exactly one of Statistic and ExtendedStatistic must be specified"
	case input["Threshold"] == nil && input["ThresholdMetricId"] == nil:
		return "Threshold must be specified for alarms based on static thresholds"
	case input["Period"] == nil:
		return "Period must be specified for alarms based on static thresholds"
	}
	return ""
}

func tenMetrics(value any) string {
	if metrics := reach(value, "*.MetricStat"); len(metrics) > 10 {
		return fmt.Sprintf("An alarm can have at most 10 metrics, not %d", len(metrics))
	}
	return ""
}

// oneReturned holds that an alarm on metric math watches one value.
func oneReturned(value any) string {
	queries, _ := value.([]any)
	returned := 0
	for _, query := range queries {
		members, _ := query.(map[string]any)
		if members["ReturnData"] != false {
			returned++
		}
	}
	if len(queries) > 0 && returned != 1 {
		return "Exactly one element of the metrics list should return data."
	}
	return ""
}
