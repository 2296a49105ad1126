package monitoring

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/foundation"
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
	Name string // after the stack's prefix
	was  string // its name before, if it had another
	Measure
	Threshold                   float64
	below                       bool // fires below the threshold instead
	period, datapoints, periods int
	missing                     string
	// Fires and clears are the minutes, at most, from the cause to the alarm and from its end to the OK. The tests hold
	// them against a model of CloudWatch.
	Fires, Clears    int
	Summary, Runbook string // for whoever is on call
	disabled         bool   // the configuration has no use for the row
}

// When is the row's condition in words.
func (a alarm) When() string {
	window := "in " + During(a.period)
	if a.periods > 1 {
		window = fmt.Sprintf("in %d of %d × %s", a.datapoints, a.periods, During(a.period))
	}
	limit := fmt.Sprintf("%s %s %s", a.text, a.symbol(), strings.TrimSpace(Number(a.Threshold)+" "+a.Unit))
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
		a.Summary, a.Runbook, During(60*a.Fires), During(60*a.Clears))
}

// watch is what all alarms of a stack share.
type watch struct {
	foundation *foundation.Foundation
	sources    pulumi.StringMapMap            // the metrics' dimensions, by source
	created    map[string]pulumi.StringOutput // when a source was made, in RFC 3339
	topic      *foundation.Topic              // is notified
}

// newAlarm makes the alarm, which notifies the topic when it fires and when it clears.
func (w *watch) newAlarm(
	ctx *pulumi.Context,
	name string,
	a alarm,
	opts ...pulumi.ResourceOption,
) (*cloudwatch.MetricAlarm, error) {
	actions := pulumi.Array{w.topic.ARN}
	args := &cloudwatch.MetricAlarmArgs{
		Name:               pulumi.Sprintf("%s-%s", w.foundation.Prefix, a.Name), // the topic's policy names alarms by prefix
		AlarmDescription:   pulumi.String(a.description()),
		EvaluationPeriods:  pulumi.Int(a.periods),
		DatapointsToAlarm:  pulumi.Int(a.datapoints),
		ComparisonOperator: pulumi.String("GreaterThanOrEqualToThreshold"),
		Threshold:          pulumi.Float64(a.Threshold),
		TreatMissingData:   pulumi.String(a.missing),
		ActionsEnabled:     pulumi.Bool(true),
		AlarmActions:       actions,
		OkActions:          actions,
	}
	if a.below {
		args.ComparisonOperator = pulumi.String("LessThanThreshold")
	}
	if err := w.measure(a, args); err != nil {
		return nil, fmt.Errorf("alarm %s: %w", a.Name, err)
	}
	if a.was != "" {
		opts = append(opts, pulumi.Aliases([]pulumi.Alias{{Name: pulumi.String(name + "-" + a.was)}}))
	}
	return cloudwatch.NewMetricAlarm(ctx, name+"-"+a.Name, args, opts...)
}

// measure sets what the alarm looks at.
func (w *watch) measure(a alarm, args *cloudwatch.MetricAlarmArgs) error {
	queries := cloudwatch.MetricAlarmMetricQueryArray{}
	for _, s := range a.Series {
		dimensions, known := w.sources[s.Source]
		if !known {
			return fmt.Errorf("no source %q", s.Source)
		}
		space := metricNamespace(w.foundation, s.Metric)
		if a.expression == "" {
			args.Namespace, args.MetricName, args.Dimensions = space, pulumi.String(s.Metric.Name), dimensions
			args.Statistic, args.Period = pulumi.String(s.Metric.statistic), pulumi.Int(a.period)
			return nil
		}
		queries = append(queries, cloudwatch.MetricAlarmMetricQueryArgs{
			Id: pulumi.String(s.id),
			Metric: cloudwatch.MetricAlarmMetricQueryMetricArgs{
				Namespace:  space,
				MetricName: pulumi.String(s.Metric.Name),
				Dimensions: dimensions,
				Stat:       pulumi.String(s.Metric.statistic),
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
		expression = created.ApplyT(func(at string) (string, error) { return Beginning(a.expression, at) }).(pulumi.StringOutput)
	}
	args.MetricQueries = append(queries, cloudwatch.MetricAlarmMetricQueryArgs{
		Id: pulumi.String("value"), Expression: expression, Label: pulumi.String(a.label()), ReturnData: pulumi.Bool(true),
	})
	return nil
}

// Beginning puts a time, in RFC 3339, in the place of the word `since` of an expression.
func Beginning(expression, created string) (string, error) {
	at, err := time.Parse(time.RFC3339, created)
	return strings.ReplaceAll(expression, "since", strconv.FormatInt(at.Unix(), 10)), err
}

// metricNamespace is the metric's; the stack's own is its prefix.
func metricNamespace(f *foundation.Foundation, m Metric) pulumi.StringInput {
	if m.Namespace == "" {
		return f.Prefix
	}
	return pulumi.String(m.Namespace)
}

// During is a time in words that a table has room for.
func During(seconds int) string {
	if seconds%3600 == 0 {
		return fmt.Sprintf("%d h", seconds/3600)
	}
	return fmt.Sprintf("%d min", seconds/60)
}

// Number is a number without an exponent.
func Number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
