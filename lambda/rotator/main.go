// Command rotator gives the database's users new passwords. Secrets Manager invokes it once for each of its four
// steps: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"scheduled-messages/lambda/internal/jsonlog"
	"scheduled-messages/lambda/internal/tlsroots"
)

func main() {
	tlsroots.Load()
	log := jsonlog.New(os.Stdout)
	r, err := newRotator(os.Getenv, log)
	if err != nil {
		log.Error("not configured", "error", err.Error())
		os.Exit(1)
	}
	lambda.Start(r.handle)
}
