package dataplane

import (
	"context"
	"errors"
	"fmt"

	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/infra/sandbox/lambdaruntime"
)

// secret is what the extension answers a function with: a secret that the function's role may read and decrypt.
func (p *plane) secret(ctx context.Context, e *lambdaruntime.Environment, id string) (string, error) {
	secret, err := p.cloud.Secret(ctx, id)
	if cloud.NotFound(err) {
		return "", errors.New("ResourceNotFoundException: no such secret")
	} else if err != nil {
		return "", err
	}
	f, err := p.deployed.get(ctx, e.Function().Name)
	if err != nil {
		return "", err
	}
	role, err := p.role(ctx, f.RoleARN)
	if err != nil {
		return "", err
	}
	// https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html#security-encryption-encryption-context
	via := map[string]string{
		"kms:ViaService":                  fmt.Sprintf("secretsmanager.%s.amazonaws.com", p.cloud.Region),
		"kms:EncryptionContext:SecretARN": secret.ARN,
	}
	if !role.Allows("secretsmanager:GetSecretValue", secret.ARN, nil) ||
		secret.KeyARN != "" && !role.Allows("kms:Decrypt", secret.KeyARN, via) {
		return "", fmt.Errorf("AccessDeniedException: %s may not read %s", f.RoleARN, secret.ARN)
	}
	return secret.Value, nil
}
