// Command sender is the Lambda function that delivers one message. EventBridge Scheduler invokes it asynchronously,
// and Lambda hands what it answers to the updater.
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"scheduled-messages/lambda/internal/jsonlog"
	"scheduled-messages/lambda/internal/roots"
)

func main() {
	roots.Load()
	logger := jsonlog.New(os.Stdout)
	handler, err := newHandler(os.Getenv, logger)
	if err != nil {
		logger.Error("not configured", "error", err.Error())
		os.Exit(1)
	}
	lambda.Start(handler)
}
