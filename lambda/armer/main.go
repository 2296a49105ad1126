// Command armer has the schedules at EventBridge Scheduler follow the rows of the table: each minute it asks the function
// relay what is left to do, makes, moves and deletes schedules, and hands what is done to the updater, page by page until no
// work is left. It is outside the VPC, holds no state, and may be killed at any point: what was not recorded is asked for
// again, and finds its schedule as it is.
//
// It asks relay within its own invocation. Rounds that invoked each other would be a loop of functions, which Lambda stops
// after about 16. https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
package main

import (
	"scheduled-messages/lambda/internal/invocation"
)

func main() { invocation.Start(newHandler) }
