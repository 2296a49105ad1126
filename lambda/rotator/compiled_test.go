package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/rotationtest"
	"scheduled-messages/lambda/contract"
)

// functions are compiled rotators under a Runtime API.
type functions struct {
	*lambdatest.Cloud
	rotator string // the binary
	printed *lambdatest.Output
}

func deploy(t testing.TB) *functions {
	t.Helper()
	return &functions{lambdatest.StartCloud(t), lambdatest.Build(t, "."), &lambdatest.Output{}}
}

// start runs the rotator, with some of the environment changed.
func (f *functions) start(t testing.TB, c *rotationtest.Stack, changed ...string) *lambdaruntime.Process {
	t.Helper()
	return f.Run(t, f.rotator, c.Environment().With(changed...), f.printed)
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
	rotationtest.EachKind(t, func(t *testing.T, c *rotationtest.Stack) {
		f := deploy(t)
		p := f.start(t, c)
		for range 2 {
			for arn := range users {
				before, token := c.Password(t, arn, contract.StageCurrent), c.Token()
				if err := c.Secrets.Rotate(arn, token, f.step(p)); err != nil {
					t.Fatal(err)
				}
				c.CheckRotated(t, arn, token, before)
			}
		}
		if !strings.Contains(f.printed.String(), `"`+contract.LogRequestID+`":`) {
			t.Error("no line names its invocation")
		}
		c.CheckLog(t, f.printed.String(), lambdatest.AdminSecretARN, lambdatest.AppSecretARN)
	})
}

func TestTheCompiledRotatorDoesNotStartWithoutItsEnvironment(t *testing.T) {
	rotationtest.EachKind(t, func(t *testing.T, c *rotationtest.Stack) {
		f := deploy(t)
		p := f.start(t, c, contract.EnvDBHost, "", contract.EnvDBAdminSecretARN, "", contract.EnvDBSecretARN, "")
		if err := f.step(p)(lambdaruntime.StepEvent(lambdatest.AppSecretARN, "t", "createSecret")); err == nil || !strings.Contains(err.Error(), "Runtime.ExitError") {
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
	rotationtest.EachKind(t, func(t *testing.T, c *rotationtest.Stack) {
		f := deploy(t)
		token := pend(t, c, inProcess(t, c), lambdatest.AppSecretARN, "createSecret")
		c.Server.Stop(t)
		p := f.start(t, c)
		answer, err := p.Invoke(t.Context(), lambdaruntime.StepEvent(lambdatest.AppSecretARN, token, "setSecret"), margin+time.Second)
		if err != nil || answer.Error == nil || !strings.Contains(answer.Error.Message, "security group") {
			t.Errorf("got %v, %v", answer.Error, err)
		}
	})
}

func TestTheBinaryHoldsOneServiceOfTheSDKAndNoServerForTests(t *testing.T) {
	lambdatest.HoldsOneSDK(t, "secretsmanager")
	lambdatest.HoldsNone(t, "aws-sdk-go-v2/config", "dolthub", "goose", "pulumi", "testing", "lambdaruntime", "net/rpc")
}
