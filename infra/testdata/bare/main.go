// Command bare is the least that a Pulumi program in Go can be: a floor for what ours costs.
package main

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

func main() { pulumi.Run(func(*pulumi.Context) error { return nil }) }
