package foundation

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-random/sdk/v4/go/random"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/internal/build"
)

// keyDeletionDays is the least that KMS allows.
// https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
const keyDeletionDays = 7

// Args are the configuration and the functions' code, from which all else follows.
type Args struct {
	Config  *config.Config
	Bundles map[string]build.Bundle // of the functions, by name
}

// Foundation is what every other piece stands on: the stack's own prefix for physical names, the key that
// encrypts everything, and where in AWS the stack is.
type Foundation struct {
	pulumi.ResourceState

	Config *config.Config

	Prefix                     pulumi.StringOutput
	KeyARN                     pulumi.StringOutput // there once the key's policy is
	Partition, Region, Account pulumi.StringOutput

	// Functions are those that were made so far, by name: whatever watches all of them comes last.
	Functions map[string]*Function

	bundles map[string]build.Bundle
}

// New makes the foundation, before every other piece.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Foundation, error) {
	f := &Foundation{Config: args.Config, Functions: map[string]*Function{}, bundles: args.Bundles}
	if err := ctx.RegisterComponentResource("scheduled-messages:infra:Foundation", name, f, opts...); err != nil {
		return nil, err
	}
	// It stays in the state: a stack that is renamed keeps its names, and with them its cluster; one that is destroyed and
	// made again takes new ones, so that neither a final snapshot nor a log that AWS wrote late is in its way.
	prefix, err := random.NewRandomId(ctx, name+"-prefix", &random.RandomIdArgs{
		Prefix: pulumi.String(args.Config.Existing.NamePrefix + Slug(ctx.Project(), ctx.Stack()) + "-"), ByteLength: pulumi.Int(3),
	}, pulumi.Parent(f), pulumi.IgnoreChanges([]string{"prefix"}))
	if err != nil {
		return nil, err
	}
	f.Prefix = prefix.Hex
	if err := followConventions(ctx, &args.Config.Existing, f.Prefix); err != nil {
		return nil, err
	}
	if arn := args.Config.Existing.KMSKeyARN; arn != "" {
		f.KeyARN = pulumi.String(arn).ToStringOutput()
		f.Partition, f.Region, f.Account = arnPart(f.KeyARN, 1), arnPart(f.KeyARN, 3), arnPart(f.KeyARN, 4)
	} else if err := f.newKey(ctx, name); err != nil {
		return nil, err
	}
	return f, ctx.RegisterResourceOutputs(f, pulumi.Map{"prefix": f.Prefix, "keyArn": f.KeyARN})
}

// newKey makes the key and its policy.
func (f *Foundation) newKey(ctx *pulumi.Context, name string) error {
	// A final snapshot is worth nothing without its key, so with protected data the key outlives the stack.
	keyOptions := []pulumi.ResourceOption{pulumi.Parent(f), pulumi.RetainOnDelete(f.Config.ProtectData)}
	key, err := kms.NewKey(ctx, name+"-key", &kms.KeyArgs{
		Description:          pulumi.Sprintf("%s: secrets, storage, queues, topics and logs", f.Prefix),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(keyDeletionDays),
	}, keyOptions...)
	if err != nil {
		return err
	}
	f.Partition, f.Region, f.Account = arnPart(key.Arn, 1), arnPart(key.Arn, 3), arnPart(key.Arn, 4)

	// Apart from the key, because it names the account, which is a part of the key's ARN.
	keyPolicy, err := kms.NewKeyPolicy(ctx, name+"-key-policy", &kms.KeyPolicyArgs{
		KeyId: key.KeyId,
		Policy: Policy(
			Statement{ // hands the key over to IAM, as KMS itself does for a new key
				Principal: pulumi.Map{"AWS": pulumi.Sprintf("arn:%s:iam::%s:root", f.Partition, f.Account)},
				Actions:   []string{"kms:*"}, Resources: AnyResource,
			},
			f.logsMayUseKey(),
			f.publisherMayUseKey("cloudwatch.amazonaws.com", StringEquals("aws:SourceAccount", f.Account)),
			// Nothing says that RDS names the account for which it publishes, and SNS's page says of another service that it does
			// not; a condition on it would drop every event in silence. SNS itself names the topic in the encryption context
			// of each call, so that the key serves topics of this account alone, whoever publishes. The topic's policy asks for
			// RDS's account and source all the same.
			// https://docs.aws.amazon.com/gamelift/latest/flexmatchguide/queue-notification-sns-sse.html
			f.publisherMayUseKey("events.rds.amazonaws.com", ArnLike("kms:EncryptionContext:aws:sns:topicArn", f.ARN("sns", "*")))),
	}, keyOptions...)
	if err != nil {
		return err
	}
	f.KeyARN = pulumi.All(key.Arn, keyPolicy.ID()).ApplyT(func(v []any) string { return v[0].(string) }).(pulumi.StringOutput)
	return nil
}

// ARN is the ARN of a resource in the stack's account and region.
func (f *Foundation) ARN(service, resource string, args ...any) pulumi.StringOutput {
	return pulumi.Sprintf("arn:%s:%s:%s:%s:"+resource, append([]any{f.Partition, service, f.Region, f.Account}, args...)...)
}

// FunctionName is a function's physical name, which is known before the function is there.
func (f *Foundation) FunctionName(name string) pulumi.StringOutput {
	return pulumi.Sprintf("%s-%s", f.Prefix, name)
}

// UseKey allows the use of the key through the one service, such as sqs.
func (f *Foundation) UseKey(service string, actions ...string) Statement {
	return Statement{Actions: actions, Resources: []pulumi.StringInput{f.KeyARN}, Conditions: []Condition{
		StringEquals("kms:ViaService", pulumi.Sprintf("%s.%s.amazonaws.com", service, f.Region))}}
}

// logsMayUseKey is for CloudWatch Logs, which has no role of ours, and for log groups of this account alone. The actions are
// as AWS writes them: which of each kind it calls is documented nowhere.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
func (f *Foundation) logsMayUseKey() Statement {
	return Statement{
		Principal:  pulumi.Map{"Service": pulumi.Sprintf("logs.%s.amazonaws.com", f.Region)},
		Actions:    []string{"kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"},
		Resources:  AnyResource,
		Conditions: []Condition{ArnLike("kms:EncryptionContext:aws:logs:arn", f.ARN("logs", "log-group:*"))},
	}
}

// publisherMayUseKey is for a service that has no role of ours: without the key, an encrypted topic takes nothing from it.
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
func (f *Foundation) publisherMayUseKey(name string, onlyIf Condition) Statement {
	return Statement{
		Principal:  Service(name),
		Actions:    []string{"kms:Decrypt", "kms:GenerateDataKey*"},
		Resources:  AnyResource,
		Conditions: []Condition{onlyIf},
	}
}

// LogGroup makes a log group, which must be there before its writer: one that AWS makes by itself is kept indefinitely
// and stays behind.
func (f *Foundation) LogGroup(
	ctx *pulumi.Context, name string, physical pulumi.StringInput, opts ...pulumi.ResourceOption,
) (*cloudwatch.LogGroup, error) {
	return cloudwatch.NewLogGroup(ctx, name, &cloudwatch.LogGroupArgs{
		Name:            physical,
		RetentionInDays: pulumi.Int(f.Config.LogRetentionDays),
		KmsKeyId:        f.KeyARN,
	}, opts...)
}

// arnPart is one of an ARN's colon-separated parts: arn:partition:service:region:account:resource.
func arnPart(arn pulumi.StringOutput, part int) pulumi.StringOutput {
	return arn.ApplyT(func(arn string) (string, error) {
		parts := strings.SplitN(arn, ":", 6)
		if len(parts) != 6 {
			return "", fmt.Errorf("not an ARN: %q", arn)
		}
		return parts[part], nil
	}).(pulumi.StringOutput)
}

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// Slug is a prefix that every AWS name takes: lower-case letters, digits and single hyphens, a letter first, at
// most 33 characters. What follows it has to distinguish two stacks whose names are cut alike.
func Slug(project, stack string) string {
	words := func(s string, most int) string {
		s = strings.Trim(notInNames.ReplaceAllString(strings.ToLower(s), "-"), "-")
		return strings.Trim(s[:min(len(s), most)], "-")
	}
	s := strings.Trim(words(project, 18)+"-"+words(stack, 12), "-")
	if s == "" || s[0] < 'a' {
		s = "p-" + s
	}
	return strings.Trim(s, "-")
}
