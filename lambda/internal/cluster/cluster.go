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
	settings, wrong := mysql.ReadSettings(getenv, contract.EnvDBAdminSecretARN, contract.EnvDBSecretARN)
	roots, err := tlsroots.Roots()
	c := &Cluster{
		Server:   settings.Server,
		AdminARN: settings.AdminSecretARN,
		Users:    []User{{settings.AppSecretARN, dbuser.App()}},
		Shared:   settings.Shared,
		Secrets:  secrets,
		Trust:    &tls.Config{RootCAs: roots},
	}
	if settings.ReaderSecretARN != "" {
		c.Users = append(c.Users, User{settings.ReaderSecretARN, dbuser.Reader()})
	}
	var problem error
	// What Aurora takes as a cluster's database name, and what needs no quoting. CreateDBCluster, DatabaseName.
	if name := settings.Server.Name; name != "" && !regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`).MatchString(name) {
		problem = fmt.Errorf("%s is %q: must be up to 64 letters, digits and underscores, a letter first", contract.EnvDBName, name)
	}
	return c, errors.Join(wrong, err, problem)
}
