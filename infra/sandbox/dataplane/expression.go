package dataplane

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"scheduled-messages/infra/sandbox/cloud"
)

// oneOff tells whether a schedule fires once.
func oneOff(s cloud.Schedule) bool { return strings.HasPrefix(s.Expression, "at(") }

// nextTime is when a schedule is due after it was fired last (zero: never). It is zero for one that is done. A rate
// begins at once. This system has no cron expressions.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
func nextTime(s cloud.Schedule, last time.Time) (time.Time, error) {
	if oneOff(s) {
		at, err := parseAt(s.Expression, s.Timezone)
		if err != nil || !last.IsZero() {
			return time.Time{}, err
		}
		return at, nil
	}
	period, err := parseRate(s.Expression)
	if err != nil {
		return time.Time{}, err
	}
	if last.IsZero() {
		return time.Unix(int64(s.Created), 0), nil
	}
	return last.Add(period), nil
}

// lastTime is what counts as fired once a time that was due has been. A rate whose times have passed unseen fires once
// for all of them.
func lastTime(s cloud.Schedule, due, now time.Time) time.Time {
	period, err := parseRate(s.Expression)
	if err != nil || oneOff(s) {
		return due
	}
	return due.Add(now.Sub(due) / period * period)
}

// parseAt reads at(2026-01-02T15:04:05) in a time zone.
func parseAt(expression, zone string) (time.Time, error) {
	location, err := time.LoadLocation(zone)
	if err != nil {
		return time.Time{}, err
	}
	text, ok := strings.CutSuffix(strings.TrimPrefix(expression, "at("), ")")
	if !ok {
		return time.Time{}, fmt.Errorf("%q is no time", expression)
	}
	return time.ParseInLocation("2006-01-02T15:04:05", text, location)
}

// parseRate reads rate(1 hour).
func parseRate(expression string) (time.Duration, error) {
	text, begins := strings.CutPrefix(expression, "rate(")
	text, ends := strings.CutSuffix(text, ")")
	count, unit, _ := strings.Cut(text, " ")
	n, err := strconv.Atoi(count)
	units := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
	one := units[strings.TrimSuffix(unit, "s")]
	if !begins || !ends || err != nil || n < 1 || one == 0 {
		return 0, errors.New("the sandbox knows at(...) and rate(...), not " + expression)
	}
	return time.Duration(n) * one, nil
}
