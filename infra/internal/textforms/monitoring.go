package textforms

var (
	// logGroup is a log group's name.
	logGroup = Form{Pattern: `[.\-_/#A-Za-z0-9]+`, most: 512}

	namespace  = Form{Pattern: `[^:].*`, most: 255}
	metricName = Form{Pattern: `.+`, most: 255}
	dimension  = Form{Pattern: `[ -~]+`, most: 1024}
	statistic  = Form{Pattern: "Average|Maximum|Minimum|Sum"}
)

var monitoringTexts = map[string]texts{
	"cloudwatch/dashboard:Dashboard": {Page: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html",
		Forms: map[string]Form{
			"dashboardName": {Pattern: `[A-Za-z0-9_-]+`, most: 255},
			"dashboardBody": {check: isJSON},
		},
	},
	"cloudwatch/logGroup:LogGroup": {Page: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
		Forms: map[string]Form{
			"name": logGroup,
		},
	},
	"cloudwatch/logMetricFilter:LogMetricFilter": {
		Page:  "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html",
		Named: "name",
		Forms: map[string]Form{
			"name":                           {Pattern: `[^:*]+`, most: 512},
			"logGroupName":                   logGroup,
			"pattern":                        {most: 1024},
			"metricTransformation.name":      {Pattern: `[^:*$]+`, most: 255},
			"metricTransformation.namespace": {Pattern: `[^:*$]+`, most: 255},
			"metricTransformation.value":     {Pattern: `.+`, most: 100},
		},
	},
	"cloudwatch/metricAlarm:MetricAlarm": {Page: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html",
		Forms: map[string]Form{
			"name":               {Pattern: `[^\x00-\x1F\x7F]+`, most: 255},
			"alarmDescription":   {most: 1024},
			"namespace":          namespace,
			"metricName":         metricName,
			"dimensions.*":       dimension,
			"comparisonOperator": {Pattern: "GreaterThanOrEqualToThreshold|LessThanThreshold"},
			"statistic":          statistic,
			// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
			"metricQueries[*].id":                  {Pattern: `[a-z][a-zA-Z0-9_]*`, most: 255},
			"metricQueries[*].expression":          {Pattern: `[ -~]+`, most: 2048},
			"metricQueries[*].label":               {Pattern: `[ -~]+`},
			"metricQueries[*].metric.namespace":    namespace,
			"metricQueries[*].metric.metricName":   metricName,
			"metricQueries[*].metric.dimensions.*": dimension,
			"metricQueries[*].metric.stat":         statistic,
			"treatMissingData":                     {Pattern: "breaching|notBreaching|ignore|missing"},
			"alarmActions[*]":                      {Pattern: `arn:.*`, most: 1024},
			"okActions[*]":                         {Pattern: `arn:.*`, most: 1024},
		},
	},
}
