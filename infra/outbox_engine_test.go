package infra_test

import (
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/lifetest"
)

// switchOutboxOff takes the outbox and the retention away from a stack that has them, with nothing left of either.
func switchOutboxOff(t *testing.T, e *lifetest.Engine) {
	t.Helper()
	of := func(resource string) bool {
		name := resource[strings.LastIndex(resource, "::")+2:]
		return slices.ContainsFunc([]string{"outbox", "armer", "relay", "schedule-retention", "security-relay", "monitoring-tick"}, func(prefix string) bool {
			return strings.HasPrefix(name+"-", prefix+"-")
		})
	}
	if there := slices.DeleteFunc(e.Resources(), func(r string) bool { return !of(r) }); len(there) < 20 {
		t.Errorf("the outbox is %v", there)
	}
	e.Pulumi("config", "set", "outbox", "false")
	e.Pulumi("config", "set", "retentionDays", "0")
	e.Pulumi("up", "--yes", "--skip-preview")
	if left := slices.DeleteFunc(e.Resources(), func(r string) bool { return !of(r) }); len(left) > 0 {
		t.Errorf("of the outbox is left: %v", left)
	}
	e.Pulumi("preview", "--expect-no-changes", "--diff")
}
