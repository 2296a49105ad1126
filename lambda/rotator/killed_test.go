package main

import (
	"strconv"
	"sync/atomic"
	"testing"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/rotationtest"
	"scheduled-messages/infra/sandbox/tcprelay"
	"scheduled-messages/lambda/contract"
)

// TestARotationThatWasKilledAtAnyPointIsCompletedByTheNextAttempt kills the compiled rotator at each piece that it
// exchanges with the database and before and after each operation of Secrets Manager, one after the other, through all
// four steps. What is pending or current then has to be accepted, and the next attempt has to complete the rotation.
func TestARotationThatWasKilledAtAnyPointIsCompletedByTheNextAttempt(t *testing.T) {
	for arn, user := range users {
		t.Run(user, func(t *testing.T) {
			rotationtest.EachReal(t, func(t *testing.T, c *rotationtest.Stack) {
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
				c.Secrets.Watch = func(string, bool) { pass() }
				relay := tcprelay.Start(t, "127.0.0.1", tcprelay.Local(c.Server.Port), func(tcprelay.Direction) tcprelay.Action {
					if !pass() {
						return tcprelay.Cut
					}
					return tcprelay.Pass
				})
				points, done := 0, false
				for ; !done; points++ {
					if points > 1000 {
						t.Fatal("the rotation never finished")
					}
					before, token := c.Reset(t, arn), c.Token()
					left.Store(1 << 40)
					p := f.start(t, c, contract.EnvDBPort, strconv.Itoa(relay.Port()))
					process.Store(p)
					left.Store(int64(points + 1))
					err := c.Secrets.Rotate(arn, token, f.step(p))
					done = left.Swap(1<<40) > 0
					p.Stop()
					if done && err != nil {
						t.Fatal(err)
					}
					c.CheckNotLockedOut(t, arn, points)
					next := f.start(t, c)
					if _, current := c.Secrets.Label(arn, contract.StageCurrent); current != token {
						err = c.Secrets.Rotate(arn, c.Token(), f.step(next)) // goes on under the version's own token
					} else {
						err = f.step(next)(lambdaruntime.StepEvent(arn, token, "finishSecret")) // whose answer was lost
					}
					next.Stop()
					if err != nil {
						t.Errorf("the next attempt: %v", err)
					}
					c.CheckRotated(t, arn, token, before)
					if t.Failed() {
						t.Fatalf("after a kill at point %d", points+1)
					}
				}
				t.Logf("killed at %d points", points-1)
				if points < 50 {
					t.Error("too few to have hit every statement and every operation")
				}
				c.CheckLog(t, f.printed.String(), arn)
			})
		})
	}
}
