package foundation

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sqs"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/lambda/contract"
)

// deadLetterSeconds is how long a dead-letter message is kept: 14 days, the most that SQS does.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
const deadLetterSeconds = 14 * 24 * 60 * 60

// Queue is a dead-letter queue: standard, since neither Scheduler nor Lambda takes a FIFO queue, encrypted, and
// reached over TLS only.
type Queue struct {
	ARN, Name, URL pulumi.StringOutput
	f              *Foundation
}

// NewQueue makes a dead-letter queue and its policy.
func NewQueue(ctx *pulumi.Context, name string, f *Foundation, opts ...pulumi.ResourceOption) (*Queue, error) {
	q, err := sqs.NewQueue(ctx, name, &sqs.QueueArgs{
		MessageRetentionSeconds: pulumi.Int(deadLetterSeconds),
		// AWS's default is 1 MiB, the provider's 256 KiB, and versions of the provider before 6 take no more: said here, it is
		// the same under each, and what the functions accept is bounded by it.
		MaxMessageSize: pulumi.Int(contract.MaxQueueMessage),
		KmsMasterKeyId: f.KeyARN,
	}, opts...)
	if err != nil {
		return nil, err
	}
	_, err = sqs.NewQueuePolicy(ctx, name+"-policy", &sqs.QueuePolicyArgs{
		QueueUrl: q.Url, Policy: Policy(tlsOnly(q.Arn, "sqs:*")),
	}, opts...)
	return &Queue{ARN: q.Arn, Name: q.Name, URL: q.Url, f: f}, err
}

// GrantSend are the statements of a role that sends to the queue.
func (q *Queue) GrantSend() []Statement {
	return []Statement{
		{Actions: []string{"sqs:SendMessage"}, Resources: []pulumi.StringInput{q.ARN}},
		q.f.UseKey("sqs", "kms:GenerateDataKey", "kms:Decrypt"),
	}
}

// tlsOnly is the statement of a resource policy that refuses plain HTTP.
func tlsOnly(arn pulumi.StringInput, action string) Statement {
	return Statement{
		Deny: true, Principal: pulumi.Map{"AWS": pulumi.String("*")},
		Actions: []string{action}, Resources: []pulumi.StringInput{arn},
		Conditions: []Condition{Bool("aws:SecureTransport", pulumi.String("false"))},
	}
}
