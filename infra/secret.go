package infra

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/secretsmanager"
	"github.com/pulumi/pulumi-random/sdk/v4/go/random"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/lambda/contract"
)

// SecretArgs are the arguments of NewSecret.
type SecretArgs struct {
	Config      *Config
	Foundation  *Foundation
	Description string
}

// Secret is a secret with a password of its own. Its value is written apart, once the rest of it is known.
type Secret struct {
	pulumi.ResourceState

	ARN      pulumi.StringOutput
	Password pulumi.StringOutput // secret; the first one, for later ones see write
	// Version is what the readers of the secret depend on; nil until the value is written.
	Version *secretsmanager.SecretVersion

	name       string
	foundation *Foundation
}

// NewSecret makes the secret without a value.
func NewSecret(ctx *pulumi.Context, name string, args *SecretArgs, opts ...pulumi.ResourceOption) (*Secret, error) {
	s := &Secret{name: name, foundation: args.Foundation}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Secret", name, s, opts...); err != nil {
		return nil, err
	}
	password, err := random.NewRandomPassword(ctx, name+"-password", &random.RandomPasswordArgs{
		Length: pulumi.Int(contract.PasswordLength), OverrideSpecial: pulumi.String(contract.PasswordSpecial),
	}, pulumi.Parent(s))
	if err != nil {
		return nil, err
	}
	recoveryDays := 0 // gone at once
	if args.Config.ProtectData {
		recoveryDays = 7 // the least that Secrets Manager takes
	}
	// Named by the provider, since a name stays taken for as long as the secret can be recovered.
	secret, err := secretsmanager.NewSecret(ctx, name+"-secret", &secretsmanager.SecretArgs{
		Description: pulumi.String(args.Description), KmsKeyId: args.Foundation.KeyARN,
		RecoveryWindowInDays: pulumi.Int(recoveryDays),
	}, pulumi.Parent(s))
	if err != nil {
		return nil, err
	}
	_, err = secretsmanager.NewSecretPolicy(ctx, name+"-resource-policy", &secretsmanager.SecretPolicyArgs{
		SecretArn: secret.Arn, BlockPublicPolicy: pulumi.Bool(true),
		Policy: policy(Statement{
			Deny: true, Principal: pulumi.Map{"AWS": pulumi.String("*")},
			Actions: []string{"secretsmanager:*"}, Resources: anyResource, // of this secret: a resource policy
			Conditions: []Condition{
				{"StringNotEquals", "aws:PrincipalAccount", args.Foundation.Account},
				{"Bool", "aws:PrincipalIsAWSService", pulumi.String("false")}, // services have no account
			},
		}),
	}, pulumi.Parent(s))
	if err != nil {
		return nil, err
	}
	s.ARN, s.Password = secret.Arn, password.Result
	return s, ctx.RegisterResourceOutputs(s, pulumi.Map{"arn": s.ARN})
}

// write gives the secret its first value. Later ones are the rotation's: the program never rolls them back.
//
// The version has a label of its own and does not ask for AWSCURRENT, which Secrets Manager gives a secret's first
// version anyway. A version that has a label is not cleared away, so refresh always finds it; and should it be lost
// all the same, the one that is made in its place becomes no secret's current one.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
func (s *Secret) write(ctx *pulumi.Context, value pulumi.StringInput) (err error) {
	s.Version, err = secretsmanager.NewSecretVersion(ctx, s.name+"-version", &secretsmanager.SecretVersionArgs{
		SecretId: s.ARN, SecretString: value, VersionStages: pulumi.StringArray{pulumi.String(contract.StageFirst)},
	}, pulumi.Parent(s),
		pulumi.IgnoreChanges([]string{"secretString", "versionStages"}), // a rotation moves labels
		// It goes with its secret. Deleting it alone would take labels from it that a rotation may have moved, and fail.
		pulumi.RetainOnDelete(true))
	return err
}

// readBy are the statements of a role that reads the secret.
func (s *Secret) readBy() []Statement {
	return []Statement{
		{Actions: []string{"secretsmanager:GetSecretValue"}, Resources: []pulumi.StringInput{s.ARN}},
		s.foundation.useKey("secretsmanager", "kms:Decrypt"),
	}
}

// rotatedBy are the statements of a role that gives the secret new values.
func (s *Secret) rotatedBy() []Statement {
	return []Statement{
		{
			Actions:   append([]string{"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"}, rotating...),
			Resources: []pulumi.StringInput{s.ARN},
		},
		s.foundation.useKey("secretsmanager", "kms:Decrypt", "kms:GenerateDataKey"),
	}
}

// rotating are the actions that write a secret's value.
var rotating = []string{"secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"}

// databaseSecret is the value of a database user's secret.
func databaseSecret(username string, password, host pulumi.StringInput, name string) pulumi.StringOutput {
	return pulumi.JSONMarshal(pulumi.All(password, host).ApplyT(func(v []any) contract.DatabaseSecret {
		return contract.DatabaseSecret{
			Username: username, Password: v[0].(string), Engine: "mysql", Host: v[1].(string), Port: mysqlPort, DBName: name,
		}
	}))
}
