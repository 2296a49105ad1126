package environment

import (
	"fmt"
	"strings"
)

// Quote writes a text as one word of a shell's command.
func Quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// Exports are lines for a shell that set variables, given as KEY=value, after they have unset all others that configure AWS's
// clients, and Pulumi's if one of the variables is Pulumi's. A line with names that nobody can list here, such as
// AWS_ENDPOINT_URL_SQS, unsets those that are there. They work in sh, bash and zsh, and may be read again.
func Exports(variables []string) string {
	prefixes := awsPrefixes
	for _, variable := range variables {
		if strings.HasPrefix(variable, pulumiPrefixes[0]) {
			prefixes = append(prefixes[:len(prefixes):len(prefixes)], pulumiPrefixes...)
			break
		}
	}
	var lines strings.Builder
	lines.WriteString("for sandbox_name in $(env | sed -n")
	for _, name := range kept {
		fmt.Fprintf(&lines, " -e '/^%s=/d'", name)
	}
	for _, prefix := range prefixes {
		fmt.Fprintf(&lines, ` -e 's/^\(%s[A-Za-z0-9_]*\)=.*/\1/p'`, prefix)
	}
	lines.WriteString("); do unset \"$sandbox_name\"; done; unset sandbox_name\n")
	lines.WriteString("no_proxy=\"${no_proxy:-${NO_PROXY:-}}\" && no_proxy=\"${no_proxy:+$no_proxy,}" + loopback + "\"\n")
	lines.WriteString("export no_proxy NO_PROXY=\"$no_proxy\"\n")
	for _, variable := range variables {
		name, value, _ := strings.Cut(variable, "=")
		fmt.Fprintf(&lines, "export %s=%s\n", name, Quote(value))
	}
	return lines.String()
}

// CLI is a script that runs the AWS CLI that comes next on PATH after the script's own folder, with the variables of the file
// at a path and with the endpoint as an option: versions before 1.29 and 2.13 do not know AWS_ENDPOINT_URL, and version 1
// ignores it for SQS and RDS. https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
func CLI(folder, exports string) string {
	return fmt.Sprintf(`#!/bin/sh
# The AWS CLI, led to the sandbox and to nowhere else, whatever its version.
. %s
path=
IFS=:
for folder in $PATH; do
  [ "$folder" = %s ] || path=$path${path:+:}$folder
done
unset IFS
PATH=$path
if ! command -v aws >/dev/null; then
  echo "no AWS CLI is on PATH (Debian: apt-get install awscli)" >&2
  exit 127
fi
exec aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"
`, Quote(exports), Quote(folder))
}
