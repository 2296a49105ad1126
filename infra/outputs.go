package infra

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/database"
	"scheduled-messages/infra/delivery"
	"scheduled-messages/infra/external"
	"scheduled-messages/infra/foundation"
	"scheduled-messages/infra/monitoring"
	"scheduled-messages/lambda/contract"
)

// TryIt sends a message a minute from now and asks for its status until it has one: region, group, sender, role, queue,
// channel, to, region, status. The date of GNU and of BSD differ. What the CLI says of the invocation goes nowhere, and
// the answer into a file: on one terminal the two would run into each other.
const TryIt = `id=hello-$(date +%%s)
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

// pieces are what outputs are taken from.
type pieces struct {
	base       *foundation.Foundation
	db         *database.Database
	proxy      *database.Proxy
	pipeline   *delivery.Pipeline
	status     *delivery.Status
	schedule   *delivery.Schedule
	external   *external.External
	monitoring *monitoring.Monitoring
}

// output is a row of the table of outputs, which backends, operators and the commands build on: a name that goes or changes
// breaks them.
type output struct {
	name        string
	description string // for the documents
	value       func(*pieces) pulumi.Input
	external    bool // only with external access
}

// outputs are all of them, in the order of the documents.
var outputs = []output{
	{name: "scheduleGroupName", value: func(p *pieces) pulumi.Input { return p.schedule.GroupName }},
	{name: "schedulerRoleArn", value: func(p *pieces) pulumi.Input { return p.schedule.RoleARN }},
	{name: "schedulePolicyArn", value: func(p *pieces) pulumi.Input { return p.schedule.PolicyARN }},
	{name: "senderArn", value: func(p *pieces) pulumi.Input { return p.pipeline.Sender.ARN }},
	{name: "statusName", value: func(p *pieces) pulumi.Input { return p.status.Function.Name }},
	{name: "statusPolicyArn", value: func(p *pieces) pulumi.Input { return p.status.PolicyARN }},
	{name: "updaterName", value: func(p *pieces) pulumi.Input { return p.pipeline.Updater.Name }},
	{name: "undeliveredQueueUrl", value: func(p *pieces) pulumi.Input { return p.schedule.Undelivered.URL }},
	// A schedule names its dead-letter queue by ARN.
	{name: "undeliveredQueueArn", value: func(p *pieces) pulumi.Input { return p.schedule.Undelivered.ARN }},
	{name: "unwrittenQueueUrl", value: func(p *pieces) pulumi.Input { return p.pipeline.Unwritten.URL }},
	{name: "topicArn", value: func(p *pieces) pulumi.Input { return p.pipeline.TopicARN(contract.SNS) }},
	{name: "webhookSecretArn", value: func(p *pieces) pulumi.Input { return p.pipeline.SecretARN(contract.Webhook) }},
	{name: "proxyEndpoint", value: func(p *pieces) pulumi.Input { return p.proxy.Endpoint }},
	{name: "clusterEndpoint", value: func(p *pieces) pulumi.Input { return p.db.Endpoint }},
	{name: "databaseName", value: func(p *pieces) pulumi.Input { return pulumi.String(p.base.Config.DatabaseName) }},
	{name: "appSecretArn", value: func(p *pieces) pulumi.Input { return p.db.App.ARN }},
	{name: "readerSecretArn", value: func(p *pieces) pulumi.Input { return p.db.Reader.ARN }},
	{name: "adminSecretArn", value: func(p *pieces) pulumi.Input { return p.db.Admin.ARN }},
	{name: "alarmTopicArn", value: func(p *pieces) pulumi.Input { return p.monitoring.AlarmTopicARN }},
	{name: "dashboardUrl", value: func(p *pieces) pulumi.Input { return p.monitoring.DashboardURL }},
	{name: "tryIt", value: func(p *pieces) pulumi.Input { return tryItOf(p) }},
	{name: "externalEndpoint", external: true, value: func(p *pieces) pulumi.Input { return p.external.Endpoint }},
	{name: "externalCommand", external: true, value: func(p *pieces) pulumi.Input { return p.external.Command }},
}

// export gives out what a backend and an operator need.
func export(ctx *pulumi.Context, p *pieces) {
	for _, output := range outputs {
		if !output.external || p.base.Config.External() {
			ctx.Export(output.name, output.value(p))
		}
	}
}

// tryItOf is the script for a stack.
func tryItOf(p *pieces) pulumi.StringOutput {
	channel, to := p.base.Config.ExampleRecipient()
	return pulumi.Sprintf(TryIt, p.base.Region, p.schedule.GroupName, p.pipeline.Sender.ARN, p.schedule.RoleARN,
		p.schedule.Undelivered.ARN, channel, to, p.base.Region, p.status.Function.Name)
}
