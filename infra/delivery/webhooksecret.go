package delivery

import (
	"github.com/pulumi/pulumi-random/sdk/v4/go/random"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/foundation"
	"scheduled-messages/lambda/contract/webhook"
)

// masterLength is in letters and digits, which have 256 random bits together.
const masterLength = 43

// newSigningSecret makes the secret that a channel signs its messages with. Its first value has a master, which each host's key
// is
// derived from: a host that is added later needs no new value.
//
// The master is not the secret's own password. In a stack of an earlier release that one was the key of all hosts, and a
// receiver that knows a master knows every host's key.
func newSigningSecret(
	ctx *pulumi.Context, name string, row *config.ChannelSecret, f *foundation.Foundation, opts ...pulumi.ResourceOption,
) (*foundation.Secret, error) {
	name += "-" + row.Logical
	password, err := foundation.NewPassword(ctx, name, opts...)
	if err != nil {
		return nil, err
	}
	master, err := random.NewRandomPassword(ctx, name+"-master", &random.RandomPasswordArgs{
		Length:  pulumi.Int(masterLength),
		Special: pulumi.Bool(false),
	}, pulumi.Parent(password))
	if err != nil {
		return nil, err
	}
	return foundation.NewSecret(ctx, &foundation.SecretArgs{
		Foundation:  f,
		Description: row.Description,
		Password:    password,
		Value: pulumi.JSONMarshal(master.Result.ApplyT(func(master string) webhook.Secret {
			return webhook.Secret{Master: master}
		})),
	})
}
