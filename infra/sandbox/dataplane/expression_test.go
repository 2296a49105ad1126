package dataplane

import (
	"testing"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
)

func TestAScheduleIsDueAtItsTimeInItsZone(t *testing.T) {
	fired := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	created := float64(fired.Unix())
	for _, test := range []struct {
		expression, zone string
		last             time.Time
		want             time.Time
		wrong            bool
	}{
		{"at(2026-11-22T09:30:00)", "UTC", time.Time{}, time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC), false},
		{"at(2026-11-22T09:30:00)", "Asia/Seoul", time.Time{}, time.Date(2026, 11, 22, 0, 30, 0, 0, time.UTC), false},
		{"at(2026-07-22T09:30:00)", "Europe/Berlin", time.Time{}, time.Date(2026, 7, 22, 7, 30, 0, 0, time.UTC), false},
		{"at(2026-11-22T09:30:00)", "UTC", fired, time.Time{}, false}, // done
		{"rate(1 hour)", "UTC", time.Time{}, fired, false},            // at once
		{"rate(5 minutes)", "UTC", fired, fired.Add(5 * time.Minute), false},
		{"rate(2 days)", "UTC", fired, fired.Add(48 * time.Hour), false},
		{"rate(0 hours)", "UTC", fired, time.Time{}, true},
		{"cron(0 12 * * ? *)", "UTC", fired, time.Time{}, true},
		{"at(tomorrow)", "UTC", time.Time{}, time.Time{}, true},
		{"at(2026-11-22T09:30:00)", "Nowhere/AtAll", time.Time{}, time.Time{}, true},
	} {
		got, err := nextTime(cloud.Schedule{Expression: test.expression, Timezone: test.zone, Created: created}, test.last)
		if !got.Equal(test.want) || (err != nil) != test.wrong {
			t.Errorf("%s in %s after %v: got %v, %v", test.expression, test.zone, test.last, got, err)
		}
	}
}

func TestARateThatWasMissedManyTimesFiresOnce(t *testing.T) {
	hourly := cloud.Schedule{Expression: "rate(1 hour)"}
	due := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	if got := lastTime(hourly, due, due.Add(200*time.Minute)); !got.Equal(due.Add(3 * time.Hour)) {
		t.Errorf("got %v", got)
	}
}
