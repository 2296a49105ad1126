package infra

import (
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/lambda/contract"
)

// dbUser is a user of the database.
type dbUser struct {
	name     string
	secret   *Secret
	variable string // of the migrator and the rotator, with the secret's ARN
	logical  string // of the resources that it has elsewhere
}

// users are all of the database's.
func (d *Database) users() []dbUser {
	return []dbUser{
		{adminUser, d.Admin, contract.EnvDBAdminSecretARN, "admin"},
		{appUser, d.App, contract.EnvDBSecretARN, "app"},
		{readUser, d.Reader, contract.EnvDBReaderSecretARN, "reader"},
	}
}

// secrets are all users'.
func (d *Database) secrets() (all []*Secret) {
	for _, user := range d.users() {
		all = append(all, user.secret)
	}
	return all
}

// environment is the variables of a function that connects to the database at a host, and more of them.
func (d *Database) environment(host pulumi.StringInput, more pulumi.StringMap) pulumi.StringMap {
	all := pulumi.StringMap{
		contract.EnvDBHost: host,
		contract.EnvDBPort: pulumi.String(strconv.Itoa(mysqlPort)),
		contract.EnvDBName: pulumi.String(d.name),
	}
	for name, value := range more {
		all[name] = value
	}
	return all
}

// maintenance is the variables of a function that makes the users or gives them new passwords. It goes to the cluster
// itself: the proxy knows the current passwords only, and no master user.
func (d *Database) maintenance() pulumi.StringMap {
	secrets := pulumi.StringMap{}
	for _, user := range d.users() {
		secrets[user.variable] = user.secret.ARN
	}
	return d.environment(d.Endpoint, secrets)
}
