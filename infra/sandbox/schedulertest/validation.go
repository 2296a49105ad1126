package schedulertest

import (
	"encoding/json"
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
)

// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html and API_Target, API_RetryPolicy,
// API_DeadLetterConfig
var (
	nameShape     = regexp.MustCompile(`^[0-9a-zA-Z-_.]{1,64}$`)
	keyShape      = regexp.MustCompile(`^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)/[0-9a-zA-Z-_]+$`)
	roleShape     = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$`)
	functionShape = regexp.MustCompile(`^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[a-zA-Z0-9-_]+$`)
	queueShape    = regexp.MustCompile(`^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[a-zA-Z0-9-_]+$`) // no FIFO queue
)

const (
	maxDescription = 512
	maxInput       = 256 << 10
)

// invalid lists what is wrong with a schedule, but for its time.
func invalid(s *schedule) (problems []string) {
	add := func(broken bool, problem string) {
		if broken {
			problems = append(problems, problem)
		}
	}
	add(!nameShape.MatchString(aws.ToString(s.Name)), "Name must match "+nameShape.String())
	add(utf8.RuneCountInString(aws.ToString(s.Description)) > maxDescription, "Description has more than 512 characters")
	add(s.FlexibleTimeWindow == nil || s.FlexibleTimeWindow.Mode != types.FlexibleTimeWindowModeOff,
		"FlexibleTimeWindow must be OFF")
	add(aws.ToString(s.ScheduleExpressionTimezone) != "UTC", "the time zone must be UTC")
	add(s.KmsKeyArn != nil && !keyShape.MatchString(*s.KmsKeyArn), "KmsKeyArn must match "+keyShape.String())
	add(!slices.Contains(s.State.Values(), s.State), "State must be ENABLED or DISABLED")
	t := s.Target
	if t == nil {
		return append(problems, "Target is null")
	}
	add(!functionShape.MatchString(aws.ToString(t.Arn)), "Target.Arn must match "+functionShape.String())
	add(!roleShape.MatchString(aws.ToString(t.RoleArn)), "Target.RoleArn must match "+roleShape.String())
	add(!json.Valid([]byte(aws.ToString(t.Input))), "Target.Input must be well-formed JSON")
	add(len(aws.ToString(t.Input)) > maxInput, "Target.Input has more than 256 KB")
	add(t.DeadLetterConfig != nil && !queueShape.MatchString(aws.ToString(t.DeadLetterConfig.Arn)),
		"DeadLetterConfig.Arn must match "+queueShape.String())
	if r := t.RetryPolicy; r != nil {
		age, attempts := aws.ToInt32(r.MaximumEventAgeInSeconds), aws.ToInt32(r.MaximumRetryAttempts)
		add(age < 60 || age > 86400, "MaximumEventAgeInSeconds must be 60 to 86400")
		add(attempts < 0 || attempts > 185, "MaximumRetryAttempts must be 0 to 185")
	}
	return problems
}
