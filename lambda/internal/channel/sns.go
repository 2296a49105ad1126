package channel

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
	"unicode/utf16"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/awsenv"
)

const (
	// maxSNSToLength is in bytes: with it, the attributes stay within what MaxBodyLength leaves for them.
	maxSNSToLength = 256
	// snsAttemptTimeout is how long one of the SDK's three attempts waits for an answer. A kept connection may be dead
	// after Lambda has frozen the environment, and there is time for another.
	snsAttemptTimeout = 7 * time.Second
)

// SNS publishes to one topic.
//
// The subscriptions choose who gets a message: the attribute "to" holds the recipient for their filter policies,
// and is left out when the message has none. The attribute "id" holds the message's id. A standard topic drops no
// duplicates, and Lambda may run a sender twice for one event: a subscriber that must not act twice keeps the ids.
type SNS struct {
	client   *sns.Client
	topicARN string
}

func init() { constructors[contract.SNS] = snsFromEnv }

func snsFromEnv(getenv func(string) string, _ *slog.Logger) (Sender, error) {
	return newSNS(getenv(contract.EnvSNSTopicARN), getenv, snsAttemptTimeout), nil
}

// newSNS makes the channel from what Lambda puts into each function's environment.
func newSNS(topicARN string, getenv func(string) string, attemptTimeout time.Duration) *SNS {
	return &SNS{topicARN: topicARN, client: sns.New(sns.Options{
		Region:       getenv("AWS_REGION"),
		Credentials:  awsenv.Credentials(getenv),
		HTTPClient:   awsenv.HTTPClient(attemptTimeout),
		BaseEndpoint: awsenv.Endpoint(getenv, "SNS"),
	})}
}

// Send publishes a message and returns the id that SNS gave it. The SDK tries three times by itself.
func (s *SNS) Send(ctx context.Context, m contract.Message) (string, error) {
	if len(m.To) > maxSNSToLength {
		return "", permanent("sns: to has %d bytes: must have at most %d", len(m.To), maxSNSToLength)
	}
	input := &sns.PublishInput{
		TopicArn:          aws.String(s.topicARN),
		Message:           aws.String(m.Body),
		MessageAttributes: map[string]types.MessageAttributeValue{"id": text(m.ID)},
	}
	if m.To != "" {
		input.MessageAttributes["to"] = text(m.To)
	}
	if m.Subject != "" {
		input.Subject = aws.String(m.Subject)
	}
	output, err := s.client.Publish(ctx, input)
	if shorter := shortenSubject(m.Subject); shorter != m.Subject && IsPermanent(publishError(err)) {
		input.Subject = aws.String(shorter)
		output, err = s.client.Publish(ctx, input)
	}
	if err != nil {
		return "", publishError(err)
	}
	return aws.ToString(output.MessageId), nil
}

// shortenSubject returns a subject that SNS accepts however it counts. API_Publish asks for less than 100 characters; SNS
// was seen to accept exactly 100 (getmoto/moto#1503), which is what a message may have; whether a character outside the
// basic plane counts as one or as two is not documented. So such a subject is published as it is, and shortened only if
// SNS refuses it.
func shortenSubject(subject string) string {
	units, end := 0, 0 // UTF-16 units; end of what is kept, in bytes
	for at, r := range subject {
		if units <= contract.MaxSubjectLength-2 { // with the ellipsis, 99
			end = at
		}
		units += utf16.RuneLen(r)
	}
	if units < contract.MaxSubjectLength {
		return subject
	}
	return subject[:end] + "…"
}

// publishError separates the errors that are the message's own fault (API_Publish, Errors) from the rest. A missing
// topic, permission or key is the stack's fault: it may be fixed before the last retry.
func publishError(err error) error {
	if err == nil {
		return nil
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		switch api.ErrorCode() {
		case "InvalidParameter", "ParameterValueInvalid", "ValidationException":
			return permanent("sns: %s: %s", api.ErrorCode(), api.ErrorMessage())
		}
	}
	return fmt.Errorf("sns: %w", err)
}

func text(value string) types.MessageAttributeValue {
	return types.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String(value)}
}
