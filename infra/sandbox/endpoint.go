package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"scheduled-messages/infra/sandbox/endpoint"
	"scheduled-messages/infra/sandbox/environment"
	"scheduled-messages/infra/sandbox/project"
	"scheduled-messages/infra/sandbox/tools"
)

// endpointCLI gives the address as an option, too: version 1 of the AWS CLI and old ones of version 2 know no other way.
const endpointCLI = `aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }
`

// runEndpoint serves a local AWS until it is told to end. What it prints leads a shell's commands there, with the keys of
// this run.
func runEndpoint(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("endpoint", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:5555", "address to serve on; port 0 is any free one")
	functions := flags.String("functions", "", "base `URL` of what takes Lambda's Invoke requests, or unix:///path of its socket")
	host := flags.String("database", "", "`host` at which a database is that stands in for all clusters and proxies")
	if err := flags.Parse(args); err != nil {
		return err
	}
	moto, err := tools.Moto(ctx, os.Stderr)
	if err != nil {
		return err
	}
	o := endpoint.Options{Listen: *listen, Moto: moto, Log: os.Stderr, Functions: *functions}
	if *host != "" {
		o.Databases = endpoint.At(*host)
	}
	served, err := endpoint.Start(ctx, o)
	if err != nil {
		return err
	}
	fmt.Print(environment.Exports(append(environment.AWS(served.URL(), served.Keys()), project.Pace)) + endpointCLI)
	return served.Wait()
}
