package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/lambda/contract"
)

// functions are compiled functions under a Runtime API.
type functions struct {
	api     *lambdaruntime.API
	rotator string // the binary
	printed *lambdaruntime.Output
}

func deploy(t testing.TB) *functions {
	t.Helper()
	api, err := lambdaruntime.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { api.Close() })
	binary := lambdatest.Build(t, ".")
	return &functions{api, binary, &lambdaruntime.Output{}}
}

// start runs the rotator, with some of the environment changed.
func (f *functions) start(t testing.TB, c *cloud, changed map[string]string) *lambdaruntime.Process {
	t.Helper()
	variables := c.environment()
	variables["SSL_CERT_FILE"] = c.server.CAFile
	for name, value := range changed {
		variables[name] = value
	}
	var environ []string
	for name, value := range variables {
		if name != "AWS_REGION" { // which Lambda gives
			environ = append(environ, name+"="+value)
		}
	}
	p, err := f.api.Start(f.rotator, environ, f.printed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return p
}

// step makes a process the function of a rotation.
func (f *functions) step(p *lambdaruntime.Process) func(event []byte) error {
	return func(event []byte) error {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
		defer cancel()
		answer, err := p.Invoke(ctx, event, time.Minute)
		if err != nil {
			return err
		}
		if answer.Error != nil {
			return answer.Error
		}
		return nil
	}
}

func TestTheCompiledRotatorRotates(t *testing.T) {
	eachKind(t, func(t *testing.T, c *cloud) {
		f := deploy(t)
		p := f.start(t, c, nil)
		for range 2 {
			for arn := range users {
				before, token := c.password(t, arn, contract.StageCurrent), c.token()
				if err := c.vault.Rotate(arn, token, f.step(p)); err != nil {
					t.Fatal(err)
				}
				c.checkRotated(t, arn, token, before)
			}
		}
		if !strings.Contains(f.printed.String(), `"requestId":`) {
			t.Error("no line names its invocation")
		}
		checkLog(t, c, f.printed.String(), adminARN, appARN)
	})
}

func TestTheCompiledRotatorDoesNotStartWithoutItsEnvironment(t *testing.T) {
	eachKind(t, func(t *testing.T, c *cloud) {
		f := deploy(t)
		p := f.start(t, c, map[string]string{contract.EnvDBHost: "", contract.EnvDBAdminSecretARN: "", contract.EnvDBSecretARN: ""})
		if err := f.step(p)(lambdaruntime.StepEvent(appARN, "t", "createSecret")); err == nil || !strings.Contains(err.Error(), "Runtime.ExitError") {
			t.Errorf("got %v", err)
		}
		for _, name := range []string{contract.EnvDBHost, contract.EnvDBAdminSecretARN, contract.EnvDBSecretARN} {
			if !strings.Contains(f.printed.String(), name) {
				t.Errorf("%s is not named", name)
			}
		}
	})
}

func TestAServerThatDoesNotAnswerIsAnErrorBeforeTheTimeout(t *testing.T) {
	eachKind(t, func(t *testing.T, c *cloud) {
		f := deploy(t)
		token := c.pend(t, c.rotator(t), appARN, "createSecret")
		c.server.Stop(t)
		p := f.start(t, c, nil)
		answer, err := p.Invoke(t.Context(), lambdaruntime.StepEvent(appARN, token, "setSecret"), margin+time.Second)
		if err != nil || answer.Error == nil || !strings.Contains(answer.Error.Message, "security group") {
			t.Errorf("got %v, %v", answer.Error, err)
		}
	})
}
