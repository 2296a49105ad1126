package infra

// logGroup is a log group's name.
var logGroup = form{pattern: `[.\-_/#A-Za-z0-9]+`, most: 512}

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
			"namespace":          {pattern: `[^:].*`, most: 255},
			"metricName":         {pattern: `.+`, most: 255},
			"dimensions.*":       {pattern: `[ -~]+`, most: 1024},
			"comparisonOperator": {pattern: "GreaterThanOrEqualToThreshold|LessThanThreshold"},
			"statistic":          {pattern: "Average|Maximum|Sum"},
			"treatMissingData":   {pattern: "breaching|notBreaching|ignore|missing"},
			"alarmActions[*]":    {pattern: `arn:.*`, most: 1024},
			"okActions[*]":       {pattern: `arn:.*`, most: 1024},
		},
	},
}
