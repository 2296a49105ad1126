// Command migrator lays down the database's tables and makes the application's users. `pulumi up` invokes it, with any
// event, when the migrations, the users' privileges or the secrets have changed.
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"scheduled-messages/lambda/internal/jsonlog"
	"scheduled-messages/lambda/internal/secret"
	"scheduled-messages/lambda/migrator/migrations"
)

func main() {
	log := jsonlog.New(os.Stdout)
	m, err := newMigrator(os.Getenv, secret.NewClient(os.Getenv), migrations.Files(), log)
	if err != nil {
		log.Error("not configured", "error", err.Error())
		os.Exit(1)
	}
	lambda.Start(m.invoke)
}
