package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"testing"

	"github.com/go-sql-driver/mysql"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/mysqlserver"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/jsonlog"
	"scheduled-messages/lambda/migrator/migrations"
)

const (
	adminARN = "arn:aws:secretsmanager:us-east-1:000000000000:secret:admin-AbCdEf"
	appARN   = "arn:aws:secretsmanager:us-east-1:000000000000:secret:app-AbCdEf"
	appPass  = "Unmistakable-1"
)

// users are the secrets with their users' names.
var users = map[string]string{adminARN: mysqltest.AdminUser, appARN: "app"}

// cloud is a database and the secrets of its users.
type cloud struct {
	server  *mysqltest.Server
	vault   *lambdaruntime.SecretsManager
	printed *lambdaruntime.Output
	tokens  int
}

// start makes the database as the migrator leaves it.
func start(t testing.TB, options ...mysqltest.Option) *cloud {
	t.Helper()
	vault, err := lambdaruntime.ListenSecretsManager()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { vault.Close() })
	c := &cloud{server: mysqltest.Start(t, options...), vault: vault, printed: &lambdaruntime.Output{}}
	c.server.Migrated(t, "messages", migrations.Files()).Close()
	c.server.CreateUser(t, "app", appPass, "SELECT, INSERT, UPDATE ON messages.messages")
	c.put(adminARN, mysqltest.AdminPassword)
	c.put(appARN, appPass)
	return c
}

// eachKind runs a test on a server of each kind.
func eachKind(t *testing.T, test func(*testing.T, *cloud)) {
	eachReal(t, test)
	t.Run("embedded", func(t *testing.T) { test(t, start(t, mysqltest.Embedded())) })
}

// eachReal runs a test on a MySQL and on a MariaDB.
func eachReal(t *testing.T, test func(*testing.T, *cloud), options ...mysqltest.Option) {
	for _, kind := range []mysqlserver.Kind{mysqlserver.MySQL, mysqlserver.MariaDB} {
		t.Run(string(kind), func(t *testing.T) { test(t, start(t, append(options, mysqltest.On(kind))...)) })
	}
}

// put makes a secret anew as the program does.
func (c *cloud) put(arn, password string) {
	c.vault.Put(arn, secretJSON(users[arn], password), contract.StageFirst)
}

// secretJSON is a value as the program writes it, with a key that somebody added.
func secretJSON(user, password string) string {
	return fmt.Sprintf(`{"username":%q,"password":%q,"engine":"mysql","host":"cluster","port":3306,"dbname":"messages","team":{"n":1.50}}`, user, password)
}

func (c *cloud) environment() map[string]string {
	return map[string]string{
		contract.EnvDBHost: c.server.Host, contract.EnvDBPort: strconv.Itoa(c.server.Port), contract.EnvDBName: "messages",
		contract.EnvDBSecretARN: appARN, contract.EnvDBAdminSecretARN: adminARN,
		"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_ENDPOINT_URL": c.vault.URL(),
	}
}

// rotator is one in this process.
func (c *cloud) rotator(t testing.TB) *rotator {
	t.Helper()
	variables := c.environment()
	r, err := newRotator(func(name string) string { return variables[name] }, jsonlog.New(c.printed))
	if err != nil {
		t.Fatal(err)
	}
	r.cluster.Trust = &tls.Config{RootCAs: c.server.Roots}
	return r
}

// handler makes the handler the function of a rotation.
func handler(ctx context.Context, r *rotator) func([]byte) error {
	return func(text []byte) error {
		var e event
		if err := json.Unmarshal(text, &e); err != nil {
			return err
		}
		return r.handle(ctx, e)
	}
}

// token is the id of another version.
func (c *cloud) token() string {
	c.tokens++
	return fmt.Sprintf("00000000-0000-0000-0000-%012d", c.tokens)
}

// pend begins a rotation as Secrets Manager does and takes the given steps of it.
func (c *cloud) pend(t testing.TB, r *rotator, arn string, steps ...string) (token string) {
	t.Helper()
	token = c.token()
	stop := errors.New("no step yet")
	if err := c.vault.Rotate(arn, token, func([]byte) error { return stop }); !errors.Is(err, stop) {
		t.Fatal(err)
	}
	for _, step := range steps {
		if err := handler(t.Context(), r)(lambdaruntime.StepEvent(arn, token, step)); err != nil {
			t.Fatal(err)
		}
	}
	return token
}

// password is the one that a label stands for, or "".
func (c *cloud) password(t testing.TB, arn, label string) string {
	t.Helper()
	value, _ := c.vault.Label(arn, label)
	if value == "" {
		return ""
	}
	var secret contract.DatabaseSecret
	if err := json.Unmarshal([]byte(value), &secret); err != nil {
		t.Fatal(err)
	}
	return secret.Password
}

// accepts tells whether the server takes a user's password.
func (c *cloud) accepts(t testing.TB, user, password string) bool {
	t.Helper()
	db := c.server.Open(t, user, password, "messages")
	defer db.Close()
	err := db.Ping()
	if refused, ok := errors.AsType[*mysql.MySQLError](err); ok && refused.Number == 1045 {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	return true
}

// checkRotated sees whether the current version is the token's, whether the server takes its password, and whether it
// refuses the one of before.
func (c *cloud) checkRotated(t testing.TB, arn, token, before string) {
	t.Helper()
	if _, id := c.vault.Label(arn, contract.StageCurrent); id != token {
		t.Errorf("the current version is %q, want %q", id, token)
	}
	if _, id := c.vault.Label(arn, contract.StagePending); id != token && id != "" {
		t.Errorf("version %q is left pending", id)
	}
	now := c.password(t, arn, contract.StageCurrent)
	if now == before || !c.accepts(t, users[arn], now) {
		t.Errorf("the server does not take the current password of %s, or it is the one of before", users[arn])
	}
	if c.accepts(t, users[arn], before) {
		t.Errorf("the server takes the password of before of %s", users[arn])
	}
	if got := c.password(t, arn, contract.StagePrevious); got != before {
		t.Errorf("the previous version is not the one of before")
	}
}
