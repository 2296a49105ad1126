package database

import (
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"scheduled-messages/infra/foundation"
	"scheduled-messages/infra/network"
	"scheduled-messages/lambda/contract"
)

// userRows are the database's users: another one is a row.
var userRows = []struct {
	user, logical, description string
	variable                   string // of the migrator and the rotator, with the secret's ARN
	secret                     func(*Database) **foundation.Secret
}{
	{adminUser, "admin", "Master user of the cluster", contract.EnvDBAdminSecretARN, func(d *Database) **foundation.Secret { return &d.Admin }},
	{AppUser, "app", "Application user: the updater's", contract.EnvDBSecretARN, func(d *Database) **foundation.Secret { return &d.App }},
	{readUser, "reader", "Reading user: status's", contract.EnvDBReaderSecretARN, func(d *Database) **foundation.Secret { return &d.Reader }},
}

// User is a user of the database.
type User struct {
	Name     string
	Secret   *foundation.Secret
	logical  string // of the resources that it has elsewhere
	variable string
}

// newPasswords makes the users' first passwords, by their logical names: the cluster is made with one of them.
func newPasswords(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) (map[string]*foundation.Password, error) {
	passwords := map[string]*foundation.Password{}
	for _, row := range userRows {
		password, err := foundation.NewPassword(ctx, name+"-"+row.logical, opts...)
		if err != nil {
			return nil, err
		}
		passwords[row.logical] = password
	}
	return passwords, nil
}

// newUsers makes the users' secrets. The users themselves are the migrator's.
func (d *Database) newUsers(ctx *pulumi.Context, f *foundation.Foundation, passwords map[string]*foundation.Password) error {
	for _, row := range userRows {
		password := passwords[row.logical]
		secret, err := foundation.NewSecret(ctx, &foundation.SecretArgs{
			Foundation:  f,
			Description: row.description,
			Password:    password,
			Value:       databaseSecret(row.user, password.Result, d.Endpoint, d.name),
		})
		if err != nil {
			return err
		}
		*row.secret(d) = secret
		d.Users = append(d.Users, User{Name: row.user, Secret: secret, logical: row.logical, variable: row.variable})
	}
	return nil
}

// Secrets are all users'.
func (d *Database) Secrets() (all []*foundation.Secret) {
	for _, user := range d.Users {
		all = append(all, user.Secret)
	}
	return all
}

// SecretARNs are all users'.
func (d *Database) SecretARNs() (all []pulumi.StringInput) {
	for _, user := range d.Users {
		all = append(all, user.Secret.ARN)
	}
	return all
}

// Environment is the variables of a function that connects to the database at a host, and more of them.
func (d *Database) Environment(host pulumi.StringInput, more pulumi.StringMap) pulumi.StringMap {
	all := pulumi.StringMap{
		contract.EnvDBHost: host,
		contract.EnvDBPort: pulumi.String(strconv.Itoa(network.MySQLPort)),
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
	for _, user := range d.Users {
		secrets[user.variable] = user.Secret.ARN
	}
	return d.Environment(d.Endpoint, secrets)
}

// databaseSecret is the value of a database user's secret.
func databaseSecret(username string, password, host pulumi.StringInput, name string) pulumi.StringOutput {
	return pulumi.JSONMarshal(pulumi.All(password, host).ApplyT(func(v []any) contract.DatabaseSecret {
		return contract.DatabaseSecret{
			Username: username, Password: v[0].(string), Engine: "mysql", Host: v[1].(string), Port: network.MySQLPort, DBName: name,
		}
	}))
}
