// Package sigv4 has the access keys of one local AWS, and checks that requests are signed with them, so that nobody else on
// the machine can have it run code. Signing itself is the AWS SDK's.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
package sigv4

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// Keys are an access key of AWS's form: an id, and the secret that requests are signed with.
type Keys struct{ ID, Secret string }

// The environment variables that AWS's clients read them from.
const (
	idVariable     = "AWS_ACCESS_KEY_ID"
	secretVariable = "AWS_SECRET_ACCESS_KEY"
)

// New makes up keys that nobody can guess, and that are none of an account's.
func New() Keys { return Keys{"SANDBOX" + rand.Text()[:13], rand.Text() + rand.Text()} }

// FromEnvironment are the keys that AWS's clients would take in this process.
func FromEnvironment() (Keys, error) {
	k := Keys{os.Getenv(idVariable), os.Getenv(secretVariable)}
	if k.ID == "" || k.Secret == "" {
		return k, errors.New("needs " + idVariable + " and " + secretVariable + " in the environment")
	}
	return k, nil
}

// Environ hands the keys to a process.
func (k Keys) Environ() []string {
	return []string{idVariable + "=" + k.ID, secretVariable + "=" + k.Secret}
}

// credentials are the keys for AWS's SDK.
func (k Keys) credentials() aws.Credentials {
	return aws.Credentials{AccessKeyID: k.ID, SecretAccessKey: k.Secret}
}

// Retrieve makes the keys an aws.CredentialsProvider.
func (k Keys) Retrieve(context.Context) (aws.Credentials, error) { return k.credentials(), nil }

// Scope is what a request is signed for.
type Scope struct{ Region, Service string }

// options are how a service wants its paths signed: S3 alone as they are.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func (s Scope) options(o *v4.SignerOptions) { o.DisableURIPathEscaping = s.Service == "s3" }

// Sign signs a request with a body for a scope. All of its headers but a few are signed, so it comes last.
func (k Keys) Sign(r *http.Request, body []byte, s Scope) error {
	r.Header.Del("Authorization")
	query := r.URL.RawQuery
	defer func() { r.URL.RawQuery = query }() // which the signer writes anew
	return v4.NewSigner().SignHTTP(r.Context(), k.credentials(), r, payload(r, body), s.Service, s.Region, time.Now(), s.options)
}

// payload is what the signature has of the body: what the client says, such as UNSIGNED-PAYLOAD, or its hash.
func payload(r *http.Request, body []byte) string {
	if claimed := r.Header.Get(payloadHeader); claimed != "" {
		return claimed
	}
	return hash(body)
}

func hash(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
