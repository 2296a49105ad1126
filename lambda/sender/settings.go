package main

import (
	"fmt"
	"log/slog"
	"time"

	"scheduled-messages/lambda/internal/channel"
	"scheduled-messages/lambda/internal/secret"
	"scheduled-messages/lambda/message"
)

// newHandler makes the handler with the channels that the environment switches on. It reads no secret: the extension
// does not answer during init.
func newHandler(getenv func(string) string, log *slog.Logger) (*handler, error) {
	h := &handler{channels: map[message.Channel]sender{}, now: time.Now, log: log}
	if topic := getenv(message.EnvSNSTopicARN); topic != "" {
		h.channels[message.SNS] = channel.NewSNS(topic, getenv)
	}
	list, secretARN := getenv(message.EnvWebhookAllowedHosts), getenv(message.EnvWebhookSecretARN)
	if list != "" || secretARN != "" {
		if list == "" || secretARN == "" {
			return nil, fmt.Errorf("%s is %q and %s is %q: allowed is to set both, or none for no webhooks",
				message.EnvWebhookAllowedHosts, list, message.EnvWebhookSecretARN, secretARN)
		}
		hosts, err := message.ParseAllowedHosts(list)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", message.EnvWebhookAllowedHosts, err)
		}
		loopback := getenv(message.EnvWebhookUnsafeAllowLoopback)
		if loopback != "" && loopback != "true" {
			return nil, fmt.Errorf("%s is %q: allowed is true, or nothing", message.EnvWebhookUnsafeAllowLoopback, loopback)
		}
		if loopback != "" {
			log.Warn("webhooks may reach this machine's loopback addresses: this is for tests only",
				"variable", message.EnvWebhookUnsafeAllowLoopback)
		}
		h.channels[message.Webhook] = channel.NewWebhook(hosts, secret.NewClient(getenv), secretARN, loopback != "", log)
	}
	if len(h.channels) == 0 {
		return nil, fmt.Errorf("no channel is on: %s is missing, and so are %s and %s",
			message.EnvSNSTopicARN, message.EnvWebhookAllowedHosts, message.EnvWebhookSecretARN)
	}
	return h, nil
}
