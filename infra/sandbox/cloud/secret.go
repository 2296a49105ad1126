package cloud

import "context"

const secrets = "secretsmanager."

// Secret is a secret's current value and the key that it is encrypted with.
type Secret struct {
	ARN, Value, KeyARN string
}

// Secret reads a secret.
func (c *Client) Secret(ctx context.Context, id string) (Secret, error) {
	var value struct{ ARN, SecretString string }
	if err := c.target(ctx, "secretsmanager", secrets+"GetSecretValue", map[string]string{"SecretId": id}, &value); err != nil {
		return Secret{}, err
	}
	var about struct {
		KmsKeyID string `json:"KmsKeyId"`
	}
	err := c.target(ctx, "secretsmanager", secrets+"DescribeSecret", map[string]string{"SecretId": id}, &about)
	return Secret{ARN: value.ARN, Value: value.SecretString, KeyARN: about.KmsKeyID}, err
}
