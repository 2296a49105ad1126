package main

import (
	"strings"
	"testing"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/infra/sandbox/rotationtest"
)

func TestSettingRotationUpTestsThePathToTheDatabase(t *testing.T) {
	c := rotationtest.Start(t, mysqltest.Embedded())
	r := inProcess(t, c)
	pend(t, c, r, lambdatest.AppSecretARN, "testSecret") // as Secrets Manager runs it alone, on a version without a value
	c.Put(lambdatest.AppSecretARN, "not-the-databases")
	token := pend(t, c, r, lambdatest.AppSecretARN)
	err := invoke(t.Context(), r)(lambdaruntime.StepEvent(lambdatest.AppSecretARN, token, "testSecret"))
	if err == nil || !strings.Contains(err.Error(), "1045") {
		t.Errorf("got %v with a password that the server does not know", err)
	}
}

func TestWithoutAStepTheCurrentPasswordsAreTried(t *testing.T) {
	c := rotationtest.Start(t, mysqltest.Embedded())
	r := inProcess(t, c)
	ask := func() error { return invoke(t.Context(), r)([]byte("{}")) }
	if err := ask(); err != nil {
		t.Errorf("got %v", err)
	}
	pend(t, c, r, lambdatest.AppSecretARN, "createSecret", "setSecret")
	if err := ask(); err != nil {
		t.Errorf("in the window: got %v", err)
	}
	c.Put(lambdatest.AppSecretARN, "Unmistakable-5")
	if err := ask(); err == nil || !strings.Contains(err.Error(), "1045") || !strings.Contains(err.Error(), lambdatest.AppSecretARN) ||
		strings.Contains(err.Error(), lambdatest.AdminSecretARN) || strings.Contains(err.Error(), "Unmistakable") {
		t.Errorf("got %v with a secret that the server does not know", err)
	}
}
