package contract

import "slices"

// Channel is a way for a message to leave.
type Channel string

// The channels that the sender knows.
const (
	SNS     Channel = "sns"     // published to the stack's topic
	Webhook Channel = "webhook" // posted to an allowed host
)

// channels are all channels, each with the sender's environment variables that switch it on: with none of them it is off.
// Another channel is a row here and a file in lambda/internal/channel.
var channels = []struct {
	name      Channel
	variables []string
}{
	{SNS, []string{EnvSNSTopicARN}},
	{Webhook, []string{EnvWebhookAllowedHosts, EnvWebhookSecretARN}},
}

// Environment variables of the sender.
const (
	EnvSNSTopicARN         = "SNS_TOPIC_ARN"
	EnvWebhookAllowedHosts = "WEBHOOK_ALLOWED_HOSTS" // see webhook.ParseAllowedHosts
	EnvWebhookSecretARN    = "WEBHOOK_SECRET_ARN"    // the secret that holds a webhook.Secret

	// EnvWebhookUnsafeAllowLoopback, when "true", lets webhooks reach a receiver on this very machine, at the hosts
	// that are allowed. It is for tests and for running the stack on one machine: the program never sets it, and takes such
	// a host in its configuration only where its own environment has it, as in the sandbox.
	EnvWebhookUnsafeAllowLoopback = "WEBHOOK_UNSAFE_ALLOW_LOOPBACK"
)

// Channels are all of them.
func Channels() []Channel {
	var all []Channel
	for _, row := range channels {
		all = append(all, row.name)
	}
	return all
}

// Variables are the environment variables that switch the channel on in the sender.
func (c Channel) Variables() []string {
	for _, row := range channels {
		if row.name == c {
			return slices.Clone(row.variables)
		}
	}
	return nil
}
