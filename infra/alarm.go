package infra

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// What an alarm makes of points that are missing, where its evaluation range has too few.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
const (
	missingNotBreaching = "notBreaching"
	missingBreaching    = "breaching"
	missingIgnore       = "ignore" // the state stays as it is
)

// alarm is one row of the table. It fires when `datapoints` of the last `periods` values, each over `period` seconds,
// are at or above the threshold, and clears when they are not. CloudWatch evaluates it every minute, each time over the
// time that ends then.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
type alarm struct {
	name string // after the stack's prefix
	was  string // its name before, if it had another
	measure
	threshold                   float64
	below                       bool // fires below the threshold instead
	period, datapoints, periods int
	missing                     string
	// fires and clears are the minutes, at most, from the cause to the alarm and from its end to the OK. The tests hold
	// them against a model of CloudWatch.
	fires, clears    int
	summary, runbook string // for whoever is on call
	disabled         bool   // the configuration has no use for the row
}

// when is the row's condition in words.
func (a alarm) when() string {
	window := "in " + during(a.period)
	if a.periods > 1 {
		window = fmt.Sprintf("in %d of %d × %s", a.datapoints, a.periods, during(a.period))
	}
	limit := fmt.Sprintf("%s %s %s", a.text, a.symbol(), strings.TrimSpace(number(a.threshold)+" "+a.unit))
	if a.condition != "" {
		limit += " and " + a.condition
	}
	return limit + " " + window
}

func (a alarm) symbol() string {
	if a.below {
		return "<"
	}
	return "≥"
}

// description is what the mail says.
func (a alarm) description() string {
	return fmt.Sprintf("%s %s Fires within %s, clears within %s.",
		a.summary, a.runbook, during(60*a.fires), during(60*a.clears))
}

// watch is what all alarms of a stack share.
type watch struct {
	foundation *Foundation
	sources    pulumi.StringMapMap            // the metrics' dimensions, by source
	created    map[string]pulumi.StringOutput // when a source was made, in RFC 3339
	topic      *topic                         // is notified
}

// newAlarm makes the alarm, which notifies the topic when it fires and when it clears.
func (w *watch) newAlarm(ctx *pulumi.Context, name string, a alarm, opts ...pulumi.ResourceOption) (*cloudwatch.MetricAlarm, error) {
	actions := pulumi.Array{w.topic.ARN}
	args := &cloudwatch.MetricAlarmArgs{
		Name:               pulumi.Sprintf("%s-%s", w.foundation.Prefix, a.name), // the topic's policy names alarms by prefix
		AlarmDescription:   pulumi.String(a.description()),
		EvaluationPeriods:  pulumi.Int(a.periods),
		DatapointsToAlarm:  pulumi.Int(a.datapoints),
		ComparisonOperator: pulumi.String("GreaterThanOrEqualToThreshold"),
		Threshold:          pulumi.Float64(a.threshold),
		TreatMissingData:   pulumi.String(a.missing),
		ActionsEnabled:     pulumi.Bool(true),
		AlarmActions:       actions,
		OkActions:          actions,
	}
	if a.below {
		args.ComparisonOperator = pulumi.String("LessThanThreshold")
	}
	if err := w.measure(a, args); err != nil {
		return nil, fmt.Errorf("alarm %s: %w", a.name, err)
	}
	if a.was != "" {
		opts = append(opts, pulumi.Aliases([]pulumi.Alias{{Name: pulumi.String(name + "-" + a.was)}}))
	}
	return cloudwatch.NewMetricAlarm(ctx, name+"-"+a.name, args, opts...)
}

// measure sets what the alarm looks at.
func (w *watch) measure(a alarm, args *cloudwatch.MetricAlarmArgs) error {
	queries := cloudwatch.MetricAlarmMetricQueryArray{}
	for _, s := range a.series {
		dimensions, known := w.sources[s.source]
		if !known {
			return fmt.Errorf("no source %q", s.source)
		}
		namespace := w.foundation.namespace(s.metric)
		if a.expression == "" {
			args.Namespace, args.MetricName, args.Dimensions = namespace, pulumi.String(s.metric.name), dimensions
			args.Statistic, args.Period = pulumi.String(s.metric.statistic), pulumi.Int(a.period)
			return nil
		}
		queries = append(queries, cloudwatch.MetricAlarmMetricQueryArgs{
			Id: pulumi.String(s.id),
			Metric: cloudwatch.MetricAlarmMetricQueryMetricArgs{
				Namespace:  namespace,
				MetricName: pulumi.String(s.metric.name),
				Dimensions: dimensions,
				Stat:       pulumi.String(s.metric.statistic),
				Period:     pulumi.Int(a.period),
			},
		})
	}
	expression := pulumi.StringInput(pulumi.String(a.expression))
	if a.since != "" {
		created, known := w.created[a.since]
		if !known {
			return fmt.Errorf("nobody knows since when there is %q", a.since)
		}
		expression = created.ApplyT(func(at string) (string, error) { return beginning(a.expression, at) }).(pulumi.StringOutput)
	}
	args.MetricQueries = append(queries, cloudwatch.MetricAlarmMetricQueryArgs{
		Id: pulumi.String("value"), Expression: expression, Label: pulumi.String(a.label()), ReturnData: pulumi.Bool(true),
	})
	return nil
}

// beginning puts a time, in RFC 3339, in the place of the word `since` of an expression.
func beginning(expression, created string) (string, error) {
	at, err := time.Parse(time.RFC3339, created)
	return strings.ReplaceAll(expression, "since", strconv.FormatInt(at.Unix(), 10)), err
}

// namespace is the metric's; the stack's own is its prefix.
func (f *Foundation) namespace(m metric) pulumi.StringInput {
	if m.namespace == "" {
		return f.Prefix
	}
	return pulumi.String(m.namespace)
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
