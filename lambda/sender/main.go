// Command sender is the Lambda function that delivers one message. EventBridge Scheduler invokes it asynchronously,
// and Lambda hands what it answers to the updater.
package main

import (
	"scheduled-messages/lambda/internal/invocation"
)

func main() { invocation.Start(newHandler) }
