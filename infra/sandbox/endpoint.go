package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"

	"scheduled-messages/infra/sandbox/endpoint"
	"scheduled-messages/infra/sandbox/state"
	"scheduled-messages/infra/sandbox/tools"
)

// runEndpoint serves a local AWS until it is told to end. What it prints leads a shell's commands there, with the keys of
// this run.
func runEndpoint(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("endpoint", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:5555", "address to serve on; port 0 is any free one")
	functions := flags.String("functions", "", "base `URL` of what takes Lambda's Invoke requests, or unix:///path of its socket")
	host := flags.String("database", "", "host that clusters, instances and proxies tell as their address")
	if err := flags.Parse(args); err != nil {
		return err
	}
	moto, err := tools.Moto(ctx, os.Stderr)
	if err != nil {
		return err
	}
	served, err := endpoint.Start(ctx, endpoint.Options{
		Listen: *listen, Moto: moto, Log: os.Stderr, Functions: *functions, DatabaseHost: *host})
	if err != nil {
		return err
	}
	fmt.Println("export AWS_ENDPOINT_URL="+served.URL(), "AWS_REGION="+state.Region, "AWS_DEFAULT_REGION="+state.Region, strings.Join(served.Keys().Environ(), " "))
	return served.Wait()
}
