package main

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/lambdaruntime"
	"scheduled-messages/infra/sandbox/mysqltest"
	"scheduled-messages/lambda/contract"
)

// TestNoStatusIsLostOrWrittenTwiceWhileThePasswordChanges lets environments come and go and write all the time, through
// several rotations. An event that comes to an error is kept and handed out again when they are over: Lambda does that
// a minute later, and two minutes after that.
func TestNoStatusIsLostOrWrittenTwiceWhileThePasswordChanges(t *testing.T) {
	eachReal(t, func(t *testing.T, c *cloud) {
		u, f := newUpdaters(t, c), deploy(t)
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
					p, err := u.start()
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
						row, err := write(p, id)
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
		p := f.start(t, c, nil)
		progress()
		for range rotations {
			before, token := c.password(t, appARN, contract.StageCurrent), c.token()
			if err := c.vault.Rotate(appARN, token, f.step(p)); err != nil {
				t.Error(err)
			}
			c.checkRotated(t, appARN, token, before)
			progress()
		}
		close(stop)
		group.Wait()
		late := len(kept)
		u.retry(t, kept, record)
		var rows, right, events int64
		for w := range writers {
			events += count[w].Load()
		}
		err := c.server.Open(t, mysqltest.AdminUser, mysqltest.AdminPassword, "messages").QueryRow(
			"SELECT COUNT(*), SUM(status = 'SENT' AND provider_id = CONCAT('p-', id)) FROM messages").Scan(&rows, &right)
		if err != nil || rows != events || right != events || int64(len(inserted)) != events {
			t.Errorf("%d events, %d rows, %d of them right, %d inserted, %v", events, rows, right, len(inserted), err)
		}
		t.Logf("%d rotations, %d statuses, %d of them at the second attempt", rotations, events, late)
	})
}

// TestWhatAWindowDoesToAnUpdater states what happens between setSecret and finishSecret.
func TestWhatAWindowDoesToAnUpdater(t *testing.T) {
	eachKind(t, func(t *testing.T, c *cloud) {
		u, take := newUpdaters(t, c), handler(t.Context(), c.rotator(t))
		environment := func() *lambdaruntime.Process {
			p, err := u.start()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(p.Stop)
			return p
		}
		must := func(p *lambdaruntime.Process, id string) {
			t.Helper()
			if row, err := write(p, id); row != "inserted" || err != nil {
				t.Errorf("%s: %q, %v", id, row, err)
			}
		}
		warm, cold := environment(), environment()
		must(warm, "before")
		token := c.pend(t, c.rotator(t), appARN, "createSecret", "setSecret", "testSecret")
		must(warm, "over-an-open-connection")
		if _, err := write(cold, "over-a-new-one"); err == nil || !strings.Contains(err.Error(), "Error 1045") {
			t.Errorf("got %v", err)
		}
		if err := take(lambdaruntime.StepEvent(appARN, token, "finishSecret")); err != nil {
			t.Fatal(err)
		}
		must(cold, "over-a-new-one")
		must(warm, "after-it")
		var connection int64
		if err := c.server.Admin(t).QueryRow("SELECT MIN(id) FROM information_schema.processlist WHERE user = 'app'").Scan(&connection); err != nil {
			t.Fatal(err)
		}
		c.server.Kill(t, connection) // warm's, which knows the password of before
		must(warm, "after-the-connection")
		if failures := strings.Count(u.printed.String(), `"level":"ERROR"`); failures != 1 {
			t.Errorf("the log tells of %d failures, not of one", failures)
		}
	})
}
