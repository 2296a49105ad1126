// Command updater writes what became of a message into its row. Lambda's destinations invoke it with what the sender
// came to; with {} it reports the database's health, with {"id":"..."} that message's row as well.
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
