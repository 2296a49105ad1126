package contract

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// The names of schedules that follow a row. They share a group with those that backends make themselves.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html: 1 to 64 of [0-9a-zA-Z-_.]
const (
	readablePrefix = "row-"
	hashedPrefix   = "row."
	maxReadable    = 64 - len(readablePrefix)
)

// SchedulePrefixes begin the names of schedules that follow a row, and no others.
var SchedulePrefixes = []string{readablePrefix, hashedPrefix}

var readableID = regexp.MustCompile(`^[0-9A-Za-z_.-]+$`)

// ScheduleName is the name of a message's schedule: the id itself behind a prefix where Scheduler takes it, and otherwise
// 240 bits of its hash behind another prefix. No two ids have one name.
func ScheduleName(id string) string {
	if len(id) <= maxReadable && readableID.MatchString(id) {
		return readablePrefix + id
	}
	sum := sha256.Sum256([]byte(id))
	return hashedPrefix + hex.EncodeToString(sum[:30])
}

// ScheduleExpression is a time as Scheduler's one-time expressions have it, to the second below.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#one-time
func ScheduleExpression(at time.Time) string { return "at(" + at.UTC().Format(scheduleTime) + ")" }

const scheduleTime = "2006-01-02T15:04:05"

// ParseScheduleExpression reads a one-time expression in UTC.
func ParseScheduleExpression(text string) (time.Time, error) {
	inside, opens := strings.CutPrefix(text, "at(")
	inside, ends := strings.CutSuffix(inside, ")")
	if !opens || !ends {
		return time.Time{}, fmt.Errorf("%.40q is no one-time expression", text)
	}
	return time.Parse(scheduleTime, inside)
}

// ScheduleMark is the description of a schedule that follows a row: which version of the row it was made from.
type ScheduleMark struct {
	Version time.Time // the row's updated_at
	Read    time.Time // when the row was read
}

const (
	markVersion = "outbox: version "
	markRead    = ", read "
)

// String writes the mark.
func (m ScheduleMark) String() string {
	return markVersion + m.Version.UTC().Format(time.RFC3339Nano) + markRead + m.Read.UTC().Format(time.RFC3339Nano)
}

// ParseScheduleMark reads a mark. A schedule without one belongs to somebody else.
func ParseScheduleMark(description string) (m ScheduleMark, err error) {
	text, ours := strings.CutPrefix(description, markVersion)
	version, read, both := strings.Cut(text, markRead)
	if !ours || !both {
		return m, errors.New("it has no mark of the outbox")
	}
	if m.Version, err = time.Parse(time.RFC3339Nano, version); err != nil {
		return m, err
	}
	m.Read, err = time.Parse(time.RFC3339Nano, read)
	return m, err
}
