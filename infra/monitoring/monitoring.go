package monitoring

import (
	"cmp"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/database"
	"scheduled-messages/infra/delivery"
	"scheduled-messages/infra/external"
	"scheduled-messages/infra/foundation"
)

// Args are all that is watched: the functions are the foundation's, so that monitoring comes after all that make one.
type Args struct {
	Foundation *foundation.Foundation
	Database   *database.Database
	Proxy      *database.Proxy
	Pipeline   *delivery.Pipeline
	Schedule   *delivery.Schedule
	Outbox     *delivery.Outbox
	External   *external.External
}

// Monitoring is the alarms, the topic that they notify, and the dashboard.
type Monitoring struct {
	pulumi.ResourceState

	AlarmTopicARN pulumi.StringOutput
	DashboardURL  pulumi.StringOutput
}

// New makes the topic first, then every alarm of the table, then the dashboard that shows them.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Monitoring, error) {
	m := &Monitoring{}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Monitoring", name, m, opts...); err != nil {
		return nil, err
	}
	parent, cfg, f, functions := pulumi.Parent(m), args.Foundation.Config, args.Foundation, args.Foundation.Functions
	topic, err := foundation.NewTopic(ctx, name+"-alarms", f, func(topic pulumi.StringOutput) []foundation.Statement {
		return append(alarmsMayPublish(f, topic), database.EventsMayPublish(f, topic))
	}, parent)
	if err != nil {
		return nil, err
	}
	if cfg.AlarmEmail != "" {
		// Pending until the addressee follows the link in SNS's mail. A pending one cannot be deleted: the provider leaves
		// it, and it goes with the topic, or after 48 hours.
		// https://docs.aws.amazon.com/sns/latest/dg/sns-delete-subscription-topic.html
		if _, err := sns.NewTopicSubscription(ctx, name+"-email", &sns.TopicSubscriptionArgs{
			Topic: topic.ARN, Protocol: pulumi.String("email"), Endpoint: pulumi.String(cfg.AlarmEmail),
		}, parent); err != nil {
			return nil, err
		}
	}
	if err := database.NewEvents(ctx, name, args.Database, args.Proxy, topic, parent); err != nil {
		return nil, err
	}
	for _, filter := range filters {
		function, known := functions[filter.function]
		if filter.outbox && !cfg.Outbox {
			continue
		}
		if !known {
			return nil, fmt.Errorf("log filter %s: no function %q", filter.name, filter.function)
		}
		if _, err := cloudwatch.NewLogMetricFilter(ctx, name+"-"+filter.name+"-filter", &cloudwatch.LogMetricFilterArgs{
			LogGroupName: function.LogGroup, Pattern: pulumi.String(filter.pattern),
			MetricTransformation: cloudwatch.LogMetricFilterMetricTransformationArgs{
				Namespace: f.Prefix, Name: pulumi.String(filter.counts.Name), Value: pulumi.String(cmp.Or(filter.value, "1"))},
		}, parent); err != nil {
			return nil, err
		}
	}
	sources := args.Sources()
	shared := &watch{foundation: f, sources: sources, topic: topic,
		created: map[string]pulumi.StringOutput{"heartbeat": args.Schedule.HeartbeatCreated, "tick": args.Outbox.TickCreated}}
	after := pulumi.DependsOn([]pulumi.Resource{topic.Policy}) // without it nobody is notified of an alarm
	var arns pulumi.StringArray
	for _, row := range Alarms(cfg) {
		made, err := shared.newAlarm(ctx, name, row, parent, after)
		if err != nil {
			return nil, err
		}
		arns = append(arns, made.Arn)
	}
	dashboard, err := cloudwatch.NewDashboard(ctx, name+"-dashboard", &cloudwatch.DashboardArgs{
		DashboardName: f.Prefix, // it has no other: Pulumi names none
		DashboardBody: dashboardBody(cfg, f, sources, functions, arns),
	}, parent)
	if err != nil {
		return nil, err
	}
	m.AlarmTopicARN, m.DashboardURL = topic.ARN, DashboardURL(f, dashboard.DashboardName)
	return m, ctx.RegisterResourceOutputs(m, pulumi.Map{"alarmTopicArn": m.AlarmTopicARN})
}

// Sources are the dimensions of all that alarms and the dashboard look at, by name.
func (a *Args) Sources() pulumi.StringMapMap {
	sources := pulumi.StringMapMap{
		"undelivered": pulumi.StringMap{"QueueName": a.Schedule.Undelivered.Name},
		"unwritten":   pulumi.StringMap{"QueueName": a.Pipeline.Unwritten.Name},
		"schedules":   pulumi.StringMap{"ScheduleGroup": a.Schedule.GroupName},
		"proxy":       pulumi.StringMap{"ProxyName": a.Proxy.Name},
		"log":         pulumi.StringMap{},
	}
	if !a.Foundation.Config.Existing.Database() {
		sources["writer"] = pulumi.StringMap{"DBClusterIdentifier": a.Database.ClusterID, "Role": pulumi.String("WRITER")}
	}
	for name, function := range a.Foundation.Functions {
		sources[name] = pulumi.StringMap{"FunctionName": function.Name}
	}
	if a.External.Watched != nil {
		sources["haproxy"] = a.External.Watched
	}
	if a.Foundation.Config.External() {
		sources["haproxy-group"] = pulumi.StringMap{"AutoScalingGroupName": a.External.GroupName}
	}
	for _, channel := range a.Foundation.Config.On() {
		if channel.Topic != nil {
			sources[channel.Topic.Logical] = pulumi.StringMap{"TopicName": a.Pipeline.Topics[channel.Name].Name}
		}
	}
	return sources
}

// alarmsMayPublish lets CloudWatch publish to a topic, for this stack's alarms alone.
// https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
func alarmsMayPublish(f *foundation.Foundation, topic pulumi.StringOutput) []foundation.Statement {
	return []foundation.Statement{{
		Principal: foundation.Service("cloudwatch.amazonaws.com"),
		Actions:   []string{"sns:Publish"}, Resources: []pulumi.StringInput{topic},
		Conditions: []foundation.Condition{
			foundation.StringEquals("aws:SourceAccount", f.Account),
			foundation.ArnLike("aws:SourceArn", f.ARN("cloudwatch", "alarm:%s-*", f.Prefix)),
		},
	}}
}
