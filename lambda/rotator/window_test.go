package main

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/lambdatest"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/infra/sandbox/rotationtest"
	"scheduled-messages/lambda/contract"
)

// TestNoStatusIsLostOrWrittenTwiceWhileThePasswordChanges lets environments come and go and write all the time, through
// several rotations. An event that ends with an error is kept and handed out again when they are over: Lambda does that
// a minute later, and two minutes after that.
func TestNoStatusIsLostOrWrittenTwiceWhileThePasswordChanges(t *testing.T) {
	rotationtest.EachReal(t, func(t *testing.T, c *rotationtest.Stack) {
		u, f := rotationtest.NewUpdaters(t, c, "../updater"), deploy(t)
		const writers, rotations, invocations = 3, 5, 4 // of one environment
		var count [writers]atomic.Int64
		var mu sync.Mutex
		inserted, kept := map[string]bool{}, []string{}
		record := func(id, row string, err error) {
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err != nil && strings.Contains(err.Error(), "Error 1045"):
				kept = append(kept, id)
			case err != nil || row != "inserted" || inserted[id]:
				t.Errorf("%s: %q, %v", id, row, err)
			default:
				inserted[id] = true
			}
		}
		stop := make(chan struct{})
		var group sync.WaitGroup
		for w := range writers {
			group.Go(func() {
				for {
					p, err := u.Start()
					if err != nil {
						t.Error(err)
						return
					}
					for range invocations {
						select {
						case <-stop:
							p.Stop()
							return
						default:
						}
						id := fmt.Sprintf("%d-%d", w, count[w].Load())
						row, err := rotationtest.Write(p, id)
						record(id, row, err)
						count[w].Add(1)
					}
					p.Stop()
				}
			})
		}
		progress := func() { // every writer goes through two environments at least
			for w := range writers {
				for target := count[w].Load() + 2*invocations; count[w].Load() < target && !t.Failed(); {
					time.Sleep(time.Millisecond)
				}
			}
		}
		p := f.start(t, c)
		progress()
		for range rotations {
			before, token := c.Password(t, lambdatest.AppSecretARN, contract.StageCurrent), c.Token()
			if err := c.Secrets.Rotate(lambdatest.AppSecretARN, token, f.step(p)); err != nil {
				t.Error(err)
			}
			c.CheckRotated(t, lambdatest.AppSecretARN, token, before)
			progress()
		}
		close(stop)
		group.Wait()
		late := len(kept)
		u.Retry(t, kept, record)
		var rows, right, events int64
		for w := range writers {
			events += count[w].Load()
		}
		err := c.Server.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, "messages").QueryRow(
			"SELECT COUNT(*), SUM(status = 'SENT' AND provider_id = CONCAT('p-', id)) FROM messages").Scan(&rows, &right)
		if err != nil || rows != events || right != events || int64(len(inserted)) != events {
			t.Errorf("%d events, %d rows, %d of them right, %d inserted, %v", events, rows, right, len(inserted), err)
		}
		t.Logf("%d rotations, %d statuses, %d of them at the second attempt", rotations, events, late)
	})
}

// TestWhatAWindowDoesToAnUpdater states what happens between setSecret and finishSecret.
func TestWhatAWindowDoesToAnUpdater(t *testing.T) {
	rotationtest.EachKind(t, func(t *testing.T, c *rotationtest.Stack) {
		u, take := rotationtest.NewUpdaters(t, c, "../updater"), invoke(t.Context(), inProcess(t, c))
		environment := func() *lambdaruntime.Process {
			p, err := u.Start()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(p.Stop)
			return p
		}
		must := func(p *lambdaruntime.Process, id string) {
			t.Helper()
			if row, err := rotationtest.Write(p, id); row != "inserted" || err != nil {
				t.Errorf("%s: %q, %v", id, row, err)
			}
		}
		warm, cold := environment(), environment()
		must(warm, "before")
		token := pend(t, c, inProcess(t, c), lambdatest.AppSecretARN, "createSecret", "setSecret", "testSecret")
		must(warm, "over-an-open-connection")
		if _, err := rotationtest.Write(cold, "over-a-new-one"); err == nil || !strings.Contains(err.Error(), "Error 1045") {
			t.Errorf("got %v", err)
		}
		if err := take(lambdaruntime.StepEvent(lambdatest.AppSecretARN, token, "finishSecret")); err != nil {
			t.Fatal(err)
		}
		must(cold, "over-a-new-one")
		must(warm, "after-it")
		var connection int64
		if err := c.Server.Admin(t).QueryRow("SELECT MIN(id) FROM information_schema.processlist WHERE user = 'app'").Scan(&connection); err != nil {
			t.Fatal(err)
		}
		c.Server.Kill(t, connection) // warm's, which knows the password of before
		must(warm, "after-the-connection")
		if failures := strings.Count(u.Printed.String(), `"level":"ERROR"`); failures != 1 {
			t.Errorf("the log has %d failures, want one", failures)
		}
	})
}
