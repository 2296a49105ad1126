package main

import (
	"context"
	"fmt"

	"scheduled-messages/infra/internal/command"
	"scheduled-messages/infra/sandbox/endpoint"
	"scheduled-messages/infra/sandbox/environment"
	"scheduled-messages/infra/sandbox/project"
	"scheduled-messages/infra/sandbox/tools"
)

// endpointCLI gives the address as an option, too: version 1 of the AWS CLI and old ones of version 2 know no other way.
const endpointCLI = `aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }
`

// endpointCommand serves a local AWS until it is interrupted. What it prints leads a shell's commands there, with the keys of
// this run.
func endpointCommand() *command.Command {
	var o endpoint.Options
	var host string
	return &command.Command{
		Name: "endpoint", Summary: "Serves a local AWS alone, until Ctrl-C; prints what to export",
		Text: "What it prints holds its address and this run's keys: it serves whoever has them, and nobody else.",
		Flags: func(f *command.Flags) {
			f.String(&o.Listen, "listen", "127.0.0.1:5555", "`address` to serve at; port 0 is any free one")
			f.String(&o.Functions, "functions", "", "base `URL` of what takes Lambda's Invoke requests, or unix:///path of its socket")
			f.String(&host, "database", "", "`host` at which a database is that stands in for all clusters and proxies")
		},
		Run: func(ctx context.Context, s command.Streams, _ []string) (err error) {
			o.Log = s.Err
			if o.Moto, err = tools.Moto(ctx, s.Err); err != nil {
				return err
			}
			if host != "" {
				o.Databases = endpoint.At(host)
			}
			served, err := endpoint.Start(ctx, o)
			if err != nil {
				return err
			}
			fmt.Fprint(s.Out, environment.Exports(append(environment.AWS(served.URL(), served.Keys()), project.Pace))+endpointCLI)
			return served.Wait()
		},
	}
}
