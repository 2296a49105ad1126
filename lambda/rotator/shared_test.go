package main

import (
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

func TestTheMasterUserOfASharedServerIsLeftAlone(t *testing.T) {
	eachReal(t, func(t *testing.T, c *cloud) {
		r := c.rotator(t)
		r.cluster.Shared = true
		before := c.password(t, adminARN, contract.StageCurrent)
		token := c.token()
		for _, step := range []string{"createSecret", "setSecret", "testSecret", "finishSecret", "endSessions"} {
			err := handler(t.Context(), r)(lambdaruntime.StepEvent(adminARN, token, step))
			if err == nil || !strings.Contains(err.Error(), "left alone") {
				t.Errorf("%s: got %v", step, err)
			}
		}
		if got := c.password(t, adminARN, contract.StageCurrent); got != before {
			t.Error("the master user's secret has another password")
		}
		if err := c.server.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, "").Ping(); err != nil {
			t.Errorf("the master user: %v", err)
		}
		// The application's user is this stack's, and so is its password.
		app := c.password(t, appARN, contract.StageCurrent)
		if err := c.vault.Rotate(appARN, c.token(), handler(t.Context(), r)); err != nil || c.password(t, appARN, contract.StageCurrent) == app {
			t.Errorf("the application's user was not rotated: %v", err)
		}
		if err := r.handle(t.Context(), event{}); err != nil {
			t.Errorf("logging in with the current passwords: %v", err)
		}
	})
}
