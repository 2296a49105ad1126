package main

import (
	"context"
	"crypto/tls"
	"strings"
	"sync"
	"testing"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/infra/sandbox/rotationtest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/jsonlog"
)

// users are the secrets that are rotated, with their users' names.
var users = rotationtest.Users()

// inProcess is a rotator in this process.
func inProcess(t testing.TB, c *rotationtest.Stack) *handler {
	t.Helper()
	h, err := newHandler(c.Environment().With("AWS_REGION", "us-east-1").Getenv, jsonlog.New(c.Printed))
	if err != nil {
		t.Fatal(err)
	}
	h.cluster.Trust = &tls.Config{RootCAs: c.Server.Roots}
	return h
}

// invoke makes the handler the function of a rotation.
func invoke(ctx context.Context, h *handler) func([]byte) error {
	return func(event []byte) error {
		_, err := h.Invoke(ctx, event)
		return err
	}
}

// pend begins a rotation as Secrets Manager does and takes the given steps of it.
func pend(t testing.TB, c *rotationtest.Stack, h *handler, arn string, steps ...string) (token string) {
	t.Helper()
	token = c.Begin(t, arn)
	for _, step := range steps {
		if err := invoke(t.Context(), h)(lambdaruntime.StepEvent(arn, token, step)); err != nil {
			t.Fatal(err)
		}
	}
	return token
}

func TestARotationLeavesOneWorkingPasswordWhichIsTheCurrentOne(t *testing.T) {
	mysqltest.Variants(t, func(t *testing.T, options ...mysqltest.Option) {
		c := rotationtest.Start(t, options...)
		for range 3 {
			for arn := range users {
				before, token := c.Password(t, arn, contract.StageCurrent), c.Token()
				if err := c.Secrets.Rotate(arn, token, invoke(t.Context(), inProcess(t, c))); err != nil {
					t.Fatal(err)
				}
				c.CheckRotated(t, arn, token, before)
			}
		}
		if got := c.Password(t, lambdatest.AppSecretARN, contract.StageFirst); got != lambdatest.AppPassword {
			t.Error("the version of the program was touched")
		}
		c.CheckLog(t, c.Printed.String(), lambdatest.AdminSecretARN, lambdatest.AppSecretARN)
	})
}

func TestANewVersionDiffersInItsPasswordOnly(t *testing.T) {
	c := rotationtest.Start(t, mysqltest.Embedded())
	if err := c.Secrets.Rotate(lambdatest.AppSecretARN, c.Token(), invoke(t.Context(), inProcess(t, c))); err != nil {
		t.Fatal(err)
	}
	got, _ := c.Secrets.Label(lambdatest.AppSecretARN, contract.StageCurrent)
	password := c.Password(t, lambdatest.AppSecretARN, contract.StageCurrent)
	for _, part := range []string{`"username":"app"`, `"host":"cluster"`, `"port":3306`, `"dbname":"messages"`, `"team":{"n":1.50}`} {
		if !strings.Contains(got, part) {
			t.Errorf("%s was not kept", part)
		}
	}
	if len(got) != len(rotationtest.SecretJSON("app", password)) {
		t.Errorf("got %s", got)
	}
}

func TestEveryStepMayBeTakenAgain(t *testing.T) {
	for arn, user := range users {
		t.Run(user, func(t *testing.T) {
			rotationtest.EachKind(t, func(t *testing.T, c *rotationtest.Stack) {
				before, token, r := c.Password(t, arn, contract.StageCurrent), c.Token(), inProcess(t, c)
				take := invoke(t.Context(), r)
				err := c.Secrets.Rotate(arn, token, func(event []byte) error {
					for range 2 {
						if err := take(event); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				for _, step := range rotationtest.Steps { // late repetitions
					if err := take(lambdaruntime.StepEvent(arn, token, step)); err != nil {
						t.Errorf("%s: %v", step, err)
					}
				}
				c.CheckRotated(t, arn, token, before)
			})
		})
	}
}

func TestTwoInvocationsOfAStepAtOnceEndAsOne(t *testing.T) {
	for arn, user := range users {
		t.Run(user, func(t *testing.T) {
			rotationtest.EachKind(t, func(t *testing.T, c *rotationtest.Stack) {
				before, token := c.Password(t, arn, contract.StageCurrent), c.Token()
				err := c.Secrets.Rotate(arn, token, func(event []byte) error {
					errs := make([]error, 4)
					var group sync.WaitGroup
					for i := range errs {
						take := invoke(t.Context(), inProcess(t, c))
						group.Go(func() { errs[i] = take(event) })
					}
					group.Wait()
					for _, err := range errs {
						if err != nil {
							t.Error(err)
						}
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				c.CheckRotated(t, arn, token, before)
			})
		})
	}
}

func TestWhatIsNotAStepOfARotationIsRefused(t *testing.T) {
	c := rotationtest.Start(t, mysqltest.Embedded())
	r := inProcess(t, c)
	pending := pend(t, c, r, lambdatest.AppSecretARN)
	_, current := c.Secrets.Label(lambdatest.AdminSecretARN, contract.StageCurrent)
	for name, test := range map[string]struct {
		arn, token, step string
		want             string // "": no error
	}{
		"another secret":              {lambdatest.AppSecretARN + "x", pending, "setSecret", "not a secret of this stack"},
		"another step":                {lambdatest.AppSecretARN, pending, "deleteSecret", "unknown step"},
		"a version without a label":   {lambdatest.AppSecretARN, "no-such-version", "setSecret", "not labelled AWSPENDING"},
		"the version that is current": {lambdatest.AdminSecretARN, current, "setSecret", ""},
		"a version without a value":   {lambdatest.AppSecretARN, pending, "setSecret", "the secret has no such value: AWSPENDING"},
		"nothing to make current":     {lambdatest.AppSecretARN, pending, "finishSecret", "the secret has no such value: AWSPENDING"},
	} {
		err := invoke(t.Context(), r)(lambdaruntime.StepEvent(test.arn, test.token, test.step))
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
	c.Secrets.Off = true
	err := invoke(t.Context(), r)(lambdaruntime.StepEvent(lambdatest.AppSecretARN, pending, "createSecret"))
	if err == nil || !strings.Contains(err.Error(), "not switched on") {
		t.Errorf("got %v", err)
	}
	if got, _ := c.Secrets.Label(lambdatest.AppSecretARN, contract.StagePending); got != "" || c.Password(t, lambdatest.AppSecretARN, contract.StageCurrent) != lambdatest.AppPassword {
		t.Error("the secret was written to")
	}
}
