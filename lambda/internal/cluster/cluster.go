// Package cluster is for the functions that work on the cluster itself, past RDS Proxy, as its master user.
package cluster

import (
	"crypto/tls"
	"errors"
	"fmt"
	"regexp"

	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/dbuser"
	"scheduled-messages/lambda/internal/mysql"
	"scheduled-messages/lambda/internal/tlsroots"
)

// Cluster is the cluster's writer, and where its users' passwords are.
type Cluster struct {
	Server   mysql.Server
	AdminARN string // the master user's secret
	Users    []User // the others
	Shared   bool   // the server is not the stack's own and holds more than the stack's database
	Secrets  mysql.Secrets
	Trust    *tls.Config
}

// User is a user that the migrator makes.
type User struct {
	ARN  string // its secret
	Role dbuser.Role
}

// FromEnv reads the environment. Its error names every variable that is missing or wrong.
func FromEnv(getenv func(string) string, secrets mysql.Secrets) (*Cluster, error) {
	server, wrong := mysql.ServerFromEnv(getenv)
	roots, err := tlsroots.Roots()
	problems := []error{wrong, err}
	c := &Cluster{
		Server: server, Secrets: secrets, Trust: &tls.Config{RootCAs: roots},
		AdminARN: getenv(contract.EnvDBAdminSecretARN), Users: []User{{getenv(contract.EnvDBSecretARN), dbuser.App()}},
	}
	if c.Shared, wrong = shared(getenv); wrong != nil {
		problems = append(problems, wrong)
	}
	if arn := getenv(contract.EnvDBReaderSecretARN); arn != "" {
		c.Users = append(c.Users, User{arn, dbuser.Reader()})
	}
	// What Aurora takes as a cluster's database name, and what needs no quoting. CreateDBCluster, DatabaseName.
	if server.Name != "" && !regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`).MatchString(server.Name) {
		problems = append(problems, fmt.Errorf("%s is %q, want up to 64 letters, digits and underscores, a letter first",
			contract.EnvDBName, server.Name))
	}
	for _, name := range []string{contract.EnvDBAdminSecretARN, contract.EnvDBSecretARN} {
		if getenv(name) == "" {
			problems = append(problems, fmt.Errorf("%s is not set", name))
		}
	}
	return c, errors.Join(problems...)
}
