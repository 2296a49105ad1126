package rules

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // a machine without the time zones must refuse none of them
)

const (
	apiScheduler   = "https://docs.aws.amazon.com/scheduler/latest/APIReference/"
	scheduleTypes  = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html"
	scheduleQuotas = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html"

	schedules     = "CreateSchedule UpdateSchedule"
	scheduleInput = 256 << 10
)

// A one-time schedule whose time has passed is no error: Scheduler takes it and invokes its target at once.
var scheduler = []Rule{
	{"scheduler", schedules, "ScheduleExpression", expression, "", scheduleTypes},
	{"scheduler", schedules, "ScheduleExpressionTimezone", zone, "", scheduleTypes},
	{"scheduler", schedules, "FlexibleTimeWindow", window, "", apiScheduler + "API_FlexibleTimeWindow.html"},
	{"scheduler", schedules, "Target.Arn",
		matching(`arn:aws(?:-[a-z]+)*:[a-z0-9-]+:[a-z0-9-]*:(?:\d{12})?:.+`, "Provided Arn is not in correct format."),
		"", apiScheduler + "API_Target.html"},
	{"scheduler", schedules, "Target", ownParameters, "", apiScheduler + "API_Target.html"},
	{"scheduler", schedules, "Target", jsonInput, "", apiScheduler + "API_Target.html"},
	{"scheduler", schedules, "Target.Input", size(scheduleInput), "", scheduleQuotas},
	{"scheduler", schedules, "", dates, "", apiScheduler + "API_CreateSchedule.html"},
}

var (
	// The fields of a cron expression. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
	minutes     = cronField(`[0-5]?\d`, ``)
	hours       = cronField(`[01]?\d|2[0-3]`, ``)
	daysOfMonth = cronField(`0?[1-9]|[12]\d|3[01]`, `\?|L|LW|\d{1,2}W`)
	months      = cronField(`0?[1-9]|1[0-2]|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)`, ``)
	daysOfWeek  = cronField(`[1-7]|(?i:sun|mon|tue|wed|thu|fri|sat)`, `\?|[1-7]?L|(?:[1-7]|(?i:sun|mon|tue|wed|thu|fri|sat))#[1-5]`)
	years       = cronField(`19[7-9]\d|2[01]\d\d`, ``)
	sixFields   = strings.Join([]string{minutes, hours, daysOfMonth, months, daysOfWeek, years}, `\s+`)
	cron        = regexp.MustCompile(`\Acron\(` + sixFields + `\)\z`)
	oneTime     = regexp.MustCompile(`\Aat\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)\z`)
	rate        = regexp.MustCompile(`\Arate\([1-9]\d* (?:minutes?|hours?|days?)\)\z`)
)

// cronField is a list of values, ranges and steps, or one of the wildcards of its own.
func cronField(value, wildcards string) string {
	one := `(?:(?:\*|(?:` + value + `)(?:-(?:` + value + `))?)(?:/\d+)?)`
	field := one + `(?:,` + one + `)*`
	if wildcards != "" {
		field += `|` + wildcards
	}
	return `(?:` + field + `)`
}

func expression(value any) string {
	text, _ := value.(string)
	says := "Invalid Schedule Expression " + text + "."
	if at := oneTime.FindStringSubmatch(text); at != nil {
		if _, err := time.Parse("2006-01-02T15:04:05", at[1]); err != nil {
			return says
		}
		return ""
	}
	if rate.MatchString(text) {
		return ""
	}
	fields := strings.Fields(strings.TrimSuffix(strings.TrimPrefix(text, "cron("), ")"))
	if !cron.MatchString(text) || (fields[2] == "?") == (fields[4] == "?") { // exactly one of the days has to be unspecified
		return says
	}
	return ""
}

func zone(value any) string {
	name, _ := value.(string)
	if _, err := time.LoadLocation(name); err != nil || name == "Local" { // which is Go's own
		return "Invalid ScheduleExpressionTimezone " + name + "."
	}
	return ""
}

// jsonTargets are the targets whose input has to be JSON: functions, state machines and event buses.
var jsonTargets = regexp.MustCompile(
	`\Aarn:[^:]*:(?:lambda:[^:]*:\d*:function|states:[^:]*:\d*:stateMachine|events:[^:]*:\d*:event-bus)`)

func jsonInput(value any) string {
	target, _ := value.(map[string]any)
	arn, _ := target["Arn"].(string)
	input, given := target["Input"].(string)
	if given && jsonTargets.MatchString(arn) && !json.Valid([]byte(input)) {
		return fmt.Sprintf("Target.Input must be well-formed JSON for target %s.", arn)
	}
	return ""
}

// window holds that a flexible window has a length, and no other has one.
func window(value any) string {
	window, _ := value.(map[string]any)
	_, given := window["MaximumWindowInMinutes"]
	switch flexible := window["Mode"] == "FLEXIBLE"; {
	case flexible && !given:
		return "MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE."
	case !flexible && given:
		return "MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF."
	}
	return ""
}

// ownParameters holds that a function as target has no parameters of other kinds of targets.
func ownParameters(value any) string {
	target, _ := value.(map[string]any)
	if arn, _ := target["Arn"].(string); !strings.Contains(arn, ":lambda:") {
		return ""
	}
	others := []string{
		"EcsParameters", "EventBridgeParameters", "KinesisParameters", "SageMakerPipelineParameters", "SqsParameters",
	}
	for _, name := range others {
		if target[name] != nil {
			return name + " must not be provided for an AWS Lambda target."
		}
	}
	return ""
}

// dates holds the time between which a recurring schedule runs.
func dates(value any) string {
	input, _ := value.(map[string]any)
	if text, _ := input["ScheduleExpression"].(string); strings.HasPrefix(text, "at(") {
		return "" // ignored
	}
	start, given := input["StartDate"].(time.Time)
	end, both := input["EndDate"].(time.Time)
	switch {
	case given && start.Before(time.Now().Add(-5*time.Minute)):
		return "The StartDate you specify cannot be earlier than 5 minutes ago."
	case given && both && !start.Before(end):
		return "The StartDate you specify must come before the EndDate."
	}
	return ""
}
