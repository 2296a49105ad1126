// Package awsenv gives an AWS SDK client what Lambda puts into each function's environment. The SDK's config package
// would read the same, and shared files and the instance's metadata that a function has not, for 2 MB more of binary.
package awsenv

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

// dialTimeout is how long a connection may take to open.
const dialTimeout = 5 * time.Second

// HTTPClient waits for attempt for the answer to each of the SDK's three attempts. A kept connection may be dead after
// Lambda has frozen the environment.
func HTTPClient(attempt time.Duration) *awshttp.BuildableClient {
	return awshttp.NewBuildableClient().
		WithDialerOptions(func(d *net.Dialer) { d.Timeout = dialTimeout }).
		WithTransportOptions(func(t *http.Transport) { t.ResponseHeaderTimeout = attempt })
}

// Credentials are those of the function's role, read at each call.
func Credentials(getenv func(string) string) aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{
			AccessKeyID:     getenv("AWS_ACCESS_KEY_ID"),
			SecretAccessKey: getenv("AWS_SECRET_ACCESS_KEY"),
			SessionToken:    getenv("AWS_SESSION_TOKEN"),
		}, nil
	})
}

// Endpoint is where the service is, by the variables that every AWS SDK knows: nil is AWS's own.
// https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-table.html lists the services' names, such as SNS.
func Endpoint(getenv func(string) string, service string) *string {
	if endpoint := cmp.Or(getenv("AWS_ENDPOINT_URL_"+service), getenv("AWS_ENDPOINT_URL")); endpoint != "" {
		return aws.String(endpoint)
	}
	return nil
}
