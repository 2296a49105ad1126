package foundation

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/secretsmanager"
	"github.com/pulumi/pulumi-random/sdk/v4/go/random"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/lambda/contract"
)

// Password is the first one of a secret, for whoever needs it before the rest of the secret's value is known. Later ones are
// the rotation's.
type Password struct {
	pulumi.ResourceState // the secret's component

	Result pulumi.StringOutput // secret
	name   string
}

// NewPassword makes a password, and with it the component of the secret.
func NewPassword(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) (*Password, error) {
	p := &Password{name: name}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Secret", name, p, opts...); err != nil {
		return nil, err
	}
	password, err := random.NewRandomPassword(ctx, name+"-password", &random.RandomPasswordArgs{
		Length:          pulumi.Int(contract.PasswordLength),
		OverrideSpecial: pulumi.String(contract.PasswordSpecial),
	}, pulumi.Parent(p))
	if err != nil {
		return nil, err
	}
	p.Result = password.Result
	return p, nil
}

// SecretArgs are what a secret is made of.
type SecretArgs struct {
	Foundation  *Foundation
	Description string
	Password    *Password          // names the secret, and is its parent
	Value       pulumi.StringInput // the first one
}

// Secret is a secret with its first value.
type Secret struct {
	ARN     pulumi.StringOutput
	Version *secretsmanager.SecretVersion // what the readers of the secret depend on

	foundation *Foundation
}

// NewSecret makes the secret, its policy and its first value. Later values are the rotation's: the program never rolls them
// back.
func NewSecret(ctx *pulumi.Context, args *SecretArgs) (*Secret, error) {
	f, name, parent := args.Foundation, args.Password.name, pulumi.Parent(args.Password)
	recoveryDays := 0 // gone at once
	if f.Config.ProtectData {
		recoveryDays = 7 // the least that Secrets Manager takes
	}
	// Named by the provider, since a name stays taken for as long as the secret can be recovered.
	secret, err := secretsmanager.NewSecret(ctx, name+"-secret", &secretsmanager.SecretArgs{
		Description:          pulumi.String(args.Description),
		KmsKeyId:             f.KeyARN,
		RecoveryWindowInDays: pulumi.Int(recoveryDays),
	}, parent)
	if err != nil {
		return nil, err
	}
	_, err = secretsmanager.NewSecretPolicy(ctx, name+"-resource-policy", &secretsmanager.SecretPolicyArgs{
		SecretArn:         secret.Arn,
		BlockPublicPolicy: pulumi.Bool(true),
		Policy:            Policy(ownAccountOnly(f)),
	}, parent)
	if err != nil {
		return nil, err
	}
	version, err := newFirstVersion(ctx, name+"-version", secret, args.Value, parent)
	if err != nil {
		return nil, err
	}
	s := &Secret{ARN: secret.Arn, Version: version, foundation: f}
	return s, ctx.RegisterResourceOutputs(args.Password, pulumi.Map{"arn": s.ARN})
}

// ownAccountOnly refuses the secret to every other account.
func ownAccountOnly(f *Foundation) Statement {
	return Statement{
		Deny:      true,
		Principal: pulumi.Map{"AWS": pulumi.String("*")},
		Actions:   []string{"secretsmanager:*"},
		Resources: AnyResource, // of this secret: a resource policy
		Conditions: []Condition{
			StringNotEquals("aws:PrincipalAccount", f.Account),
			Bool("aws:PrincipalIsAWSService", pulumi.String("false")), // services have no account
		},
	}
}

// newFirstVersion has a label of its own and does not ask for AWSCURRENT, which Secrets Manager gives a secret's first
// version anyway. A version that has a label is not cleared away, so refresh always finds it; and should it be lost
// all the same, the one that is made in its place becomes no secret's current one.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
func newFirstVersion(
	ctx *pulumi.Context, name string, secret *secretsmanager.Secret, value pulumi.StringInput, opts ...pulumi.ResourceOption,
) (*secretsmanager.SecretVersion, error) {
	return secretsmanager.NewSecretVersion(ctx, name, &secretsmanager.SecretVersionArgs{
		SecretId:      secret.Arn,
		SecretString:  value,
		VersionStages: pulumi.StringArray{pulumi.String(contract.StageFirst)},
	}, append(opts,
		pulumi.IgnoreChanges([]string{"secretString", "versionStages"}), // a rotation moves labels
		// It goes with its secret. Deleting it alone would take labels from it that a rotation may have moved, and fail.
		pulumi.RetainOnDelete(true))...)
}

// GrantRead are the statements of a role that reads the secret.
func (s *Secret) GrantRead() []Statement {
	return []Statement{
		{Actions: []string{"secretsmanager:GetSecretValue"}, Resources: []pulumi.StringInput{s.ARN}},
		s.foundation.UseKey("secretsmanager", "kms:Decrypt"),
	}
}

// GrantRotate are the statements of a role that gives the secret new values.
func (s *Secret) GrantRotate() []Statement {
	return []Statement{
		{
			Actions:   append([]string{"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"}, Rotating...),
			Resources: []pulumi.StringInput{s.ARN},
		},
		s.foundation.UseKey("secretsmanager", "kms:Decrypt", "kms:GenerateDataKey"),
	}
}

// GrantReadForeign are the statements of a role that reads a secret which is not the stack's. Whatever key it is encrypted with
// is
// used for this secret alone, which Secrets Manager names in the encryption context of each call.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html#security-encryption-encryption-context
func (f *Foundation) GrantReadForeign(arn string) []Statement {
	return []Statement{
		{Actions: []string{"secretsmanager:GetSecretValue"}, Resources: []pulumi.StringInput{pulumi.String(arn)}},
		{
			Actions:   []string{"kms:Decrypt"},
			Resources: []pulumi.StringInput{f.ARN("kms", "key/*")},
			Conditions: []Condition{
				StringEquals("kms:ViaService", pulumi.Sprintf("secretsmanager.%s.amazonaws.com", f.Region)),
				StringEquals("kms:EncryptionContext:SecretARN", pulumi.String(arn)),
			},
		},
	}
}

// Rotating are the actions that write a secret's value.
var Rotating = []string{"secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"}
