// Package schedulertest stands in for EventBridge Scheduler in tests of what calls it: as strict as AWS's documentation, and
// where that leaves something open, as its least convenient reading. Its time is the test's.
package schedulertest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"scheduled-messages/lambda/contract"
)

// Fake is one schedule group. Its methods are those of the SDK's client.
type Fake struct {
	Group string
	Now   func() time.Time
	// Quota is how many calls of one operation it takes within a second; 0 is no limit.
	Quota int

	mu        sync.Mutex
	schedules map[string]*schedule
	leaving   []Firing // of schedules that were changed or deleted just before their time
	calls     map[string]int
	recent    map[string][]time.Time
}

// option is one of the SDK's.
type option = func(*scheduler.Options)

type schedule struct {
	scheduler.GetScheduleOutput
	at    time.Time
	fired bool
}

// New makes an empty group.
func New(group string, now func() time.Time) *Fake {
	return &Fake{
		Group: group, Now: now, schedules: map[string]*schedule{}, calls: map[string]int{}, recent: map[string][]time.Time{},
	}
}

// CreateSchedule refuses a name that is taken, also by a schedule that was invoked.
func (f *Fake) CreateSchedule(_ context.Context, in *scheduler.CreateScheduleInput, _ ...option) (
	*scheduler.CreateScheduleOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := schedule{GetScheduleOutput: scheduler.GetScheduleOutput{
		Name: in.Name, GroupName: in.GroupName, Description: in.Description, ScheduleExpression: in.ScheduleExpression,
		ScheduleExpressionTimezone: in.ScheduleExpressionTimezone, FlexibleTimeWindow: in.FlexibleTimeWindow, Target: in.Target,
		ActionAfterCompletion: in.ActionAfterCompletion, KmsKeyArn: in.KmsKeyArn, State: in.State, CreationDate: aws.Time(f.Now()),
	}}
	if err := f.admit("CreateSchedule", in.GroupName, &s); err != nil {
		return nil, err
	}
	name := aws.ToString(in.Name)
	if f.schedules[name] != nil {
		return nil, &types.ConflictException{Message: aws.String("Schedule " + name + " already exists.")}
	}
	f.schedules[name] = &s
	return &scheduler.CreateScheduleOutput{}, nil
}

// UpdateSchedule replaces an entire schedule, which will be invoked again if it was.
func (f *Fake) UpdateSchedule(_ context.Context, in *scheduler.UpdateScheduleInput, _ ...option) (
	*scheduler.UpdateScheduleOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := schedule{GetScheduleOutput: scheduler.GetScheduleOutput{
		Name: in.Name, GroupName: in.GroupName, Description: in.Description, ScheduleExpression: in.ScheduleExpression,
		ScheduleExpressionTimezone: in.ScheduleExpressionTimezone, FlexibleTimeWindow: in.FlexibleTimeWindow, Target: in.Target,
		ActionAfterCompletion: in.ActionAfterCompletion, KmsKeyArn: in.KmsKeyArn, State: in.State,
	}}
	if err := f.admit("UpdateSchedule", in.GroupName, &s); err != nil {
		return nil, err
	}
	old, err := f.find(in.Name)
	if err != nil {
		return nil, err
	}
	f.leave(old)
	s.CreationDate = old.CreationDate
	f.schedules[aws.ToString(in.Name)] = &s
	return &scheduler.UpdateScheduleOutput{}, nil
}

// GetSchedule returns what was given.
func (f *Fake) GetSchedule(_ context.Context, in *scheduler.GetScheduleInput, _ ...option) (
	*scheduler.GetScheduleOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.admit("GetSchedule", in.GroupName, nil); err != nil {
		return nil, err
	}
	if !nameShape.MatchString(aws.ToString(in.Name)) {
		return nil, &types.ValidationException{Message: aws.String("Name must match " + nameShape.String())}
	}
	s, err := f.find(in.Name)
	if err != nil {
		return nil, err
	}
	out := s.GetScheduleOutput
	return &out, nil
}

// DeleteSchedule takes the name out of use.
func (f *Fake) DeleteSchedule(_ context.Context, in *scheduler.DeleteScheduleInput, _ ...option) (
	*scheduler.DeleteScheduleOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.admit("DeleteSchedule", in.GroupName, nil); err != nil {
		return nil, err
	}
	s, err := f.find(in.Name)
	if err != nil {
		return nil, err
	}
	f.leave(s)
	delete(f.schedules, aws.ToString(in.Name))
	return &scheduler.DeleteScheduleOutput{}, nil
}

func (f *Fake) find(name *string) (*schedule, error) {
	if s := f.schedules[aws.ToString(name)]; s != nil {
		return s, nil
	}
	return nil, &types.ResourceNotFoundException{Message: aws.String("Schedule " + aws.ToString(name) + " does not exist.")}
}

// admit refuses what AWS refuses of any call: another group, a schedule that is not valid, and more calls than the quota.
func (f *Fake) admit(operation string, group *string, s *schedule) error {
	now := f.Now()
	recent := slices.DeleteFunc(f.recent[operation], func(t time.Time) bool { return !t.After(now.Add(-time.Second)) })
	if f.recent[operation] = recent; f.Quota > 0 && len(recent) >= f.Quota {
		return &types.ThrottlingException{Message: aws.String("Rate exceeded")}
	}
	f.recent[operation] = append(recent, now)
	f.calls[operation]++
	if aws.ToString(group) != f.Group {
		return &types.ResourceNotFoundException{Message: aws.String("Schedule group " + aws.ToString(group) + " does not exist.")}
	}
	if s == nil {
		return nil
	}
	at, err := contract.ParseScheduleExpression(aws.ToString(s.ScheduleExpression))
	problems := invalid(s)
	if err != nil {
		problems = append(problems, "Invalid Schedule Expression "+aws.ToString(s.ScheduleExpression)+".")
	} else if !at.After(now) {
		problems = append(problems, "The schedule's time has passed.") // some report that AWS takes it
	}
	if problems != nil {
		text := fmt.Sprintf("%d validation errors: %s", len(problems), strings.Join(problems, "; "))
		return &types.ValidationException{Message: aws.String(text)}
	}
	s.at = at
	return nil
}
