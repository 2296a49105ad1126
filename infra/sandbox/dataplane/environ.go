package dataplane

import (
	"slices"
	"strconv"
	"strings"

	"scheduled-messages/infra/sandbox/cloud"
	"scheduled-messages/lambda/contract"
)

// environ is a function's environment: as deployed, with what Lambda adds, and what leads its calls to this machine.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func (p *plane) environ(f cloud.Function) []string {
	environ := []string{
		"AWS_DEFAULT_REGION=" + p.cloud.Region,
		"AWS_REGION=" + p.cloud.Region,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=" + strconv.Itoa(f.MemorySize),
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
	}
	environ = append(environ, p.cloud.Keys.Environ()...)
	for name, value := range f.Environment.Variables {
		environ = append(environ, name+"="+value)
	}
	environ = append(environ, "AWS_ENDPOINT_URL="+p.cloud.Endpoint, "SSL_CERT_FILE="+p.options.CAFile)
	if f.Environment.Variables[contract.EnvWebhookAllowedHosts] != "" {
		environ = append(environ, contract.EnvWebhookUnsafeAllowLoopback+"=true") // the receivers are on this machine
	}
	if hasExtension(f) {
		environ = append(environ, "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT="+p.extension.Port())
	}
	return environ
}

// hasExtension reports whether the function has the layer of the secrets extension, and the one for its processor.
// Without it nobody answers on the extension's port.
func hasExtension(f cloud.Function) bool {
	return slices.ContainsFunc(f.Layers, func(layer cloud.Layer) bool {
		const name = ":layer:AWS-Parameters-and-Secrets-Lambda-Extension"
		arm := slices.Contains(f.Architectures, "arm64")
		return strings.Contains(layer.ARN, name+"-Arm64:") && arm || strings.Contains(layer.ARN, name+":") && !arm
	})
}
