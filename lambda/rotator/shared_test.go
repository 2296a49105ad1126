package main

import (
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/infra/sandbox/rotationtest"
	"scheduled-messages/lambda/contract"
)

func TestTheMasterUserOfASharedServerIsLeftAlone(t *testing.T) {
	rotationtest.EachReal(t, func(t *testing.T, c *rotationtest.Stack) {
		r := inProcess(t, c)
		r.cluster.Shared = true
		before := c.Password(t, lambdatest.AdminSecretARN, contract.StageCurrent)
		token := c.Token()
		for _, step := range []string{"createSecret", "setSecret", "testSecret", "finishSecret", "endSessions"} {
			err := invoke(t.Context(), r)(lambdaruntime.StepEvent(lambdatest.AdminSecretARN, token, step))
			if err == nil || !strings.Contains(err.Error(), "left alone") {
				t.Errorf("%s: got %v", step, err)
			}
		}
		if got := c.Password(t, lambdatest.AdminSecretARN, contract.StageCurrent); got != before {
			t.Error("the master user's secret has another password")
		}
		if err := c.Server.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, "").Ping(); err != nil {
			t.Errorf("the master user: %v", err)
		}
		// The application's user is this stack's, and so is its password.
		app := c.Password(t, lambdatest.AppSecretARN, contract.StageCurrent)
		if err := c.Secrets.Rotate(lambdatest.AppSecretARN, c.Token(), invoke(t.Context(), r)); err != nil || c.Password(t, lambdatest.AppSecretARN, contract.StageCurrent) == app {
			t.Errorf("the application's user was not rotated: %v", err)
		}
		if err := invoke(t.Context(), r)([]byte("{}")); err != nil {
			t.Errorf("logging in with the current passwords: %v", err)
		}
	})
}
