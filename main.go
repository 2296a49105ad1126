// Command scheduled-messages is the Pulumi program: a message sent at its time, its status in a database.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra"
)

func main() { pulumi.Run(infra.Deploy) }
