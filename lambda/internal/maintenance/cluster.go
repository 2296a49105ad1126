// Package maintenance is for the functions that work on the cluster itself, past RDS Proxy, as its master user.
package maintenance

import (
	"crypto/tls"
	"errors"
	"fmt"
	"regexp"

	"scheduled-messages/lambda/internal/database"
	"scheduled-messages/lambda/internal/rdsca"
	"scheduled-messages/lambda/message"
)

// Cluster is the cluster's writer, and where its users' passwords are.
type Cluster struct {
	Server   database.Server
	AdminARN string // the master user's secret
	AppARN   string // the application user's
	Secrets  database.Secrets
	Trust    *tls.Config
}

// FromEnv reads the environment. Its error names every variable that is missing or wrong.
func FromEnv(getenv func(string) string, secrets database.Secrets) (*Cluster, error) {
	server, wrong := database.ServerFromEnv(getenv)
	roots, err := rdsca.Roots()
	problems := []error{wrong, err}
	c := &Cluster{
		Server: server, Secrets: secrets, Trust: &tls.Config{RootCAs: roots},
		AdminARN: getenv(message.EnvDBAdminSecretARN), AppARN: getenv(message.EnvDBSecretARN),
	}
	// What Aurora takes as a cluster's database name, and what needs no quoting. CreateDBCluster, DatabaseName.
	if server.Name != "" && !regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`).MatchString(server.Name) {
		problems = append(problems, fmt.Errorf("%s is %q, want up to 64 letters, digits and underscores, a letter first",
			message.EnvDBName, server.Name))
	}
	for name, value := range map[string]string{message.EnvDBAdminSecretARN: c.AdminARN, message.EnvDBSecretARN: c.AppARN} {
		if value == "" {
			problems = append(problems, fmt.Errorf("%s is not set", name))
		}
	}
	return c, errors.Join(problems...)
}
