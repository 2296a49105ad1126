package main

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
	"scheduled-messages/lambda/internal/mysql"
)

// deployment is the compiled migrator with what AWS gives it.
type deployment struct {
	*lambdatest.Cloud
	binary  string
	printed *lambdatest.Output
}

func deploy(t testing.TB) *deployment {
	t.Helper()
	return &deployment{lambdatest.StartCloud(t), lambdatest.Build(t, "."), &lambdatest.Output{}}
}

func (d *deployment) put(arn, user, password string) {
	d.Extension.Put(arn, lambdatest.SecretJSON(user, password))
}

// start runs the migrator against a server, with some of the environment changed.
func (d *deployment) start(t testing.TB, s *mysqltest.Server, changed ...string) *lambdaruntime.Process {
	t.Helper()
	return d.Run(t, d.binary, environment(s).With(changed...), d.printed)
}

// run invokes a migrator once, in an environment of its own.
func (d *deployment) run(t testing.TB, s *mysqltest.Server) (answer, *lambdaruntime.FunctionError) {
	t.Helper()
	p := d.start(t, s)
	defer p.Stop()
	return invoke(p, time.Minute)
}

func invoke(p *lambdaruntime.Process, timeout time.Duration) (a answer, failure *lambdaruntime.FunctionError) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	got, err := p.Invoke(ctx, []byte(`{"migrations":"any"}`), timeout)
	if err == nil && got.Error == nil {
		err = json.Unmarshal(got.Payload, &a)
	}
	if err != nil {
		return a, &lambdaruntime.FunctionError{Type: "Test", Message: err.Error()}
	}
	return a, got.Error
}

// checkLog asserts that all that was printed is JSON lines without a secret.
func checkLog(t testing.TB, printed string) {
	t.Helper()
	for line := range strings.Lines(printed) {
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %s", line)
		}
	}
	for _, secret := range []string{"Unmistakable", mysqltest.AdminPassword, "SecretString"} {
		if strings.Contains(printed, secret) {
			t.Errorf("%q was printed", secret)
		}
	}
	if !strings.Contains(printed, `"`+contract.LogRequestID+`":`) || !strings.Contains(printed, `"`+contract.LogDurationMS+`":`) {
		t.Errorf("no line of an invocation in %s", printed)
	}
}

func TestTheCompiledMigrator(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		d := deploy(t)
		first := migrationFiles(t)
		t.Run("migrates from cold, and finds nothing to do the second time", func(t *testing.T) {
			fresh(t, s)
			p := d.start(t, s)
			for _, want := range [][]string{first, {}} {
				got, err := invoke(p, time.Minute)
				if err != nil || got.Version != int64(len(first)) || !slices.Equal(got.Applied, want) || got.Applied == nil || !slices.Equal(got.Users, []string{"app"}) {
					t.Fatalf("got %+v, %v", got, err)
				}
			}
			checkMigrated(t, s, lambdatest.AppPassword)
			if _, early := d.Extension.Asked(); early > 0 {
				t.Errorf("asked for secrets %d times before the first invocation", early)
			}
		})
		t.Run("migrates once when several run at once", func(t *testing.T) {
			fresh(t, s)
			all := make(chan answer)
			for range 4 {
				p := d.start(t, s)
				go func() {
					got, err := invoke(p, time.Minute)
					if err != nil {
						t.Error(err)
					}
					all <- got
				}()
			}
			var applied []string
			for range 4 {
				applied = append(applied, (<-all).Applied...)
			}
			if !slices.Equal(applied, first) {
				t.Errorf("applied %q", applied)
			}
			checkMigrated(t, s, lambdatest.AppPassword)
		})
		t.Run("takes over a password that was rotated, and lets the old one go", func(t *testing.T) {
			fresh(t, s)
			for _, password := range []string{lambdatest.AppPassword, "Unmistakable-3"} {
				d.put(lambdatest.AppSecretARN, "app", password)
				if _, err := d.run(t, s); err != nil {
					t.Fatal(err)
				}
			}
			d.put(lambdatest.AppSecretARN, "app", lambdatest.AppPassword)
			checkMigrated(t, s, "Unmistakable-3")
			if err := s.Open(t, "app", lambdatest.AppPassword, "messages").Ping(); !mysql.IsAccessDenied(err) {
				t.Errorf("got %v with the password of before", err)
			}
		})
		t.Run("reports a wrong password", func(t *testing.T) {
			d.put(lambdatest.AdminSecretARN, mysqltest.AdminUser, "Unmistakable-4")
			defer d.put(lambdatest.AdminSecretARN, mysqltest.AdminUser, mysqltest.AdminPassword)
			if _, err := d.run(t, s); err == nil || !strings.Contains(err.Message, "Access denied for user 'admin'") {
				t.Errorf("got %v", err)
			}
		})
		t.Run("waits for a server that is not there at first", func(t *testing.T) {
			fresh(t, s)
			s.Stop(t)
			p, done := d.start(t, s), make(chan *lambdaruntime.FunctionError)
			go func() {
				_, err := invoke(p, time.Minute)
				done <- err
			}()
			for !strings.Contains(d.printed.String(), "waiting for the database") {
				time.Sleep(10 * time.Millisecond)
			}
			s.Restart(t)
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			checkMigrated(t, s, lambdatest.AppPassword)
		})
		t.Run("reports a server that never comes, before its timeout", func(t *testing.T) {
			s.Stop(t)
			defer s.Restart(t)
			if _, err := invoke(d.start(t, s), margin+time.Second); err == nil || !strings.Contains(err.Message, "security group") {
				t.Errorf("got %v", err)
			}
		})
		t.Run("does not start without its environment", func(t *testing.T) {
			p := d.start(t, s, contract.EnvDBHost, "", contract.EnvDBAdminSecretARN, "", contract.EnvDBName, "a-b")
			if _, err := invoke(p, time.Minute); err == nil || err.Type != "Runtime.ExitError" {
				t.Errorf("got %v", err)
			}
			for _, name := range []string{contract.EnvDBHost, contract.EnvDBAdminSecretARN, contract.EnvDBName} {
				if !strings.Contains(d.printed.String(), name) {
					t.Errorf("%s is not named", name)
				}
			}
		})
		checkLog(t, d.printed.String())
	})
}

func TestTheBinaryHoldsNoAWSSDKAndNoServerForTests(t *testing.T) {
	lambdatest.HoldsNone(t, "aws-sdk-go", "dolthub", "pulumi", "testing", "lambdaruntime", "net/rpc")
}
