package rotationtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"

	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

// Password is the one that a label stands for, or "".
func (c *Stack) Password(t testing.TB, arn, label string) string {
	t.Helper()
	value, _ := c.Secrets.Label(arn, label)
	if value == "" {
		return ""
	}
	var secret contract.DatabaseSecret
	if err := json.Unmarshal([]byte(value), &secret); err != nil {
		t.Fatal(err)
	}
	return secret.Password
}

// Accepts reports whether the server takes a user's password.
func (c *Stack) Accepts(t testing.TB, user, password string) bool {
	t.Helper()
	db := c.Server.Open(t, user, password, "messages")
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

// CheckRotated asserts that the current version is the token's, that the server accepts its password, and
// that it refuses the previous one.
func (c *Stack) CheckRotated(t testing.TB, arn, token, before string) {
	t.Helper()
	if _, id := c.Secrets.Label(arn, contract.StageCurrent); id != token {
		t.Errorf("the current version is %q, want %q", id, token)
	}
	if _, id := c.Secrets.Label(arn, contract.StagePending); id != token && id != "" {
		t.Errorf("version %q is left pending", id)
	}
	now := c.Password(t, arn, contract.StageCurrent)
	if now == before || !c.Accepts(t, Users()[arn], now) {
		t.Errorf("the server does not take the current password of %s, or it is the one of before", Users()[arn])
	}
	if c.Accepts(t, Users()[arn], before) {
		t.Errorf("the server takes the password of before of %s", Users()[arn])
	}
	if got := c.Password(t, arn, contract.StagePrevious); got != before {
		t.Errorf("the previous version is not the one of before")
	}
}

// Reset gives a user and its secret a password that no rotation has touched.
func (c *Stack) Reset(t testing.TB, arn string) (password string) {
	t.Helper()
	now := c.Password(t, lambdatest.AdminSecretARN, contract.StageCurrent)
	db := c.Server.Open(t, mysqltest.AdminUser, now, "")
	defer db.Close()
	password = "reset-" + c.Token()
	if _, err := db.Exec("ALTER USER ?@'%' IDENTIFIED BY '"+password+"'", Users()[arn]); err != nil {
		t.Fatal(err)
	}
	c.Put(arn, password)
	return password
}

// CheckNotLockedOut asserts that the server accepts a password that a version holds.
func (c *Stack) CheckNotLockedOut(t testing.TB, arn string, point int) {
	t.Helper()
	for _, label := range []string{contract.StageCurrent, contract.StagePending} {
		if password := c.Password(t, arn, label); password != "" && c.Accepts(t, Users()[arn], password) {
			return
		}
	}
	t.Errorf("killed at point %d: no version holds the password of %s", point+1, Users()[arn])
}

// Steps are those of a rotation, in their order.
var Steps = []string{"createSecret", "setSecret", "testSecret", "finishSecret"}

// CheckLog asserts that what was printed is without a password, and has a line on each step for each of the secrets.
func (c *Stack) CheckLog(t testing.TB, printed string, secrets ...string) {
	t.Helper()
	for _, arn := range []string{lambdatest.AdminSecretARN, lambdatest.AppSecretARN} {
		for _, label := range []string{contract.StageCurrent, contract.StagePending, contract.StagePrevious, contract.StageFirst} {
			if password := c.Password(t, arn, label); password != "" && strings.Contains(printed, password) {
				t.Errorf("the password of %s, %s, was printed", Users()[arn], label)
			}
		}
	}
	for _, arn := range secrets {
		for _, step := range Steps {
			want := fmt.Sprintf(`%q:%q,%q:%q,%q:"`, contract.LogStep, step, contract.LogSecret, arn, contract.LogSecretVersion)
			if !strings.Contains(printed, want) {
				t.Errorf("no line has %s", want)
			}
		}
	}
	for line := range strings.Lines(printed) {
		if !json.Valid([]byte(line)) || !strings.Contains(line, `"level":`) {
			t.Errorf("no line of a log: %s", line)
		}
	}
	if strings.Contains(printed, "of-the-rotation") {
		t.Error("the rotation's token was printed")
	}
}
