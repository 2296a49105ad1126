package database

import (
	"strconv"
	"strings"

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
	{adminUser, "admin", "Master user of the cluster", contract.EnvDBAdminSecretARN,
		func(d *Database) **foundation.Secret { return &d.Admin }},
	{AppUser, "app", "Application user: the updater's", contract.EnvDBSecretARN,
		func(d *Database) **foundation.Secret { return &d.App }},
	{readUser, "reader", "Reading user: status's", contract.EnvDBReaderSecretARN,
		func(d *Database) **foundation.Secret { return &d.Reader }},
}

// User is a user of the database.
type User struct {
	Name     pulumi.StringInput
	Secret   *foundation.Secret
	logical  string // of the resources that it has elsewhere
	variable string
}

// AppName is the name of the application's user.
func (d *Database) AppName() pulumi.StringOutput { return d.userName(AppUser) }

// newPasswords makes the users' first passwords, by their logical names: the cluster is made with one of them.
func (d *Database) newPasswords(ctx *pulumi.Context, name string,
	opts ...pulumi.ResourceOption) (map[string]*foundation.Password, error) {
	passwords := map[string]*foundation.Password{}
	for _, row := range userRows {
		if !d.makes(row.user) {
			continue
		}
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
		if !d.makes(row.user) {
			continue
		}
		password, user := passwords[row.logical], d.userName(row.user)
		secret, err := foundation.NewSecret(ctx, &foundation.SecretArgs{
			Foundation:  f,
			Description: row.description,
			Password:    password,
			Value:       databaseSecret(user, password.Result, d.Endpoint, d.Port, d.name),
		})
		if err != nil {
			return err
		}
		*row.secret(d) = secret
		d.Users = append(d.Users, User{Name: user, Secret: secret, logical: row.logical, variable: row.variable})
	}
	return nil
}

// makes reports whether a user is the stack's: the master user of a database that is there is not.
func (d *Database) makes(user string) bool { return d.Own || user != adminUser }

// longestUserName is MySQL's. https://dev.mysql.com/doc/refman/8.4/en/user-names.html
const longestUserName = 32

// userName is a user's name as it is, or on a server that holds others one that no other stack has: the begin and the random
// end of the stack's prefix, and what the user is for, such as scheduled-messages-a1b2c3-app.
func (d *Database) userName(user string) pulumi.StringOutput {
	if d.Own {
		return pulumi.String(user).ToStringOutput()
	}
	return d.foundation.Prefix.ApplyT(func(prefix string) string { return SharedUserName(prefix, user) }).(pulumi.StringOutput)
}

// SharedUserName is the name of a user on a server that holds others, by the stack's prefix.
func SharedUserName(prefix, user string) string {
	cut := max(0, strings.LastIndexByte(prefix, '-')) // what follows is different in two stacks
	begin := strings.TrimRight(prefix[:min(cut, longestUserName-len(prefix[cut:])-len("-"+user))], "-")
	return begin + prefix[cut:] + "-" + user
}

// Secrets are all users'.
func (d *Database) Secrets() (all []*foundation.Secret) {
	for _, user := range d.Users {
		all = append(all, user.Secret)
	}
	return all
}

// RotatedARNs are the secrets of the stack's own users.
func (d *Database) RotatedARNs() (all []pulumi.StringInput) {
	for _, user := range d.Users {
		all = append(all, user.Secret.ARN)
	}
	return all
}

// SecretARNs are the secrets that the functions read.
func (d *Database) SecretARNs() []pulumi.StringInput {
	if d.Own {
		return d.RotatedARNs()
	}
	return append(d.RotatedARNs(), d.AdminARN)
}

// grantAdmin lets a function read the secret of a master user who is not the stack's; the stack's own is among Secrets.
func (d *Database) grantAdmin() []foundation.Statement {
	if d.Own {
		return nil
	}
	return d.foundation.GrantReadForeign(d.foundation.Config.Existing.AdminSecretARN)
}

// Environment is the variables of a function that connects to the database through the proxy, and more of them.
func (d *Database) Environment(proxy pulumi.StringInput, more pulumi.StringMap) pulumi.StringMap {
	return d.environment(proxy, network.MySQLPort, more)
}

func (d *Database) environment(host pulumi.StringInput, port int, more pulumi.StringMap) pulumi.StringMap {
	all := pulumi.StringMap{
		contract.EnvDBHost: host,
		contract.EnvDBPort: pulumi.String(strconv.Itoa(port)),
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
	secrets[contract.EnvDBAdminSecretARN] = d.AdminARN
	if !d.Own {
		secrets[contract.EnvDBShared] = pulumi.String("true")
	}
	return d.environment(d.Endpoint, d.Port, secrets)
}

// databaseSecret is the value of a database user's secret.
func databaseSecret(username, password, host pulumi.StringInput, port int, name string) pulumi.StringOutput {
	return pulumi.JSONMarshal(pulumi.All(username, password, host).ApplyT(func(v []any) contract.DatabaseSecret {
		return contract.DatabaseSecret{
			Username: v[0].(string), Password: v[1].(string), Engine: "mysql", Host: v[2].(string), Port: port, DBName: name,
		}
	}))
}
