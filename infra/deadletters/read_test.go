package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// screen is what the command prints, line by line.
type screen struct {
	lines  []string
	onLine func(line string)
}

func (s *screen) Write(line []byte) (int, error) {
	s.lines = append(s.lines, strings.TrimSuffix(string(line), "\n"))
	if s.onLine != nil {
		s.onLine(s.lines[len(s.lines)-1])
	}
	return len(line), nil
}

func (s *screen) text() string { return strings.Join(s.lines, "\n") }

// times are how often each message's id of SQS's is at the beginning of a line.
func (s *screen) times() map[string]int {
	times := map[string]int{}
	for _, line := range s.lines {
		if rest, ok := strings.CutPrefix(line, "undelivered: sqs-"); ok {
			id, _, _ := strings.Cut(rest, ",")
			times[id]++
		}
	}
	return times
}

// most is the largest of counts.
func most(times map[string]int) int { return slices.Max(slices.Collect(maps.Values(times))) }

// listsAll fails unless n messages were printed once each.
func listsAll(t *testing.T, s *screen, n int) {
	t.Helper()
	times := s.times()
	if len(times) != n || most(times) != 1 {
		t.Errorf("%d of %d messages are printed, one of them %d times", len(times), n, most(times))
	}
}

func fakeClient(f *fakeSQS, s *screen) *client {
	o := *stackOutputs
	o.UndeliveredQueueURL, o.UnwrittenQueueURL = queueURL, queueURL+"-other"
	return &client{outputs: &o, sqs: f, out: s}
}

func TestListEndsAtAnySizeAndPace(t *testing.T) {
	for _, c := range []struct {
		messages int
		takes    time.Duration // for ten
	}{{400, time.Second}, {2000, 150 * time.Millisecond}, {20_000, time.Second}, {20_000, 20 * time.Millisecond}, {25, time.Minute}} {
		t.Run(fmt.Sprintf("%d at %s", c.messages, c.takes), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, s := newFakeSQS(t, c.messages, c.takes)
				f.repeated = 7
				began := time.Now()
				first := time.Duration(0)
				s.onLine = func(string) {
					if first == 0 {
						first = time.Since(began)
					}
				}
				if err := fakeClient(f, s).list(t.Context(), false); err != nil {
					t.Fatal(err)
				}
				listsAll(t, s, c.messages)
				calls := time.Duration(c.messages/batch) * c.takes
				if took := time.Since(began); took > 3*calls+15*(c.takes+pollSeconds*time.Second) {
					t.Errorf("it took %s, and reading each once takes %s", took, calls)
				}
				if first > 5*c.takes+4*time.Second {
					t.Errorf("the first line came after %s", first)
				}
				if n := f.inFlight(); n != 0 {
					t.Errorf("%d messages are still hidden", n)
				}
			})
		})
	}
}

func TestListEndsAlthoughMessagesBecomeVisibleAgainAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, s := newFakeSQS(t, 400, time.Second)
		f.leaks = 10 * time.Second // others, who release them
		f.few = true
		if err := fakeClient(f, s).list(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		if f.receives > 2000 || !strings.Contains(s.text(), "run it again for the rest") {
			t.Errorf("after %d answers it says\n%s", f.receives, s.lines[len(s.lines)-1])
		}
	})
}

func TestListEndsAlthoughTheQueueIsFilledFasterThanItReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, s := newFakeSQS(t, 50, time.Second)
		came := 50
		f.onAnswer = func() {
			f.fill(came, 20)
			came += 20
		}
		if err := fakeClient(f, s).list(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		if f.receives > 200 || !strings.Contains(s.text(), "run it again for the rest") {
			t.Errorf("after %d answers it says\n%s", f.receives, s.lines[len(s.lines)-1])
		}
		for id := range s.times() {
			if len(id) > len("m-49") {
				t.Errorf("%s came after the list had begun", id)
			}
		}
	})
}
