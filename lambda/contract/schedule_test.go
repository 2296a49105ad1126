package contract

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestNoTwoIDsHaveOneScheduleName(t *testing.T) {
	allowed := regexp.MustCompile(`^[0-9a-zA-Z-_.]{1,64}$`)
	names := map[string]string{}
	for _, id := range []string{"a", "A", "a.b", "a/b", "a+b", "row-a", "row.a", "!", "~", strings.Repeat("x", 60), strings.Repeat("x", 61),
		strings.Repeat("x", 64), strings.Repeat("x", 63) + "y", "x-" + strings.Repeat("0", 58)} {
		name := ScheduleName(id)
		if !allowed.MatchString(name) || names[name] != "" {
			t.Errorf("%s: %s, as %s", id, name, names[name])
		}
		names[name] = id
	}
	// What a hashed name looks like cannot be the readable name of another id: their fourth letters differ.
	if hashed := ScheduleName("a/b"); strings.HasPrefix(hashed, readablePrefix) || len(hashed) != 64 {
		t.Errorf("got %s", hashed)
	}
	if got := ScheduleName("order-4711"); got != "row-order-4711" {
		t.Errorf("got %s", got)
	}
}

func TestAMarkReadsAsItWasWritten(t *testing.T) {
	mark := ScheduleMark{Version: time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC), Read: time.Date(2026, 1, 2, 3, 4, 6, 7, time.UTC)}
	got, err := ParseScheduleMark(mark.String())
	if err != nil || got != mark {
		t.Errorf("%s: got %+v, %v", mark, got, err)
	}
	for _, text := range []string{"", "mine", "outbox: version now", "outbox: version x, read y", "outbox: version 2026-01-02T03:04:05Z, read y"} {
		if _, err := ParseScheduleMark(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

func TestAnExpressionReadsAsItWasWrittenToTheSecond(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 999, time.FixedZone("KST", 9*3600))
	if got, err := ParseScheduleExpression(ScheduleExpression(at)); err != nil || !got.Equal(at.Truncate(time.Second)) || ScheduleExpression(at) != "at(2026-01-01T18:04:05)" {
		t.Errorf("got %s, %v", got, err)
	}
	for _, text := range []string{"", "rate(1 hour)", "at(2026-01-02)", "at(2026-01-02T03:04:05"} {
		if _, err := ParseScheduleExpression(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}
