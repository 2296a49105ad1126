package infra

import (
	"github.com/pulumi/pulumi-random/sdk/v4/go/random"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/lambda/contract"
)

// masterLength is in letters and digits, and comes to 256 random bits.
const masterLength = 43

// newSigningSecret makes the secret that webhooks are signed with. Its first value has a master, which each host's key is
// derived from: a host that is added later needs no new value.
//
// The master is not the secret's own password. In a stack of an earlier release that one was the key of all hosts, and a
// receiver that knows a master knows every host's key.
func newSigningSecret(
	ctx *pulumi.Context, name string, cfg *Config, f *Foundation, opts ...pulumi.ResourceOption,
) (*Secret, error) {
	secret, err := NewSecret(ctx, name, &SecretArgs{cfg, f, "Signs webhooks (HMAC-SHA256)"}, opts...)
	if err != nil {
		return nil, err
	}
	master, err := random.NewRandomPassword(ctx, name+"-master", &random.RandomPasswordArgs{
		Length:  pulumi.Int(masterLength),
		Special: pulumi.Bool(false),
	}, pulumi.Parent(secret))
	if err != nil {
		return nil, err
	}
	return secret, secret.write(ctx, pulumi.JSONMarshal(master.Result.ApplyT(func(master string) contract.WebhookSecret {
		return contract.WebhookSecret{Master: master}
	})))
}
