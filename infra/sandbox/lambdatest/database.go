package lambdatest

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/migrator/migrations"
)

// The database of the functions' tests, its users and their secrets.
const (
	Database       = "messages"
	AppUser        = "app"
	AppPassword    = "Unmistakable_of:app~1"
	ReaderUser     = "reader"
	ReaderPassword = "Unmistakable_of:reader~1"

	AdminSecretARN  = "arn:aws:secretsmanager:us-east-1:000000000000:secret:admin-AbCdEf"
	AppSecretARN    = "arn:aws:secretsmanager:us-east-1:000000000000:secret:app-AbCdEf"
	ReaderSecretARN = "arn:aws:secretsmanager:us-east-1:000000000000:secret:reader-AbCdEf"
)

// Prepare makes the table as the migrator does, and the users with their privileges.
func Prepare(t testing.TB, s *mysqltest.Server) *mysqltest.Server {
	t.Helper()
	s.Migrated(t, Database, migrations.Files()).Close()
	s.CreateUser(t, AppUser, AppPassword, "SELECT, INSERT, UPDATE ON "+Database+".messages")
	s.CreateUser(t, ReaderUser, ReaderPassword, "SELECT ON "+Database+".messages")
	return s
}

// EachPrepared runs a test on each variant of a server, with the table and its users.
func EachPrepared(t *testing.T, test func(*testing.T, *mysqltest.Server)) {
	t.Helper()
	mysqltest.Each(t, func(t *testing.T, s *mysqltest.Server) { test(t, Prepare(t, s)) })
}

// OpenAdmin opens a pool on the database as the master user.
func OpenAdmin(t testing.TB, s *mysqltest.Server) *sql.DB {
	t.Helper()
	return s.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, Database)
}

// OpenApp opens a pool on the database as the application's user.
func OpenApp(t testing.TB, s *mysqltest.Server) *sql.DB {
	t.Helper()
	return s.Open(t, AppUser, AppPassword, Database)
}

// Secrets are the secrets of database users, by ARN, as a function reads them.
type Secrets map[string]contract.DatabaseSecret

// NewSecrets are those of the master user and of the users that Prepare makes.
func NewSecrets() Secrets {
	return Secrets{
		AdminSecretARN:  {Username: mysqltest.AdminUser, Password: mysqltest.AdminPassword},
		AppSecretARN:    {Username: AppUser, Password: AppPassword},
		ReaderSecretARN: {Username: ReaderUser, Password: ReaderPassword},
	}
}

// Get reads a secret as the extension's client does.
func (s Secrets) Get(_ context.Context, arn string, into any) error {
	value, ok := s[arn]
	if !ok {
		return fmt.Errorf("secret %s: there is none", arn)
	}
	*into.(*contract.DatabaseSecret) = value
	return nil
}

// FailingSecrets fails to read any secret, and keeps the deadline that it was given.
type FailingSecrets struct {
	Err      error
	Deadline time.Time
}

// Get fails.
func (f *FailingSecrets) Get(ctx context.Context, _ string, _ any) error {
	f.Deadline, _ = ctx.Deadline()
	return f.Err
}

// SecretJSON is the value of a database user's secret.
func SecretJSON(user, password string) string {
	value, err := json.Marshal(contract.DatabaseSecret{Username: user, Password: password, Engine: "mysql"})
	if err != nil {
		return err.Error()
	}
	return string(value)
}
