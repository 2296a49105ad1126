package infra

var (
	// logGroup is a log group's name.
	logGroup = form{pattern: `[.\-_/#A-Za-z0-9]+`, most: 512}

	namespace  = form{pattern: `[^:].*`, most: 255}
	metricName = form{pattern: `.+`, most: 255}
	dimension  = form{pattern: `[ -~]+`, most: 1024}
	statistic  = form{pattern: "Average|Maximum|Minimum|Sum"}
)

var monitoringTexts = map[string]texts{
	"cloudwatch/dashboard:Dashboard": {page: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html",
		forms: map[string]form{
			"dashboardName": {pattern: `[A-Za-z0-9_-]+`, most: 255},
			"dashboardBody": {check: isJSON},
		},
	},
	"cloudwatch/logGroup:LogGroup": {page: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
		forms: map[string]form{
			"name": logGroup,
		},
	},
	"cloudwatch/logMetricFilter:LogMetricFilter": {
		page:  "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html",
		named: "name",
		forms: map[string]form{
			"name":                           {pattern: `[^:*]+`, most: 512},
			"logGroupName":                   logGroup,
			"pattern":                        {most: 1024},
			"metricTransformation.name":      {pattern: `[^:*$]+`, most: 255},
			"metricTransformation.namespace": {pattern: `[^:*$]+`, most: 255},
			"metricTransformation.value":     {pattern: `.+`, most: 100},
		},
	},
	"cloudwatch/metricAlarm:MetricAlarm": {page: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
		forms: map[string]form{
			"name":               {pattern: `[^\x00-\x1F\x7F]+`, most: 255},
			"alarmDescription":   {most: 1024},
			"namespace":          namespace,
			"metricName":         metricName,
			"dimensions.*":       dimension,
			"comparisonOperator": {pattern: "GreaterThanOrEqualToThreshold|LessThanThreshold"},
			"statistic":          statistic,
			// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
			"metricQueries[*].id":                  {pattern: `[a-z][a-zA-Z0-9_]*`, most: 255},
			"metricQueries[*].expression":          {pattern: `[ -~]+`, most: 2048},
			"metricQueries[*].label":               {pattern: `[ -~]+`},
			"metricQueries[*].metric.namespace":    namespace,
			"metricQueries[*].metric.metricName":   metricName,
			"metricQueries[*].metric.dimensions.*": dimension,
			"metricQueries[*].metric.stat":         statistic,
			"treatMissingData":                     {pattern: "breaching|notBreaching|ignore|missing"},
			"alarmActions[*]":                      {pattern: `arn:.*`, most: 1024},
			"okActions[*]":                         {pattern: `arn:.*`, most: 1024},
		},
	},
}
