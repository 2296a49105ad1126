package infra

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/lambda/contract"
)

// tryIt sends a message a minute from now and asks for its status until it has one: region, group, sender, role, queue,
// channel, to, region, status. The date of GNU and of BSD differ. What the CLI says of the invocation goes nowhere, and
// the answer into a file: on one terminal the two would run into each other.
const tryIt = `id=hello-$(date +%%s)
at=$(date -u -d '+1 minute' +%%Y-%%m-%%dT%%H:%%M:%%S 2>/dev/null || date -u -v+1M +%%Y-%%m-%%dT%%H:%%M:%%S)
aws scheduler create-schedule --region %s --group-name %s --name "$id" \
  --schedule-expression "at($at)" --schedule-expression-timezone UTC \
  --flexible-time-window Mode=OFF --action-after-completion DELETE \
  --target '{"Arn":"%s","RoleArn":"%s","DeadLetterConfig":{"Arn":"%s"},"RetryPolicy":{"MaximumRetryAttempts":3,"MaximumEventAgeInSeconds":3600},"Input":"{\"id\":\"'"$id"'\",\"channel\":\"%s\",\"to\":\"%s\",\"subject\":\"Hello\",\"body\":\"It is time.\"}"}' || exit
echo "Waiting for the status of $id, scheduled for $at UTC. Scheduler fires within 60 seconds after that: three minutes at most." >&2
answer=$(mktemp)
tries=18
until grep -Eq '"status":"(SENT|FAILED)"' "$answer" || [ $tries -eq 0 ]; do
  sleep 10
  tries=$((tries - 1))
  printf '{"id":"%%s"}' "$id" | aws lambda invoke --region %s --function-name %s --payload fileb:///dev/stdin "$answer" >/dev/null
done
cat "$answer" && echo
rm "$answer"
`

// export gives out what a backend and an operator need.
func export(ctx *pulumi.Context, cfg *Config, f *Foundation, db *Database, proxy *Proxy, pipeline *Pipeline, status *Status, schedule *Schedule, monitoring *Monitoring) {
	channel, to := cfg.Channels[0], "everyone"
	if channel == contract.Webhook {
		to = "https://" + cfg.WebhookAllowedHosts[0] + "/"
	}
	for name, value := range map[string]pulumi.Input{
		"proxyEndpoint":       proxy.Endpoint,
		"clusterEndpoint":     db.Endpoint,
		"databaseName":        pulumi.String(cfg.DatabaseName),
		"appSecretArn":        db.App.ARN,
		"adminSecretArn":      db.Admin.ARN,
		"readerSecretArn":     db.Reader.ARN,
		"scheduleGroupName":   schedule.GroupName,
		"schedulerRoleArn":    schedule.RoleARN,
		"schedulePolicyArn":   schedule.PolicyARN,
		"senderArn":           pipeline.Sender.ARN,
		"updaterName":         pipeline.Updater.Name,
		"statusName":          status.Function.Name,
		"statusPolicyArn":     status.PolicyARN,
		"undeliveredQueueUrl": schedule.Undelivered.URL,
		"undeliveredQueueArn": schedule.Undelivered.ARN, // a schedule names its dead-letter queue by ARN
		"unwrittenQueueUrl":   pipeline.Unwritten.URL,
		"topicArn":            pipeline.TopicARN,
		"webhookSecretArn":    pipeline.WebhookSecretARN,
		"alarmTopicArn":       monitoring.AlarmTopicARN,
		"dashboardUrl":        monitoring.DashboardURL,
		"tryIt": pulumi.Sprintf(tryIt, f.Region, schedule.GroupName, pipeline.Sender.ARN, schedule.RoleARN,
			schedule.Undelivered.ARN, channel, to, f.Region, status.Function.Name),
	} {
		ctx.Export(name, value)
	}
}
