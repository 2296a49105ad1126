package foundation

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Topic is a topic encrypted with the stack's key, and published to over TLS only.
type Topic struct {
	ARN, Name pulumi.StringOutput
	// Policy is what the topic's publishers depend on.
	Policy pulumi.Resource

	f *Foundation
}

// NewTopic makes a topic to which roles with a policy of their own publish and, where given, what the function adds
// for the topic's ARN.
func NewTopic(
	ctx *pulumi.Context, name string, f *Foundation, publishers func(pulumi.StringOutput) []Statement, opts ...pulumi.ResourceOption,
) (*Topic, error) {
	made, err := sns.NewTopic(ctx, name, &sns.TopicArgs{KmsMasterKeyId: f.KeyARN}, opts...)
	if err != nil {
		return nil, err
	}
	statements := []Statement{tlsOnly(made.Arn, "sns:Publish")}
	if publishers != nil {
		statements = append(statements, publishers(made.Arn)...)
	}
	p, err := sns.NewTopicPolicy(ctx, name+"-policy", &sns.TopicPolicyArgs{Arn: made.Arn, Policy: Policy(statements...)}, opts...)
	return &Topic{ARN: made.Arn, Name: made.Name, Policy: p, f: f}, err
}

// GrantPublish are the statements of a role that publishes to the topic.
func (t *Topic) GrantPublish() []Statement {
	return []Statement{
		{Actions: []string{"sns:Publish"}, Resources: []pulumi.StringInput{t.ARN}},
		t.f.UseKey("sns", "kms:GenerateDataKey", "kms:Decrypt"),
	}
}
