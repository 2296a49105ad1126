package dataplane

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/cronexpr"

	"scheduled-messages/infra/sandbox/cloud"
)

// oneOff reports whether a schedule fires once.
func oneOff(s cloud.Schedule) bool { return strings.HasPrefix(s.Expression, "at(") }

// nextTime is when a schedule is due after it was due last (zero: never). It is zero for one that is completed. The first time
// of a rate is its start date or, without one, its creation.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
func nextTime(s cloud.Schedule, last time.Time) (time.Time, error) {
	location, err := time.LoadLocation(s.Timezone)
	if err != nil {
		return time.Time{}, err
	}
	var due time.Time
	switch kind, text := cut(s.Expression); kind {
	case "at":
		due, err = time.ParseInLocation("2006-01-02T15:04:05", text, location)
		if !last.IsZero() {
			due = time.Time{}
		}
		return due, err // the start and the end date are for the others
	case "rate":
		var period time.Duration
		period, err = parseRate(text)
		due = last.Add(period)
		if last.IsZero() {
			due = fromUnix(max(s.Created, s.StartDate))
		}
	case "cron":
		var expression *cronexpr.Expression
		if expression, err = parseCron(text); err == nil {
			after := fromUnix(max(s.Created, s.StartDate)).Add(-time.Second) // the start itself counts
			if !last.IsZero() {
				after = last
			}
			due = expression.Next(after.In(location))
		}
	default:
		err = fmt.Errorf("%q is no schedule expression", s.Expression)
	}
	if err != nil || s.EndDate > 0 && due.After(fromUnix(s.EndDate)) {
		return time.Time{}, err
	}
	return due, nil
}

// lastTime is what counts as fired once a time that was due has been. A schedule whose times have passed unseen fires once for
// all of them.
func lastTime(s cloud.Schedule, due, now time.Time) time.Time {
	for range 100_000 { // two months of minutes
		next, err := nextTime(s, due)
		if err != nil || next.IsZero() || next.After(now) {
			break
		}
		due = next
	}
	return due
}

// cut splits kind(text).
func cut(expression string) (kind, text string) {
	kind, rest, _ := strings.Cut(expression, "(")
	text, closed := strings.CutSuffix(rest, ")")
	if !closed {
		return "", ""
	}
	return kind, text
}

// parseRate reads a value and a unit, such as 1 hour.
func parseRate(text string) (time.Duration, error) {
	count, unit, _ := strings.Cut(text, " ")
	n, err := strconv.Atoi(count)
	units := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
	one := units[strings.TrimSuffix(unit, "s")]
	if err != nil || n < 1 || one == 0 {
		return 0, errors.New("no rate: " + text)
	}
	return time.Duration(n) * one, nil
}

var weekday = regexp.MustCompile(`[1-7]`)

// parseCron reads AWS's six fields, whose days of the week begin with 1 for Sunday, where the package's begin with 0.
func parseCron(text string) (*cronexpr.Expression, error) {
	fields := strings.Fields(text)
	if len(fields) != 6 {
		return nil, fmt.Errorf("a cron expression has six fields: %s", text)
	}
	days, rank, ranked := strings.Cut(fields[4], "#")
	days, step, stepped := strings.Cut(days, "/")
	days = weekday.ReplaceAllStringFunc(days, func(day string) string { return string(day[0] - 1) })
	if days == "L" {
		days = "6" // the last day of the week
	}
	if stepped {
		days += "/" + step
	}
	if ranked {
		days += "#" + rank
	}
	fields[4] = days
	return cronexpr.Parse(strings.Join(fields, " "))
}

func fromUnix(seconds float64) time.Time { return time.Unix(int64(seconds), 0) }
