package rules

const apiLogs = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/"

var logs = []Rule{
	{"logs", "CreateLogGroup", "logGroupName",
		not(`\Aaws/`, "Log group names starting with aws/ are reserved for AWS."), "", apiLogs + "API_CreateLogGroup.html"},
	{"logs", "PutRetentionPolicy", "retentionInDays", retention, "", apiLogs + "API_PutRetentionPolicy.html"},
	{"logs", "PutResourcePolicy", "policyDocument",
		wellFormed("The policy document is not valid JSON"), "", apiLogs + "API_PutResourcePolicy.html"},
	{"logs", "PutMetricFilter", "metricTransformations.*", oneDefault, "", apiLogs + "API_MetricTransformation.html"},
}

var retention = oneOf(numbers(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
	3653)...)

// oneDefault refuses a default value for a metric with dimensions.
func oneDefault(value any) string {
	metric, _ := value.(map[string]any)
	dimensions, _ := metric["dimensions"].(map[string]any)
	if metric["defaultValue"] != nil && len(dimensions) > 0 {
		return "Invalid metric transformation: dimensions and default value are mutually exclusive properties."
	}
	return ""
}
