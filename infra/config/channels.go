package config

import (
	"fmt"
	"slices"
	"strings"

	"scheduled-messages/lambda/contract"
)

// Channel is a row of the table of channels: what a stack makes and asks for when messages may leave by the channel. Each of
// the sender's variables for it comes from one of its parts.
type Channel struct {
	Name contract.Channel

	Topic  *ChannelTopic  // that it publishes to; nil: none
	Hosts  *ChannelHosts  // that it may connect to; nil: none
	Secret *ChannelSecret // that it signs with; nil: none

	Recipient string // for the output tryIt; %s is the first of the hosts
}

// ChannelTopic is an SNS topic of a channel.
type ChannelTopic struct {
	Variable string // of the sender, with the topic's ARN
	Logical  string // the end of the topic's logical name
	Alarm    string // of deliveries to the topic's subscribers that failed
}

// ChannelHosts are the only hosts that a channel may connect to. They are required with the channel and refused without.
type ChannelHosts struct {
	Variable string // of the sender, with the hosts and commas between
	Key      string // of the configuration
}

// ChannelSecret is a secret of a channel.
type ChannelSecret struct {
	Variable    string // of the sender, with the secret's ARN
	Logical     string // the end of the secret's logical name
	Description string // of the secret
}

// Channels are all of them.
var Channels = []Channel{
	{
		Name:      contract.SNS,
		Topic:     &ChannelTopic{contract.EnvSNSTopicARN, "messages", "subscribers-failed"},
		Recipient: "everyone",
	},
	{
		Name:      contract.Webhook,
		Hosts:     &ChannelHosts{contract.EnvWebhookAllowedHosts, "webhookAllowedHosts"},
		Secret:    &ChannelSecret{contract.EnvWebhookSecretARN, "webhook", "Signs webhooks (HMAC-SHA256)"},
		Recipient: "https://%s/",
	},
}

// On are the rows of the channels that messages may leave by, in the order of the configuration.
func (c *Config) On() (on []Channel) {
	for _, name := range c.Channels {
		for _, row := range Channels {
			if row.Name == name {
				on = append(on, row)
			}
		}
	}
	return on
}

// ExampleRecipient is a channel that is on, and a recipient there.
func (c *Config) ExampleRecipient() (channel contract.Channel, to string) {
	row := c.On()[0]
	if row.Hosts == nil {
		return row.Name, row.Recipient
	}
	return row.Name, fmt.Sprintf(row.Recipient, c.Hosts[row.Name][0])
}

// channelKeys are the key of the channels and those of their hosts.
func channelKeys() []Key {
	var names []string
	for _, row := range Channels {
		names = append(names, string(row.Name))
	}
	keys := []Key{{
		Name:    "channels",
		Summary: "how messages may leave",
		Allowed: "one or more of " + strings.Join(names, ", ") + ", each once",
		set:     to(func(c *Config) *[]contract.Channel { return &c.Channels }, channels),
	}}
	for _, row := range Channels {
		if row.Hosts == nil {
			continue
		}
		keys = append(keys, Key{
			Name:    row.Hosts.Key,
			Summary: "the only hosts that the channel " + string(row.Name) + " may connect to",
			Allowed: hostsAllowed,
			Note:    "Required with the channel.",
			set: func(c *Config, value string) error {
				hosts, err := Hosts(loopbackAllowed())(value)
				if err != nil {
					return err
				}
				if c.Hosts == nil {
					c.Hosts = map[contract.Channel][]string{}
				}
				c.Hosts[row.Name] = hosts
				return nil
			},
		})
	}
	return keys
}

func channels(value string) ([]contract.Channel, error) {
	names, err := list(value)
	if err != nil || len(names) == 0 {
		return nil, errValue
	}
	var result []contract.Channel
	for _, name := range names {
		if !slices.ContainsFunc(Channels, func(row Channel) bool { return string(row.Name) == name }) {
			return nil, errValue
		}
		result = append(result, contract.Channel(name))
	}
	return result, nil
}

// channelConstraints hold the hosts to the channels.
func (c *Config) channelConstraints() (all []constraint) {
	for _, row := range Channels {
		if row.Hosts == nil {
			continue
		}
		hosts := c.Hosts[row.Name]
		all = append(all,
			constraint{
				keys:    []string{row.Hosts.Key, "channels"},
				Broken:  c.Sends(row.Name) && len(hosts) == 0,
				value:   "[]",
				allowed: fmt.Sprintf("at least one host with the channel %s", row.Name),
			},
			constraint{
				keys:    []string{row.Hosts.Key, "channels"},
				Broken:  !c.Sends(row.Name) && len(hosts) > 0,
				value:   strings.Join(hosts, ", "),
				allowed: fmt.Sprintf("none unless channels holds %s", row.Name),
			})
	}
	return all
}
