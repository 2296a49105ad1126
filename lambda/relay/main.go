// Command relay reads which rows ask for work at EventBridge Scheduler. It is in the VPC, where Scheduler is out of reach:
// the function armer asks it, each minute and as long as work is left, and does what it answers. It writes nothing.
package main

import (
	"scheduled-messages/lambda/internal/invocation"
)

func main() { invocation.Start(newHandler) }
