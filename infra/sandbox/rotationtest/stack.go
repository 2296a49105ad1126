// Package rotationtest is a database, the secrets of its users and what rotates them, for tests.
package rotationtest

import (
	"errors"
	"fmt"
	"testing"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqlserver"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

// Users are the secrets that are rotated, with their users' names.
func Users() map[string]string {
	return map[string]string{lambdatest.AdminSecretARN: mysqltest.AdminUser, lambdatest.AppSecretARN: lambdatest.AppUser}
}

// Stack is a database and the secrets of its users.
type Stack struct {
	Server  *mysqltest.Server
	Secrets *lambdaruntime.SecretsManager
	Printed *lambdatest.Output // by functions in this process

	tokens int
}

// Start makes the database as the migrator leaves it.
func Start(t testing.TB, options ...mysqltest.Option) *Stack {
	t.Helper()
	secrets, err := lambdaruntime.ListenSecretsManager()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = secrets.Close() })
	c := &Stack{Server: lambdatest.Prepare(t, mysqltest.Start(t, options...)), Secrets: secrets, Printed: &lambdatest.Output{}}
	c.Put(lambdatest.AdminSecretARN, mysqltest.AdminPassword)
	c.Put(lambdatest.AppSecretARN, lambdatest.AppPassword)
	return c
}

// EachKind runs a test on a server of each kind.
func EachKind(t *testing.T, test func(*testing.T, *Stack)) {
	t.Helper()
	EachReal(t, test)
	t.Run("embedded", func(t *testing.T) { test(t, Start(t, mysqltest.Embedded())) })
}

// EachReal runs a test on a MySQL and on a MariaDB.
func EachReal(t *testing.T, test func(*testing.T, *Stack), options ...mysqltest.Option) {
	t.Helper()
	for _, kind := range []mysqlserver.Kind{mysqlserver.MySQL, mysqlserver.MariaDB} {
		t.Run(string(kind), func(t *testing.T) { test(t, Start(t, append(options, mysqltest.On(kind))...)) })
	}
}

// Put makes a secret again as the program does.
func (c *Stack) Put(arn, password string) {
	c.Secrets.Put(arn, SecretJSON(Users()[arn], password), contract.StageFirst)
}

// SecretJSON is a value as the program writes it, with a key that was added by hand.
func SecretJSON(user, password string) string {
	return fmt.Sprintf(`{"username":%q,"password":%q,"engine":"mysql","host":"cluster","port":3306,"dbname":"messages",`+
		`"team":{"n":1.50}}`, user, password)
}

// Environment is the rotator's.
func (c *Stack) Environment() lambdatest.Environment {
	return lambdatest.DatabaseEnvironment(c.Server,
		contract.EnvDBSecretARN, lambdatest.AppSecretARN, contract.EnvDBAdminSecretARN, lambdatest.AdminSecretARN,
		"AWS_ACCESS_KEY_ID", "test", "AWS_SECRET_ACCESS_KEY", "test", "AWS_ENDPOINT_URL", c.Secrets.URL())
}

// Begin begins a rotation as Secrets Manager does, and takes no step of it.
func (c *Stack) Begin(t testing.TB, arn string) (token string) {
	t.Helper()
	token = c.Token()
	stop := errors.New("no step yet")
	if err := c.Secrets.Rotate(arn, token, func([]byte) error { return stop }); !errors.Is(err, stop) {
		t.Fatal(err)
	}
	return token
}

// Token is the id of another version.
func (c *Stack) Token() string {
	c.tokens++
	return fmt.Sprintf("00000000-0000-0000-0000-%012d", c.tokens)
}
