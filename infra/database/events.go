package database

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/foundation"
)

// events are what RDS itself reports of the database, in addition to what the alarms measure: by source, its categories.
// A failure of the proxy is that its subnets have no free addresses, or that it holds connections back.
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html
var events = []struct {
	name, source string
	categories   []string
}{
	{"cluster", "db-cluster", []string{"failover", "failure", "maintenance"}},
	{"instance", "db-instance", []string{"configuration change", "failure", "maintenance"}},
	{"proxy", "db-proxy", []string{"failure"}},
}

// NewEvents subscribes the topic to the events of this stack's cluster, instances and proxy. RDS asks the topic whether it may
// publish when the subscription is made: after the topic's policy.
func NewEvents(
	ctx *pulumi.Context, name string, db *Database, proxy *Proxy, topic *foundation.Topic, opts ...pulumi.ResourceOption,
) error {
	sources := map[string]pulumi.StringArray{"db-cluster": {db.ClusterID}, "db-instance": db.InstanceIDs, "db-proxy": {proxy.Name}}
	for _, e := range events {
		if e.name != "proxy" && !db.Own { // whose owner has subscribed to them, or not
			continue
		}
		if _, err := rds.NewEventSubscription(ctx, name+"-"+e.name+"-events", &rds.EventSubscriptionArgs{
			SnsTopic: topic.ARN, SourceType: pulumi.String(e.source), SourceIds: sources[e.source],
			EventCategories: pulumi.ToStringArray(e.categories),
		}, append(opts, pulumi.DependsOn([]pulumi.Resource{topic.Policy}))...); err != nil {
			return err
		}
	}
	return nil
}

// EventsMayPublish lets RDS publish the events of this account to a topic.
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.GrantingPermissions.html
func EventsMayPublish(f *foundation.Foundation, topic pulumi.StringOutput) foundation.Statement {
	return foundation.Statement{
		Principal: foundation.Service("events.rds.amazonaws.com"),
		Actions:   []string{"sns:Publish"}, Resources: []pulumi.StringInput{topic},
		Conditions: []foundation.Condition{
			foundation.StringEquals("aws:SourceAccount", f.Account),
			foundation.ArnLike("aws:SourceArn", f.ARN("rds", "*")),
		},
	}
}
