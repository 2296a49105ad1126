package main

import (
	"strconv"
	"sync/atomic"
	"testing"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

// TestARotationThatWasKilledAtAnyPointIsCompletedByTheNextAttempt kills the compiled rotator at each piece that it
// exchanges with the database and before and after each operation of Secrets Manager, one after the other, through all
// four steps. What is pending or current then has to be accepted, and the next attempt has to complete the rotation.
func TestARotationThatWasKilledAtAnyPointIsCompletedByTheNextAttempt(t *testing.T) {
	for arn, user := range users {
		t.Run(user, func(t *testing.T) {
			eachReal(t, func(t *testing.T, c *cloud) {
				f := deploy(t)
				var left atomic.Int64
				var process atomic.Pointer[lambdaruntime.Process]
				pass := func() bool {
					switch n := left.Add(-1); {
					case n > 0:
						return true
					case n == 0:
						process.Load().Stop()
					}
					return false
				}
				c.vault.Watch = func(string, bool) { pass() }
				tapped := map[string]string{contract.EnvDBPort: strconv.Itoa(listenTap(t, c.server, pass))}
				points, done := 0, false
				for ; !done; points++ {
					if points > 1000 {
						t.Fatal("the rotation never came through")
					}
					before, token := c.reset(t, arn), c.token()
					left.Store(1 << 40)
					p := f.start(t, c, tapped)
					process.Store(p)
					left.Store(int64(points + 1))
					err := c.vault.Rotate(arn, token, f.step(p))
					done = left.Swap(1<<40) > 0
					p.Stop()
					if done && err != nil {
						t.Fatal(err)
					}
					c.checkNotLockedOut(t, arn, points)
					next := f.start(t, c, nil)
					if _, current := c.vault.Label(arn, contract.StageCurrent); current != token {
						err = c.vault.Rotate(arn, c.token(), f.step(next)) // goes on under the version's own token
					} else {
						err = f.step(next)(lambdaruntime.StepEvent(arn, token, "finishSecret")) // whose answer was lost
					}
					next.Stop()
					if err != nil {
						t.Errorf("the next attempt: %v", err)
					}
					c.checkRotated(t, arn, token, before)
					if t.Failed() {
						t.Fatalf("after a kill at point %d", points+1)
					}
				}
				t.Logf("killed at %d points", points-1)
				if points < 50 {
					t.Error("too few to have hit every statement and every operation")
				}
				checkLog(t, c, f.printed.String(), arn)
			})
		})
	}
}

// reset gives a user and its secret a password that no rotation has touched.
func (c *cloud) reset(t testing.TB, arn string) (password string) {
	t.Helper()
	now := c.password(t, adminARN, contract.StageCurrent)
	db := c.server.Open(t, mysqltest.AdminUser, now, "")
	defer db.Close()
	password = "reset-" + c.token()
	if _, err := db.Exec("ALTER USER ?@'%' IDENTIFIED BY '"+password+"'", users[arn]); err != nil {
		t.Fatal(err)
	}
	c.put(arn, password)
	return password
}

// checkNotLockedOut sees whether the server takes a password that a version holds.
func (c *cloud) checkNotLockedOut(t testing.TB, arn string, point int) {
	t.Helper()
	for _, label := range []string{contract.StageCurrent, contract.StagePending} {
		if password := c.password(t, arn, label); password != "" && c.accepts(t, users[arn], password) {
			return
		}
	}
	t.Errorf("killed at point %d: no version holds the password of %s", point+1, users[arn])
}
