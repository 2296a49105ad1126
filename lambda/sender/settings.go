package main

import (
	"fmt"
	"log/slog"
	"time"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/channel"
	"scheduled-messages/lambda/internal/secret"
)

// newHandler makes the handler with the channels that the environment switches on. It reads no secret: the extension
// does not answer during init.
func newHandler(getenv func(string) string, log *slog.Logger) (*handler, error) {
	h := &handler{channels: map[contract.Channel]sender{}, now: time.Now, log: log}
	if topic := getenv(contract.EnvSNSTopicARN); topic != "" {
		h.channels[contract.SNS] = channel.NewSNS(topic, getenv)
	}
	list, secretARN := getenv(contract.EnvWebhookAllowedHosts), getenv(contract.EnvWebhookSecretARN)
	if list != "" || secretARN != "" {
		if list == "" || secretARN == "" {
			return nil, fmt.Errorf("%s is %q and %s is %q: allowed is to set both, or none for no webhooks",
				contract.EnvWebhookAllowedHosts, list, contract.EnvWebhookSecretARN, secretARN)
		}
		hosts, err := contract.ParseAllowedHosts(list)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", contract.EnvWebhookAllowedHosts, err)
		}
		loopback := getenv(contract.EnvWebhookUnsafeAllowLoopback)
		if loopback != "" && loopback != "true" {
			return nil, fmt.Errorf("%s is %q: allowed is true, or nothing", contract.EnvWebhookUnsafeAllowLoopback, loopback)
		}
		if loopback != "" {
			log.Warn("webhooks may reach this machine's loopback addresses: this is for tests only",
				"variable", contract.EnvWebhookUnsafeAllowLoopback)
		}
		h.channels[contract.Webhook] = channel.NewWebhook(hosts, secret.NewClient(getenv), secretARN, loopback != "", log)
	}
	if len(h.channels) == 0 {
		return nil, fmt.Errorf("no channel is on: %s is missing, and so are %s and %s",
			contract.EnvSNSTopicARN, contract.EnvWebhookAllowedHosts, contract.EnvWebhookSecretARN)
	}
	return h, nil
}
