package infra

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// What an alarm makes of minutes without data.
const (
	quiet = "notBreaching" // what counts events says nothing while there are none
	// stays keeps the state: SQS stops to tell of a queue that nobody has touched for six hours, letters or not.
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html
	stays = "ignore"
	rings = "breaching"
)

// alarm is one row of the table. It rings when `datapoints` of the last `periods` values, each over `period` seconds,
// are at or above the threshold; each value is taken anew every minute.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
type alarm struct {
	name                        string // after the stack's prefix
	of                          string // whose metric: a key of the subjects
	metric                      metric
	threshold                   float64
	period, datapoints, periods int
	missing                     string
	meaning, remedy             string // for the person who is woken
	below                       bool   // rings below the threshold instead
	unless                      bool   // the configuration has no use for the row
}

// when is the row's condition in words.
func (a alarm) when() string {
	comparison := "≥"
	if a.below {
		comparison = "<"
	}
	window := "in " + during(a.period)
	if a.periods > 1 {
		window = fmt.Sprintf("in %d of %d × %s", a.datapoints, a.periods, during(a.period))
	}
	return fmt.Sprintf("`%s` %s %s %s", a.metric.name, comparison, strings.TrimSpace(number(a.threshold)+" "+a.metric.unit), window)
}

func (a alarm) description() string { return a.meaning + " " + a.remedy }

// newAlarm makes the alarm that tells the topic when it rings and when it is over.
func (a alarm) newAlarm(ctx *pulumi.Context, name string, f *Foundation, subjects pulumi.StringMapMap, topic *topic, opts ...pulumi.ResourceOption) (*cloudwatch.MetricAlarm, error) {
	dimensions, known := subjects[a.of]
	if !known {
		return nil, fmt.Errorf("alarm %s: no subject %q", a.name, a.of)
	}
	comparison := "GreaterThanOrEqualToThreshold"
	if a.below {
		comparison = "LessThanThreshold"
	}
	namespace := f.Prefix
	if a.metric.namespace != "" {
		namespace = pulumi.String(a.metric.namespace).ToStringOutput()
	}
	actions := pulumi.Array{topic.ARN}
	return cloudwatch.NewMetricAlarm(ctx, name+"-"+a.name, &cloudwatch.MetricAlarmArgs{
		Name:             pulumi.Sprintf("%s-%s", f.Prefix, a.name), // by us: the topic's policy names alarms by prefix
		AlarmDescription: pulumi.String(a.description()),
		Namespace:        namespace, MetricName: pulumi.String(a.metric.name), Dimensions: dimensions,
		Statistic: pulumi.String(a.metric.statistic), Period: pulumi.Int(a.period),
		EvaluationPeriods: pulumi.Int(a.periods), DatapointsToAlarm: pulumi.Int(a.datapoints),
		ComparisonOperator: pulumi.String(comparison), Threshold: pulumi.Float64(a.threshold),
		TreatMissingData: pulumi.String(a.missing),
		ActionsEnabled:   pulumi.Bool(true), AlarmActions: actions, OkActions: actions,
	}, opts...)
}

// during is a time in words that a table has room for.
func during(seconds int) string {
	if seconds%3600 == 0 {
		return fmt.Sprintf("%d h", seconds/3600)
	}
	return fmt.Sprintf("%d min", seconds/60)
}

// number is a number without an exponent.
func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
