package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

var order = []string{"createSecret", "setSecret", "testSecret", "finishSecret"}

func TestARotationLeavesOneWorkingPasswordWhichIsTheCurrentOne(t *testing.T) {
	mysqltest.Variants(t, func(t *testing.T, options ...mysqltest.Option) {
		c := start(t, options...)
		for range 3 {
			for arn := range users {
				before, token := c.password(t, arn, contract.StageCurrent), c.token()
				if err := c.vault.Rotate(arn, token, handler(t.Context(), c.rotator(t))); err != nil {
					t.Fatal(err)
				}
				c.checkRotated(t, arn, token, before)
			}
		}
		if got := c.password(t, appARN, contract.StageFirst); got != appPass {
			t.Error("the version of the program was touched")
		}
		checkLog(t, c, c.printed.String(), adminARN, appARN)
	})
}

func TestANewVersionDiffersInItsPasswordOnly(t *testing.T) {
	c := start(t, mysqltest.Embedded())
	if err := c.vault.Rotate(appARN, c.token(), handler(t.Context(), c.rotator(t))); err != nil {
		t.Fatal(err)
	}
	got, _ := c.vault.Label(appARN, contract.StageCurrent)
	password := c.password(t, appARN, contract.StageCurrent)
	for _, part := range []string{`"username":"app"`, `"host":"cluster"`, `"port":3306`, `"dbname":"messages"`, `"team":{"n":1.50}`} {
		if !strings.Contains(got, part) {
			t.Errorf("%s was not kept", part)
		}
	}
	if len(got) != len(secretJSON("app", password)) {
		t.Errorf("got %s", got)
	}
}

func TestEveryStepMayBeTakenAgain(t *testing.T) {
	for arn, user := range users {
		t.Run(user, func(t *testing.T) {
			eachKind(t, func(t *testing.T, c *cloud) {
				before, token, r := c.password(t, arn, contract.StageCurrent), c.token(), c.rotator(t)
				take := handler(t.Context(), r)
				err := c.vault.Rotate(arn, token, func(event []byte) error {
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
				for _, step := range order { // late repetitions
					if err := take(lambdaruntime.StepEvent(arn, token, step)); err != nil {
						t.Errorf("%s: %v", step, err)
					}
				}
				c.checkRotated(t, arn, token, before)
			})
		})
	}
}

func TestTwoInvocationsOfAStepAtOnceEndAsOne(t *testing.T) {
	for arn, user := range users {
		t.Run(user, func(t *testing.T) {
			eachKind(t, func(t *testing.T, c *cloud) {
				before, token := c.password(t, arn, contract.StageCurrent), c.token()
				err := c.vault.Rotate(arn, token, func(event []byte) error {
					errs := make([]error, 4)
					var group sync.WaitGroup
					for i := range errs {
						take := handler(t.Context(), c.rotator(t))
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
				c.checkRotated(t, arn, token, before)
			})
		})
	}
}

func TestWhatIsNoStepOfARotationIsRefused(t *testing.T) {
	c := start(t, mysqltest.Embedded())
	r := c.rotator(t)
	pending := c.pend(t, r, appARN)
	_, current := c.vault.Label(adminARN, contract.StageCurrent)
	for name, test := range map[string]struct {
		arn, token, step string
		want             string // "": no error
	}{
		"another secret":              {appARN + "x", pending, "setSecret", "not a secret of this stack"},
		"another step":                {appARN, pending, "deleteSecret", "unknown step"},
		"a version without a label":   {appARN, "no-such-version", "setSecret", "not labelled AWSPENDING"},
		"the version that is current": {adminARN, current, "setSecret", ""},
		"a version without a value":   {appARN, pending, "setSecret", "the secret has no such value: AWSPENDING"},
		"nothing to make current":     {appARN, pending, "finishSecret", "the secret has no such value: AWSPENDING"},
	} {
		err := handler(t.Context(), r)(lambdaruntime.StepEvent(test.arn, test.token, test.step))
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
	c.vault.Off = true
	err := handler(t.Context(), r)(lambdaruntime.StepEvent(appARN, pending, "createSecret"))
	if err == nil || !strings.Contains(err.Error(), "not switched on") {
		t.Errorf("got %v", err)
	}
	if got, _ := c.vault.Label(appARN, contract.StagePending); got != "" || c.password(t, appARN, contract.StageCurrent) != appPass {
		t.Error("the secret was written to")
	}
}

func TestSettingRotationUpTestsTheWayToTheDatabase(t *testing.T) {
	c := start(t, mysqltest.Embedded())
	r := c.rotator(t)
	c.pend(t, r, appARN, "testSecret") // as Secrets Manager runs it alone, on a version without a value
	c.put(appARN, "not-the-databases")
	token := c.pend(t, r, appARN)
	err := handler(t.Context(), r)(lambdaruntime.StepEvent(appARN, token, "testSecret"))
	if err == nil || !strings.Contains(err.Error(), "1045") {
		t.Errorf("got %v with a password that the server does not know", err)
	}
}

func TestWithoutAStepTheCurrentPasswordsAreTried(t *testing.T) {
	c := start(t, mysqltest.Embedded())
	r := c.rotator(t)
	ask := func() error { return handler(t.Context(), r)([]byte("{}")) }
	if err := ask(); err != nil {
		t.Errorf("got %v", err)
	}
	c.pend(t, r, appARN, "createSecret", "setSecret")
	if err := ask(); err != nil {
		t.Errorf("in the window: got %v", err)
	}
	c.put(appARN, "Unmistakable-5")
	if err := ask(); err == nil || !strings.Contains(err.Error(), "1045") || !strings.Contains(err.Error(), appARN) ||
		strings.Contains(err.Error(), adminARN) || strings.Contains(err.Error(), "Unmistakable") {
		t.Errorf("got %v with a secret that the server does not know", err)
	}
}

// checkLog sees whether what was printed is without a password, and tells of each step for each of the secrets.
func checkLog(t testing.TB, c *cloud, printed string, secrets ...string) {
	t.Helper()
	for _, arn := range []string{adminARN, appARN} {
		for _, label := range []string{contract.StageCurrent, contract.StagePending, contract.StagePrevious, contract.StageFirst} {
			if password := c.password(t, arn, label); password != "" && strings.Contains(printed, password) {
				t.Errorf("the password of %s, %s, was printed", users[arn], label)
			}
		}
	}
	for _, arn := range secrets {
		for _, step := range order {
			if want := fmt.Sprintf(`"step":%q,"secret":%q,"version":"`, step, arn); !strings.Contains(printed, want) {
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
