// Command migrator is deployed as a Lambda function. `pulumi up` invokes it to lay down the database's tables and to
// make the application's user.
package main

import (
	"crypto/tls"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"scheduled-messages/lambda/internal/rdsca"
	"scheduled-messages/lambda/internal/secret"
	"scheduled-messages/lambda/migrator/migrations"
)

func main() {
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil))
	m, err := newMigrator(os.Getenv, secret.NewClient(os.Getenv), migrations.Files(), log)
	if err != nil {
		log.Error("cannot start", "error", err.Error())
		os.Exit(1)
	}
	roots, err := rdsca.Roots()
	if err != nil {
		log.Error("cannot start", "error", err.Error())
		os.Exit(1)
	}
	m.trust = &tls.Config{RootCAs: roots}
	lambda.Start(m.handle)
}
