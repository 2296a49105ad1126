package main

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestDropReadsNoFurtherThanItMustAndNamesWhatIsNotThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, s := newFakeSQS(t, 400, time.Second)
		c := fakeClient(f, s)
		if err := c.drop(t.Context(), []string{"sqs-m-7", "sqs-m-399"}); err != nil {
			t.Fatal(err)
		}
		if got := slices.Sorted(slices.Values(s.lines)); !slices.Equal(got, []string{"undelivered: sqs-m-399 is deleted", "undelivered: sqs-m-7 is deleted"}) {
			t.Errorf("it says %q", got)
		}
		err := c.drop(t.Context(), []string{"sqs-m-7", "sqs-m-8"})
		if err == nil || err.Error() != "in no queue, or in flight: sqs-m-7" {
			t.Errorf("for one that is gone: %v", err)
		}
		if n := f.inFlight(); n != 0 || f.alive != 397 {
			t.Errorf("%d messages are still hidden, %d are left of 397", n, f.alive)
		}
	})
}
