package delivery

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/foundation"
	"scheduled-messages/lambda/contract"
)

// newChannels makes what the channels that are on ask for, and adds to the sender what it needs to use it.
func (p *Pipeline) newChannels(
	ctx *pulumi.Context,
	name string,
	sender *foundation.FunctionArgs,
	opts ...pulumi.ResourceOption,
) error {
	p.Topics, p.Secrets = map[contract.Channel]*foundation.Topic{}, map[contract.Channel]*foundation.Secret{}
	f := sender.Foundation
	for _, row := range f.Config.On() {
		if row.Topic != nil {
			topic, err := foundation.NewTopic(ctx, name+"-"+row.Topic.Logical, f, nil, opts...)
			if err != nil {
				return err
			}
			p.Topics[row.Name] = topic
			sender.Environment[row.Topic.Variable] = topic.ARN
			sender.Allowed = append(sender.Allowed, topic.GrantPublish()...)
		}
		if row.Hosts != nil {
			sender.Environment[row.Hosts.Variable] = pulumi.String(strings.Join(f.Config.Hosts[row.Name], ","))
		}
		if row.Secret != nil {
			secret, err := newSigningSecret(ctx, name, row.Secret, f, opts...)
			if err != nil {
				return err
			}
			p.Secrets[row.Name] = secret
			sender.Environment[row.Secret.Variable] = secret.ARN
			sender.Secrets = append(sender.Secrets, secret)
		}
	}
	return nil
}

// TopicARN is the ARN of a channel's topic, or empty.
func (p *Pipeline) TopicARN(channel contract.Channel) pulumi.StringOutput {
	if topic := p.Topics[channel]; topic != nil {
		return topic.ARN
	}
	return pulumi.String("").ToStringOutput()
}

// SecretARN is the ARN of the secret that a channel signs with, or empty.
func (p *Pipeline) SecretARN(channel contract.Channel) pulumi.StringOutput {
	if secret := p.Secrets[channel]; secret != nil {
		return secret.ARN
	}
	return pulumi.String("").ToStringOutput()
}
