package main

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestMessagesOfAKilledListAreSoonVisibleAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, s := newFakeSQS(t, 20_000, 20*time.Millisecond)
		ctx, kill := context.WithCancel(t.Context())
		s.onLine = func(line string) {
			if len(s.lines) == 3000 {
				f.takes = time.Hour // nothing comes through any more, so that nothing is released
				kill()
			}
		}
		if err := fakeClient(f, s).list(ctx, false); err == nil {
			t.Fatal("it was not killed")
		}
		time.Sleep(2 * 20_000 / batch * 20 * time.Millisecond)
		time.Sleep(listing)
		if n := f.inFlight(); n != 0 {
			t.Errorf("%d messages are hidden for longer than reading takes, twice", n)
		}
	})
}

func TestAnInterruptedListReleasesWhatItHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, s := newFakeSQS(t, 1000, 100*time.Millisecond)
		ctx, interrupt := context.WithCancel(t.Context())
		s.onLine = func(string) {
			if len(s.times()) == 500 {
				interrupt()
			}
		}
		if err := fakeClient(f, s).list(ctx, false); err == nil {
			t.Error("an interrupted list is complete")
		}
		if n := f.inFlight(); n != 0 {
			t.Errorf("%d messages are still hidden", n)
		}
	})
}

func TestListStopsBelowWhatAQueueHasInFlightAtMostAndSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, s := newFakeSQS(t, mostHeld+1000, 10*time.Millisecond)
		f.body = func(string) string { return "{}" }
		err := fakeClient(f, s).list(t.Context(), false)
		if err == nil || !strings.Contains(err.Error(), "the most that one run can hold back; there are more") {
			t.Errorf("%d of %d were listed, and the error is %v", len(s.times()), mostHeld+1000, err)
		}
	})
}

func TestListHoldsNoTexts(t *testing.T) {
	const n, size = 600, 200 << 10
	synctest.Test(t, func(t *testing.T) {
		f, s := newFakeSQS(t, n, time.Second)
		f.body = func(id string) string { return strings.Replace(event(id), "everyone", strings.Repeat("x", size), 1) }
		var memory runtime.MemStats
		s.onLine = func(string) {
			if len(s.times()) == n && memory.HeapAlloc == 0 {
				runtime.GC()
				runtime.ReadMemStats(&memory)
			}
		}
		if err := fakeClient(f, s).list(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		if memory.HeapAlloc == 0 || memory.HeapAlloc > n*size/4 {
			t.Errorf("with %d bytes read, %d are held", n*size, memory.HeapAlloc)
		}
	})
}
