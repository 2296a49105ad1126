// Package environment makes the environments of what the sandbox starts, and of the shells that use it: whatever its user has
// set for AWS, Pulumi or a proxy, they reach the sandbox and nothing else.
package environment

import (
	"os"
	"slices"
	"strings"

	"scheduled-messages/infra/sandbox/sigv4"
)

// Region is where everything is, as far as a local AWS is anywhere.
const Region = "us-east-1"

// loopback are the hosts that no proxy may be asked for. Go asks none for them; Python, and with it the AWS CLI, asks unless
// a variable says no.
const loopback = "127.0.0.1,localhost"

// awsPrefixes begin the names of variables that configure AWS's clients, and moto, which is one.
var awsPrefixes = []string{"AWS_", "BOTO_", "MOTO_"}

// pulumiPrefixes begin the names of those that configure Pulumi, its providers and its program.
var pulumiPrefixes = []string{"PULUMI_", "TF_"}

// kept are the exceptions: where Pulumi's plugins are.
var kept = []string{"PULUMI_HOME"}

// others are variables that change what moto or an AWS client does, and begin with no common prefix.
// https://docs.getmoto.org/en/5.2.1/docs/configuration/environment_variables.html
var others = []string{
	"INITIAL_NO_AUTH_ACTION_COUNT", "TEST_SERVER_MODE", "TEST_SERVER_MODE_ENDPOINT", "TEST_PROXY_MODE", "TEST_PROXY_MODE_ENDPOINT",
	"S3_IGNORE_SUBDOMAIN_BUCKETNAME", "VALIDATE_LAMBDA_S3", "DEFAULT_CONTAINER_REGISTRY",
	"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
}

// proxies end the names of variables that name proxies, in capitals and in small letters.
var proxies = []string{"_PROXY", "_proxy"}

// configures reports whether a variable configures AWS's clients, Pulumi or moto.
func configures(name string) bool {
	begins := func(prefix string) bool { return strings.HasPrefix(name, prefix) }
	return !slices.Contains(kept, name) &&
		(slices.ContainsFunc(awsPrefixes, begins) || slices.ContainsFunc(pulumiPrefixes, begins) || slices.Contains(others, name))
}

// namesProxy reports whether a variable names a proxy, or hosts that need none.
func namesProxy(name string) bool {
	return slices.ContainsFunc(proxies, func(suffix string) bool { return strings.HasSuffix(name, suffix) })
}

func without(environ []string, drop func(name string) bool) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		return drop(name)
	})
}

// Local is an environment, of entries KEY=value, for a program that talks to this machine only: without what configures AWS's
// clients, Pulumi and moto, and without proxies.
func Local(environ []string) []string {
	return without(environ, func(name string) bool { return configures(name) || namesProxy(name) })
}

// Building is an environment for a program that may download what it builds: Local's, with the proxies, which are not
// asked for this machine.
func Building(environ []string) []string {
	past := loopback
	for _, name := range []string{"NO_PROXY", "no_proxy"} { // clients prefer the second
		if value := valueOf(environ, name); value != "" {
			past = value + "," + loopback
		}
	}
	clean := without(environ, func(name string) bool { return configures(name) || name == "NO_PROXY" || name == "no_proxy" })
	return append(clean, "NO_PROXY="+past, "no_proxy="+past)
}

func valueOf(environ []string, name string) (value string) {
	for _, variable := range environ {
		if is, v, _ := strings.Cut(variable, "="); is == name {
			value = v // the last one counts
		}
	}
	return value
}

// AWS leads every AWS client to the endpoint at a URL, with its keys: no configuration file and no metadata service of the
// machine says otherwise. Without a URL it leads nowhere, which is what moto itself needs.
func AWS(url string, keys sigv4.Keys) []string {
	variables := append(keys.Environ(),
		"AWS_REGION="+Region,
		"AWS_DEFAULT_REGION="+Region, // for version 1 of the CLI
		"AWS_CONFIG_FILE="+os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE="+os.DevNull,
		"AWS_EC2_METADATA_DISABLED=true",
	)
	if url != "" {
		variables = append(variables, "AWS_ENDPOINT_URL="+url)
	}
	return variables
}
