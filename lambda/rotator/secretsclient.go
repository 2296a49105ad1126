package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/awsenv"
)

// attemptTimeout is how long one of the SDK's three attempts waits for an answer.
const attemptTimeout = 5 * time.Second

// errNoValue means that there is no such version, or that it was not given its value yet.
var errNoValue = errors.New("the secret has no such value")

// secretsClient calls Secrets Manager itself and not the extension, which only reads.
type secretsClient struct{ client *secretsmanager.Client }

// newSecretsClient reads what Lambda puts into each function's environment.
func newSecretsClient(getenv func(string) string) *secretsClient {
	return &secretsClient{client: secretsmanager.New(secretsmanager.Options{
		Region:       getenv("AWS_REGION"),
		Credentials:  awsenv.Credentials(getenv),
		HTTPClient:   awsenv.HTTPClient(attemptTimeout),
		BaseEndpoint: awsenv.Endpoint(getenv, "SECRETS_MANAGER"),
	})}
}

// versions is a description of a secret, without its values.
type versions struct {
	rotated bool                // rotation is switched on
	labels  map[string][]string // by version id
}

// labelled is the version that has a label, or "".
func (v versions) labelled(label string) string {
	for id, labels := range v.labels {
		if slices.Contains(labels, label) {
			return id
		}
	}
	return ""
}

func (c *secretsClient) describe(ctx context.Context, arn string) (versions, error) {
	output, err := c.client.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &arn})
	if err != nil {
		return versions{}, err
	}
	return versions{aws.ToBool(output.RotationEnabled), output.VersionIdsToStages}, nil
}

// version is the value of the version that a rotation is about.
func (c *secretsClient) version(ctx context.Context, arn, id string) (value, error) {
	return c.get(ctx, &secretsmanager.GetSecretValueInput{
		SecretId:     &arn,
		VersionId:    &id,
		VersionStage: aws.String(contract.StagePending),
	})
}

// stage is the value of the version with a label.
func (c *secretsClient) stage(ctx context.Context, arn, label string) (value, error) {
	return c.get(ctx, &secretsmanager.GetSecretValueInput{SecretId: &arn, VersionStage: &label})
}

func (c *secretsClient) get(ctx context.Context, input *secretsmanager.GetSecretValueInput) (value, error) {
	output, err := c.client.GetSecretValue(ctx, input)
	if _, ok := errors.AsType[*types.ResourceNotFoundException](err); ok {
		return value{}, fmt.Errorf("%w: %s", errNoValue, aws.ToString(input.VersionStage))
	}
	if err != nil {
		return value{}, err
	}
	parsed, err := parse(aws.ToString(output.SecretString))
	if err != nil {
		return value{}, fmt.Errorf("%s of %s: %w", aws.ToString(input.VersionStage), aws.ToString(input.SecretId), err)
	}
	return parsed, nil
}

// Get reads the current value, as mysql.Secrets does.
func (c *secretsClient) Get(ctx context.Context, arn string, into any) error {
	current, err := c.stage(ctx, arn, contract.StageCurrent)
	if err != nil {
		return err
	}
	secret, ok := into.(*contract.DatabaseSecret)
	if !ok {
		return fmt.Errorf("secret %s is not a %T", arn, into)
	}
	*secret = current.secret
	return nil
}

// put gives the pending version its value. Another invocation of the same step may have been first; then its value
// stands.
func (c *secretsClient) put(ctx context.Context, e event, text string) error {
	input := &secretsmanager.PutSecretValueInput{
		SecretId:           &e.SecretID,
		ClientRequestToken: &e.ClientRequestToken,
		SecretString:       &text,
		VersionStages:      []string{contract.StagePending},
	}
	if e.RotationToken != "" {
		input.RotationToken = &e.RotationToken
	}
	_, err := c.client.PutSecretValue(ctx, input)
	if _, ok := errors.AsType[*types.ResourceExistsException](err); ok {
		_, err = c.version(ctx, e.SecretID, e.ClientRequestToken)
	}
	return err
}

// promote makes the pending version the current one; Secrets Manager makes the one that was so the previous one.
// Another invocation of the same step may have been first.
func (c *secretsClient) promote(ctx context.Context, e event, known versions) error {
	_, err := c.client.UpdateSecretVersionStage(ctx, &secretsmanager.UpdateSecretVersionStageInput{
		SecretId:            &e.SecretID,
		VersionStage:        aws.String(contract.StageCurrent),
		MoveToVersionId:     &e.ClientRequestToken,
		RemoveFromVersionId: aws.String(known.labelled(contract.StageCurrent)),
	})
	if err == nil {
		return nil
	}
	now, problem := c.describe(ctx, e.SecretID)
	if problem == nil && now.labelled(contract.StageCurrent) == e.ClientRequestToken {
		return nil
	}
	return err
}
