package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

func TestTheCompiledMigrator(t *testing.T) {
	mysqltest.EachReal(t, func(t *testing.T, s *mysqltest.Server) {
		d := deploy(t)
		first := migrationFiles(t)
		t.Run("migrates from cold, and finds nothing to do the second time", func(t *testing.T) {
			fresh(t, s)
			p := d.start(t, s, nil)
			for _, want := range [][]string{first, {}} {
				got, err := invoke(p, time.Minute)
				if err != nil || got.Version != int64(len(first)) || !slices.Equal(got.Applied, want) || got.Applied == nil || !slices.Equal(got.Users, []string{"app"}) {
					t.Fatalf("got %+v, %v", got, err)
				}
			}
			checkMigrated(t, s, appPass)
			if _, early := d.extension.Asked(); early > 0 {
				t.Errorf("asked for secrets %d times before the first invocation", early)
			}
		})
		t.Run("migrates once when several run at once", func(t *testing.T) {
			fresh(t, s)
			all := make(chan answer)
			for range 4 {
				p := d.start(t, s, nil)
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
			checkMigrated(t, s, appPass)
		})
		t.Run("takes over a password that was rotated, and lets the old one go", func(t *testing.T) {
			fresh(t, s)
			for _, password := range []string{appPass, "Unmistakable-3"} {
				d.put(t, appARN, contract.DatabaseSecret{Username: "app", Password: password})
				if _, err := d.run(t, s); err != nil {
					t.Fatal(err)
				}
			}
			d.put(t, appARN, known()[appARN])
			checkMigrated(t, s, "Unmistakable-3")
			if err := s.Open(t, "app", appPass, "messages").Ping(); number(err) != accessDenied {
				t.Errorf("got %v with the password of before", err)
			}
		})
		t.Run("fails in words when the password is wrong", func(t *testing.T) {
			d.put(t, adminARN, contract.DatabaseSecret{Username: mysqltest.AdminUser, Password: "Unmistakable-4"})
			defer d.put(t, adminARN, known()[adminARN])
			if _, err := d.run(t, s); err == nil || !strings.Contains(err.Message, "Access denied for user 'admin'") {
				t.Errorf("got %v", err)
			}
		})
		t.Run("waits for a server that is not there at first", func(t *testing.T) {
			fresh(t, s)
			s.Stop(t)
			p, done := d.start(t, s, nil), make(chan *lambdaruntime.FunctionError)
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
			checkMigrated(t, s, appPass)
		})
		t.Run("fails in words, and not by its time-out, when the server never comes", func(t *testing.T) {
			s.Stop(t)
			defer s.Restart(t)
			if _, err := invoke(d.start(t, s, nil), margin+time.Second); err == nil || !strings.Contains(err.Message, "security group") {
				t.Errorf("got %v", err)
			}
		})
		t.Run("does not start without its environment", func(t *testing.T) {
			p := d.start(t, s, map[string]string{contract.EnvDBHost: "", contract.EnvDBAdminSecretARN: "", contract.EnvDBName: "a-b"})
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
