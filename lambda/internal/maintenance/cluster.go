// Package maintenance is for the functions that work on the cluster itself, past RDS Proxy, as its master user.
package maintenance

import (
	"crypto/tls"
	"errors"
	"fmt"
	"regexp"

	"scheduled-messages/lambda/internal/account"
	"scheduled-messages/lambda/internal/database"
	"scheduled-messages/lambda/internal/rdsca"
	"scheduled-messages/lambda/message"
)

// Cluster is the cluster's writer, and where its users' passwords are.
type Cluster struct {
	Server   database.Server
	AdminARN string // the master user's secret
	Users    []User // the others
	Secrets  database.Secrets
	Trust    *tls.Config
}

// User is a user that the migrator makes.
type User struct {
	ARN  string // its secret
	Role account.Role
}

// FromEnv reads the environment. Its error names every variable that is missing or wrong.
func FromEnv(getenv func(string) string, secrets database.Secrets) (*Cluster, error) {
	server, wrong := database.ServerFromEnv(getenv)
	roots, err := rdsca.Roots()
	problems := []error{wrong, err}
	c := &Cluster{
		Server: server, Secrets: secrets, Trust: &tls.Config{RootCAs: roots},
		AdminARN: getenv(message.EnvDBAdminSecretARN), Users: []User{{getenv(message.EnvDBSecretARN), account.App()}},
	}
	if arn := getenv(message.EnvDBReaderSecretARN); arn != "" {
		c.Users = append(c.Users, User{arn, account.Reader()})
	}
	// What Aurora takes as a cluster's database name, and what needs no quoting. CreateDBCluster, DatabaseName.
	if server.Name != "" && !regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`).MatchString(server.Name) {
		problems = append(problems, fmt.Errorf("%s is %q, want up to 64 letters, digits and underscores, a letter first",
			message.EnvDBName, server.Name))
	}
	for _, name := range []string{message.EnvDBAdminSecretARN, message.EnvDBSecretARN} {
		if getenv(name) == "" {
			problems = append(problems, fmt.Errorf("%s is not set", name))
		}
	}
	return c, errors.Join(problems...)
}
