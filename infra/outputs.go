package infra

import (
	_ "embed" // the script

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/database"
	"scheduled-messages/infra/delivery"
	"scheduled-messages/infra/external"
	"scheduled-messages/infra/foundation"
	"scheduled-messages/infra/monitoring"
	"scheduled-messages/lambda/contract"
)

// TryIt sends a message a minute from now and asks for its status until it has one. It is a format: region, group, key,
// sender, role, queue, channel, to, region, status. The date of GNU and of BSD differ. What the CLI prints of the invocation is
// dropped, and
// the answer goes into a file: on one terminal the two would run into each other.
//
//go:embed tryit.sh
var TryIt string

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

// Output is a row of the table of outputs, which backends, operators and the commands build on: a name that goes or changes
// breaks them.
type Output struct {
	Name        string
	Description string // in Markdown, for the documents
	External    bool   // only with external access

	value func(*pieces) pulumi.Input
}

// Outputs are all of them, in the order of the documents.
var Outputs = []Output{
	{
		Name:        contract.OutputScheduleGroupName,
		Description: "the group for the schedules of messages",
		value:       func(p *pieces) pulumi.Input { return p.schedule.GroupName },
	},
	{
		Name:        contract.OutputSchedulerRoleARN,
		Description: "the role that a schedule of a message runs with",
		value:       func(p *pieces) pulumi.Input { return p.schedule.RoleARN },
	},
	{
		Name:        contract.OutputSenderARN,
		Description: "the target of a schedule",
		value:       func(p *pieces) pulumi.Input { return p.pipeline.Sender.ARN },
	},
	{
		Name:        contract.OutputUndeliveredQueueARN,
		Description: "the dead-letter queue of a schedule, which names it by ARN",
		value:       func(p *pieces) pulumi.Input { return p.schedule.Undelivered.ARN },
	},
	{
		Name:        contract.OutputScheduleKeyARN,
		Description: "the key that schedules of messages are encrypted with, by those that name it",
		value:       func(p *pieces) pulumi.Input { return p.base.KeyARN },
	},
	{
		Name:        contract.OutputSchedulePolicyARN,
		Description: "the managed policy for backends that schedule messages",
		value:       func(p *pieces) pulumi.Input { return p.schedule.PolicyARN },
	},
	{
		Name:        contract.OutputStatusName,
		Description: "the function that answers what became of a message",
		value:       func(p *pieces) pulumi.Input { return p.status.Function.Name },
	},
	{
		Name:        contract.OutputStatusPolicyARN,
		Description: "the managed policy for its callers",
		value:       func(p *pieces) pulumi.Input { return p.status.PolicyARN },
	},
	{
		Name:        contract.OutputUpdaterName,
		Description: "the function that writes statuses",
		value:       func(p *pieces) pulumi.Input { return p.pipeline.Updater.Name },
	},
	{
		Name:        contract.OutputUndeliveredQueueURL,
		Description: "the dead-letter queue of what Scheduler could not hand over",
		value:       func(p *pieces) pulumi.Input { return p.schedule.Undelivered.URL },
	},
	{
		Name:        contract.OutputUnwrittenQueueURL,
		Description: "the dead-letter queue of what the updater could not write",
		value:       func(p *pieces) pulumi.Input { return p.pipeline.Unwritten.URL },
	},
	{
		Name:        contract.OutputTopicARN,
		Description: "where the channel `sns` publishes; subscribe to it. Empty without that channel",
		value:       func(p *pieces) pulumi.Input { return p.pipeline.TopicARN(contract.SNS) },
	},
	{
		Name:        contract.OutputWebhookSecretARN,
		Description: "the secret that webhooks are signed with. Empty without that channel",
		value:       func(p *pieces) pulumi.Input { return p.pipeline.SecretARN(contract.Webhook) },
	},
	{
		Name:        contract.OutputProxyEndpoint,
		Description: "the database from inside the VPC, through the pool",
		value:       func(p *pieces) pulumi.Input { return p.proxy.Endpoint },
	},
	{
		Name:        contract.OutputClusterEndpoint,
		Description: "the database from inside the VPC, past the pool",
		value:       func(p *pieces) pulumi.Input { return p.db.Endpoint },
	},
	{
		Name:        contract.OutputDatabaseName,
		Description: "the database of the table `messages`",
		value:       func(p *pieces) pulumi.Input { return pulumi.String(p.base.Config.DatabaseName) },
	},
	{
		Name:        contract.OutputAppSecretARN,
		Description: "the secret of the updater's database user",
		value:       func(p *pieces) pulumi.Input { return p.db.App.ARN },
	},
	{
		Name:        contract.OutputReaderSecretARN,
		Description: "the secret of the database user that only reads",
		value:       func(p *pieces) pulumi.Input { return p.db.Reader.ARN },
	},
	{
		Name:        contract.OutputAdminSecretARN,
		Description: "the secret of the cluster's master user",
		value:       func(p *pieces) pulumi.Input { return p.db.AdminARN },
	},
	{
		Name:        contract.OutputAlarmTopicARN,
		Description: "where alarms are published; subscribe a pager or a chat to it",
		value:       func(p *pieces) pulumi.Input { return p.monitoring.AlarmTopicARN },
	},
	{
		Name:        contract.OutputDashboardURL,
		Description: "the dashboard in the console",
		value:       func(p *pieces) pulumi.Input { return p.monitoring.DashboardURL },
	},
	{
		Name:        contract.OutputTryIt,
		Description: "commands that send a message",
		value:       func(p *pieces) pulumi.Input { return tryItOf(p) },
	},
	{
		Name:        contract.OutputExternalEndpoint,
		Description: "with external access: its address or name",
		External:    true,
		value:       func(p *pieces) pulumi.Input { return p.external.Endpoint },
	},
	{
		Name: contract.OutputExternalCommand,
		Description: "with external access: a script that opens a `mysql` session with it, with the certificate verified " +
			"by the cluster's name",
		External: true,
		value:    func(p *pieces) pulumi.Input { return p.external.Command },
	},
}

// export exports what a backend and an operator need.
func export(ctx *pulumi.Context, p *pieces) {
	for _, output := range Outputs {
		if !output.External || p.base.Config.External() {
			ctx.Export(output.Name, output.value(p))
		}
	}
}

// tryItOf is the script for a stack.
func tryItOf(p *pieces) pulumi.StringOutput {
	channel, to := p.base.Config.ExampleRecipient()
	return pulumi.Sprintf(TryIt, p.base.Region, p.schedule.GroupName, p.base.KeyARN, p.pipeline.Sender.ARN, p.schedule.RoleARN,
		p.schedule.Undelivered.ARN, channel, to, p.base.Region, p.status.Function.Name)
}
