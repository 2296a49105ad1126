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
		{"rate(5 years)", "UTC", fired, time.Time{}, true},
		{"rate(2 minute)", "UTC", fired, fired.Add(2 * time.Minute), false},
		{"cron(0 12 * * ? *)", "UTC", time.Time{}, fired, false}, // the second of the creation counts
		{"cron(0 12 * * ? *)", "UTC", fired, fired.Add(24 * time.Hour), false},
		{"cron(0 12 * * ? *)", "Asia/Seoul", fired, time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC), false},
		{"cron(30 9 ? * 2-6 *)", "UTC", fired, time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC), false},  // Monday to Friday
		{"cron(0 9 ? * MON#1 *)", "UTC", fired, time.Date(2026, 12, 7, 9, 0, 0, 0, time.UTC), false},   // the first Monday
		{"cron(0 9 ? * 2#1 *)", "UTC", fired, time.Date(2026, 12, 7, 9, 0, 0, 0, time.UTC), false},     // as a number
		{"cron(0 9 ? * 6L *)", "UTC", fired, time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC), false},     // the last Friday
		{"cron(0 9 ? * L *)", "UTC", fired, time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC), false},      // Saturday
		{"cron(0/20 9 L * ? *)", "UTC", fired, time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC), false},   // the last day
		{"cron(0 9 1W DEC ? 2026)", "UTC", fired, time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC), false}, // the nearest workday
		{"cron(0 9 1 1 ? 2026)", "UTC", fired, time.Time{}, false},                                     // never more
		{"cron(30 2 29 3 ? 2026-2032)", "Europe/Berlin", time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC), // which has no such
			time.Date(2027, 3, 29, 0, 30, 0, 0, time.UTC), false},
		{"cron(0 12 * *)", "UTC", fired, time.Time{}, true},
		{"every hour", "UTC", fired, time.Time{}, true},
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

func TestARecurringScheduleRunsBetweenItsDates(t *testing.T) {
	start := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, expression := range []string{"rate(1 hour)", "cron(0 * * * ? *)"} {
		s := cloud.Schedule{Expression: expression, Timezone: "UTC", Created: float64(start.Add(-100 * time.Hour).Unix()),
			StartDate: float64(start.Unix()), EndDate: float64(start.Add(90 * time.Minute).Unix())}
		var last time.Time
		for _, want := range []time.Time{start, start.Add(time.Hour), {}} {
			got, err := nextTime(s, last)
			if err != nil || !got.Equal(want) {
				t.Errorf("%s after %v: %v, %v, want %v", expression, last, got, err, want)
			}
			last = got
		}
	}
}

func TestAnInputHasItsContextAttributesReplaced(t *testing.T) {
	s := cloud.Schedule{ARN: "arn:aws:scheduler:us-east-1:123456789012:schedule/g/s", Name: "s"}
	s.Target.Input = `{"a":"<aws.scheduler.schedule-arn> <aws.scheduler.scheduled-time> <aws.scheduler.execution-id> <aws.scheduler.attempt-number> <b>"}`
	due := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	if got, want := inputOf(s, "e-1", due, 2), `{"a":"`+s.ARN+` 2026-11-22T12:00:00Z e-1 2 <b>"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	s.Target.Input = ""
	want := `{"account":"123456789012","detail":"{}","detail-type":"Scheduled Event","id":"e-1","region":"us-east-1","resources":["` + s.ARN +
		`"],"source":"aws.scheduler","time":"2026-11-22T12:00:00Z","version":"0"}`
	if got := inputOf(s, "e-1", due, 1); got != want {
		t.Errorf("without input: got %s, want %s", got, want)
	}
}
