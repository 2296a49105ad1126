package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"scheduled-messages/infra/sandbox/endpoint"
)

// runEndpoint serves a local AWS until it is told to end.
func runEndpoint(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("endpoint", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:5555", "address to serve on; port 0 is any free one")
	functions := flags.String("functions", "", "base URL of what takes Lambda's Invoke requests")
	host := flags.String("database", "", "host that clusters, instances and proxies tell as their address")
	if err := flags.Parse(args); err != nil {
		return err
	}
	served, err := endpoint.Start(ctx, endpoint.Options{
		Listen: *listen, Log: os.Stderr, Functions: *functions, DatabaseHost: *host})
	if err != nil {
		return err
	}
	fmt.Println("listening on", served.URL())
	return served.Wait()
}
